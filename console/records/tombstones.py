"""What is left of sessions that were deleted: who, when, why, and the head that they had.

<root>/deleted.jsonl    a line of JSON each, under a chain (see chained.py)
"""

from pathlib import Path
from typing import Final

import msgspec

from console.records.chained import chained_lines, read_lines
from console.records.durable import write_whole
from console.records.loading import LONGEST_BOOK, load

BOOK_NAME: Final = "deleted.jsonl"
NOTE_NAME: Final = "deleted.json"
"""In the folder of what is leaving the store: its tombstones, until they are in the book."""


class Tombstone(msgspec.Struct, frozen=True):
    """A session that was deleted at `wall` (ISO 8601) by `who`, and `why`; `head`: of its last
    journal, hex; `entries`: how many it had."""

    id: str
    wall: str
    who: str
    why: str
    head: str
    entries: int
    simulated: bool


class Tombstones(msgspec.Struct, frozen=True):
    """Those that were found, oldest first. `damaged`: lines that are none or were changed."""

    found: tuple[Tombstone, ...] = ()
    damaged: int = 0


def read_tombstones(root: Path) -> Tombstones:
    """Those of the store at `root`; none where there is no book. OSError."""
    found: list[Tombstone] = []
    damaged = 0
    for line in read_lines(_bytes(root)).found:
        try:
            found.append(msgspec.json.decode(line.body, type=Tombstone))
        except (msgspec.DecodeError, UnicodeDecodeError):
            damaged += 1
        else:
            damaged += not line.sound
    return Tombstones(tuple(found), damaged)


def leave_note(folder: Path, tombstones: list[Tombstone]) -> None:
    """Puts tombstones beside the sessions in `folder` that are about to leave. OSError."""
    write_whole({folder / NOTE_NAME: msgspec.json.encode(tombstones)})


def bury(root: Path, folder: Path) -> None:
    """The tombstones that stand in `folder` come into the book, each once. OSError."""
    try:
        new = msgspec.json.decode(load(folder / NOTE_NAME, LONGEST_BOOK), type=list[Tombstone])
    except FileNotFoundError:
        return
    there = read_tombstones(root).found
    missing = [each for each in new if each not in there]
    before = _bytes(root)
    added, _ = chained_lines(read_lines(before).chain, map(msgspec.json.encode, missing))
    if added:
        write_whole({root / BOOK_NAME: before + added})


def _bytes(root: Path) -> bytes:
    try:
        return load(root / BOOK_NAME, LONGEST_BOOK)
    except FileNotFoundError:
        return b""

"""The heads of all sessions, to keep elsewhere, and what has become of them since.

20261121-094210-7f3a 5e0c...      a line each, in the order of the sessions' names
"""

import re
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from console.records.loading import load
from console.records.session import read_session
from console.records.store import Store
from console.records.tombstones import read_tombstones

LONGEST: Final = 50_000_000
_LINE: Final = re.compile(r"([0-9]{8}-[0-9]{6}-[0-9a-f]{4}) ([0-9a-f]{64})")


class NoHeadsError(Exception):
    """A file that holds no heads; one line that says where."""


class Since(StrEnum):
    """What has become of a head that was kept elsewhere."""

    SAME = "same"
    AMENDED = "went on"
    DELETED = "deleted"
    MISSING = "missing"
    CHANGED = "changed"


class Head(msgspec.Struct, frozen=True):
    """The head of a session, hex; `since`: beside one that was kept elsewhere."""

    id: str
    head: str
    since: Since | None = None

    @property
    def good(self) -> bool:
        """Whether nothing was lost or changed."""
        return self.since not in (Since.MISSING, Since.CHANGED)


def heads(store: Store) -> list[Head]:
    """Those of all sessions that can be read, oldest first. OSError."""
    return [Head(id, _heads(store, id)[-1]) for id in _ids(store)]


def as_lines(found: list[Head]) -> str:
    """The heads as they are kept elsewhere."""
    return "".join(f"{each.id} {each.head}\n" for each in found)


def compared(store: Store, path: Path) -> list[Head]:
    """The heads that the file at `path` holds, and what has become of each. NoHeadsError,
    OSError."""
    kept = []
    try:
        text = load(path, LONGEST).decode("ascii")
    except UnicodeDecodeError as error:
        raise NoHeadsError(f"{path}: holds no heads: {error.reason}") from None
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise NoHeadsError(f"{path}, line {number}: not an id and a head of 64 hex digits")
        kept.append(Head(found[1], found[2]))
    there = set(_ids(store))
    gone = {each.id: each.head for each in read_tombstones(store.root).found}
    return [
        Head(each.id, each.head, _since(store, each, there=each.id in there, gone=gone))
        for each in kept
    ]


def _since(store: Store, kept: Head, *, there: bool, gone: dict[str, str]) -> Since:
    if not there:
        return Since.DELETED if gone.get(kept.id) == kept.head else Since.MISSING
    now = _heads(store, kept.id)
    if kept.head not in now:
        return Since.CHANGED
    return Since.SAME if kept.head == now[-1] else Since.AMENDED


def _ids(store: Store) -> list[str]:
    return sorted(each.name for each in store.folders())


def _heads(store: Store, id: str) -> list[str]:
    """Of each of its journals; one empty word where it cannot be read."""
    try:
        return [each.head for each in read_session(store.root / id).journals]
    except OSError:
        return [""]

"""The alarm book: every alarm of every run, on disk beside the sessions, for people to look back
and so that what only an engineer may clear outlives restarts.

    <root>/alarms.jsonl     a line of JSON an entry, under a chain (see chained.py); lines are
                            appended and synced, and never changed

A line that a crash has torn is no entry, and the next one begins on a line of its own. A release
counts only where nothing shows that its line was changed.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from console.model.alarm import Alarm, AlarmEntry, AlarmTurn, Kept
from console.records.background import Background
from console.records.chained import Lines, chained_lines, read_lines
from console.records.durable import FILE_MODE, make_folder, sync_file, sync_folder, write_whole
from console.records.loading import LONGEST_BOOK, load

BOOK_NAME: Final = "alarms.jsonl"
REMEMBERED: Final = 2_000
"""Entries that are given to the screen at the start; all stay on disk."""

_decoder = msgspec.json.Decoder(AlarmEntry)


class BookRead(msgspec.Struct, frozen=True):
    """What a book holds, oldest first. `damaged`: lines that are no entries or were changed; of a
    release that was changed there is none here."""

    entries: tuple[AlarmEntry, ...] = ()
    damaged: int = 0

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What stays with each console until an engineer releases it."""
        stands: dict[tuple[str, str], Kept] = {}
        for entry in self.entries:
            key = (entry.console, entry.alarm.id)
            if entry.turn is AlarmTurn.RELEASED:
                stands.pop(key, None)
            elif entry.turn is AlarmTurn.RAISED and entry.alarm.engineer and entry.console:
                stands[key] = Kept(entry.console, entry.alarm)
        return tuple(stands.values())


def read_book(root: Path) -> BookRead:
    """The book of the records in `root`; empty where there is none yet. OSError."""
    return _entries(read_lines(_bytes(root)))


def _bytes(root: Path) -> bytes:
    try:
        return load(root / BOOK_NAME, LONGEST_BOOK)
    except FileNotFoundError:
        return b""


def _entries(lines: Lines) -> BookRead:
    found: list[AlarmEntry] = []
    damaged = 0
    for line in lines.found:
        try:
            entry = _decoder.decode(line.body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            damaged += 1
            continue
        damaged += not line.sound
        if line.sound or entry.turn is not AlarmTurn.RELEASED:
            found.append(entry)
    return BookRead(tuple(found), damaged)


def add_whole(root: Path, entries: Sequence[AlarmEntry]) -> None:
    """Adds these entries, numbered here, all or none. The store's lock is held, and no AlarmBook
    keeps the book. OSError."""
    before = _bytes(root)
    if before and not before.endswith(b"\n"):
        before += b"\n"
    lines = read_lines(before)
    first = _next_number(_entries(lines))
    numbered = [
        msgspec.structs.replace(entry, number=number) for number, entry in enumerate(entries, first)
    ]
    added, _ = chained_lines(lines.chain, map(msgspec.json.encode, numbered))
    write_whole({root / BOOK_NAME: before + added})


def _next_number(read: BookRead) -> int:
    return max((entry.number for entry in read.entries), default=0) + 1


class AlarmBook:
    """Keeps the book in `root`. One process at a time, which holds the store's lock.

    `read` is what it held at the start. `put` and `fresh` never block and never raise: a thread
    writes. What could not be read or written is told by `on_failed`, once; from then on the book
    is kept in memory alone.
    """

    def __init__(self, root: Path, on_failed: Callable[[str], None]) -> None:
        self._path = root / BOOK_NAME
        self._on_failed = on_failed
        self._failed = False
        self._numbering = threading.Lock()
        lines = read_lines(b"")
        try:
            make_folder(root)
            self._begin()
            lines = read_lines(_bytes(root))
        except OSError as error:
            self._fail(error)
        self.read = _entries(lines)
        self._chain = lines.chain
        self._number = _next_number(self.read) - 1
        self._fresh = deque(self.read.entries, maxlen=REMEMBERED)
        self._writer = Background("alarm book", self._write)

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What stayed with each console, by what it held at the start."""
        return self.read.kept

    @property
    def damage(self) -> str | None:
        """What is wrong with what it held at the start, in words; None when nothing is."""
        count = self.read.damaged
        if not count:
            return None
        lines = "1 line of it was" if count == 1 else f"{count} lines of it were"
        return (
            f"The alarm book {self._path} is damaged: {lines} changed or cut off. What the records "
            "of sessions hold still stands; see cryoprobe alarms list."
        )

    def put(
        self, wall: str, console: str, turn: AlarmTurn, alarm: Alarm, words: str = ""
    ) -> AlarmEntry:
        """Takes an entry; it is on disk soon after."""
        with self._numbering:
            self._number += 1
            entry = AlarmEntry(self._number, wall, console, turn, alarm, words)
            self._fresh.append(entry)
            self._writer.put(entry)
        return entry

    def fresh(self) -> tuple[AlarmEntry, ...]:
        """What has come since the last call; at the first one, what earlier runs have left too."""
        with self._numbering:
            found = tuple(self._fresh)
            self._fresh.clear()
            return found

    def close(self, within_s: float = 5.0) -> bool:
        """Waits until everything put is on disk; whether it is."""
        return self._writer.close(within_s) and not self._failed

    def _begin(self) -> None:
        """Makes the file where there is none, and ends a line that was torn."""
        new = not self._path.exists()
        self._append(b"" if new or _whole(self._path) else b"\n")
        if new:
            sync_folder(self._path.parent)

    def _append(self, data: bytes) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._path, flags, FILE_MODE)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        finally:
            os.close(descriptor)
        sync_file(self._path)

    def _write(self, batch: list[AlarmEntry]) -> None:
        if self._failed:
            return
        try:
            lines, self._chain = chained_lines(self._chain, map(msgspec.json.encode, batch))
            self._append(lines)
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        self._failed = True
        self._on_failed(f"the alarm book {self._path}: {error.strerror or error}")


def _whole(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"

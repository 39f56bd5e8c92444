"""The alarm book: every alarm of every run, on disk beside the sessions, for people to look back
and so that what only an engineer may clear outlives restarts.

    <root>/alarms.jsonl     a line of JSON an entry, appended and synced; never rewritten

A line that a crash has torn is no entry, and the next one begins on a line of its own.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import msgspec

from console.model.alarm import Alarm, AlarmEntry, AlarmTurn, Kept
from console.records.background import Background
from console.records.durable import FILE_MODE, make_folder, sync_file, sync_folder

BOOK_NAME: Final = "alarms.jsonl"
REMEMBERED: Final = 2_000
"""Entries that are given to the screen at the start; all stay on disk."""

_decoder = msgspec.json.Decoder(AlarmEntry)


class BookRead(msgspec.Struct, frozen=True):
    """What a book holds, oldest first. `unread`: lines that are no entries."""

    entries: tuple[AlarmEntry, ...] = ()
    unread: int = 0

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
    try:
        lines = (root / BOOK_NAME).read_bytes().splitlines()
    except FileNotFoundError:
        return BookRead()
    found: list[AlarmEntry] = []
    for line in lines:
        try:
            found.append(_decoder.decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return BookRead(tuple(found), sum(map(bool, lines)) - len(found))


class AlarmBook:
    """Keeps the book in `root`. One process at a time, which holds the store's lock.

    `put` and `fresh` never block and never raise: a thread writes. What could not be read or
    written is told by `on_failed`, once; from then on the book is kept in memory alone.
    """

    def __init__(self, root: Path, on_failed: Callable[[str], None]) -> None:
        self._path = root / BOOK_NAME
        self._on_failed = on_failed
        self._failed = False
        self._numbering = threading.Lock()
        read = BookRead()
        try:
            make_folder(root)
            read = read_book(root)
            self._begin()
        except OSError as error:
            self._fail(error)
        self.kept = read.kept
        self._number = max((entry.number for entry in read.entries), default=0)
        self._fresh = deque(read.entries, maxlen=REMEMBERED)
        self._writer = Background("alarm book", self._write)

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
            self._append(_lines(batch))
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        self._failed = True
        self._on_failed(f"the alarm book {self._path}: {error.strerror or error}")


def _lines(entries: Iterable[AlarmEntry]) -> bytes:
    return b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)


def _whole(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"

"""What the recorder does with entries, whichever thread it does it in."""

import shutil
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from console.model.quantities import number, plain
from console.records.durable import DiskFile, JournalFile
from console.records.entries import AnyEntry, Header, Lost
from console.records.journal import JournalWriter

SLOW_SYNC_S: Final = 2.0
LEAST_FREE_BYTES: Final = 500_000_000
LOOK_S: Final = 5.0
"""How often the free space is looked at."""

Item = tuple[AnyEntry, int | None]


class Disk:
    """The door to the operating system; tests put another in its place."""

    def open(self, path: Path) -> JournalFile:
        """A new file at `path`; OSError."""
        return DiskFile(path)

    def free_bytes(self, folder: Path) -> int:
        """What can still be written there; OSError."""
        return shutil.disk_usage(folder).free

    def now_s(self) -> float:
        """A monotonic clock."""
        return time.monotonic()


class Keeper:
    """Owns the journal. All methods but `look_stuck` and `tell` are for one thread; none raises.
    `recording` is False after a failure and after the end; `lost` counts what is not on disk and
    never will be.

    Troubles go to `on_failed` in words, each kind once: the disk is nearly full or slow (recording
    goes on), or something was lost.
    """

    def __init__(
        self,
        path: Path,
        header: Header,
        on_durable: Callable[[int], None],
        on_failed: Callable[[str], None],
        disk: Disk,
    ) -> None:
        self.path = path
        self.head = ""
        self.entries = 0
        self.lost = 0
        self.recording = True
        self._header = header
        self._on_durable = on_durable
        self._on_failed = on_failed
        self._disk = disk
        self._writer: JournalWriter | None = None
        self._looked_s: float | None = None
        self._busy_since_s: float | None = None
        self._told: set[str] = set()
        self._telling = threading.Lock()

    def begin(self) -> None:
        """Makes the journal with its header."""
        self._busy_since_s = self._disk.now_s()
        try:
            self._writer = JournalWriter(self.path, self._header, self._disk.open)
        except (OSError, TypeError, ValueError) as error:
            self.recording = False
            where = self.path.parent
            self.tell("lost", f"No record can be begun in {where}: {_words(error)}. All is lost.")
        else:
            self._synced(self._writer)

    def keep(self, batch: Sequence[Item]) -> None:
        """Writes the batch as one group and says which tokens are on disk."""
        if self._writer is None:
            self.lost += len(batch)
            return
        self._busy_since_s = self._disk.now_s()
        for entry, _ in batch:
            self._append(self._writer, entry)
        try:
            self._writer.sync()
        except OSError as error:
            self.give_up(_words(error), len(batch))
            return
        self._synced(self._writer)
        for _, token in batch:
            if token is not None:
                self._on_durable(token)

    def end(self, reason: str) -> bool:
        """Ends the journal; True when its end is on disk."""
        self.recording = False
        if self._writer is None:
            return False
        self._busy_since_s = self._disk.now_s()
        try:
            self._writer.close(reason)
        except OSError as error:
            self.give_up(_words(error), 0)
            return False
        self._synced(self._writer)
        self._writer = None
        return True

    def give_up(self, why: str, unwritten: int) -> None:
        """Writes nothing more; `unwritten` entries went with it."""
        self.lost += unwritten
        self.recording = False
        self._busy_since_s = None
        if self._writer is not None:
            with suppress(OSError):  # the file is given up; what the disk says of it is told below
                self._writer.abandon()
            self._writer = None
        self.tell(
            "lost",
            f"Recording has stopped: {why}. The first {self.entries} entries are safe in "
            f"{self.path}, everything after them is lost.",
        )

    def look_stuck(self) -> None:
        """Tells of a disk that has not answered for SLOW_SYNC_S; for another thread to call."""
        since_s = self._busy_since_s
        if since_s is not None and self._disk.now_s() - since_s > SLOW_SYNC_S:
            self.tell("slow", f"The disk has not answered for {plain(SLOW_SYNC_S)} s.")

    def tell(self, kind: str, words: str) -> None:
        """Passes a trouble on, once for its kind."""
        with self._telling:
            if kind in self._told:
                return
            self._told.add(kind)
        self._on_failed(words)

    def _append(self, writer: JournalWriter, entry: AnyEntry) -> None:
        try:
            writer.append(entry)
        except (TypeError, ValueError) as error:
            self.lost += 1
            writer.append(Lost(getattr(entry, "now_ms", None), 1))
            kind = type(entry).__name__
            self.tell("lost", f"One entry ({kind}) could not be recorded: {_words(error)}.")

    def _synced(self, writer: JournalWriter) -> None:
        now_s = self._disk.now_s()
        took_s = now_s - (self._busy_since_s or now_s)
        self._busy_since_s = None
        self.head, self.entries = writer.head, writer.entries
        if took_s > SLOW_SYNC_S:
            self.tell("slow", f"The disk took {number(took_s)} s to store the record.")
        if self._looked_s is None or now_s - self._looked_s >= LOOK_S:
            self._looked_s = now_s
            self._look_at_space()

    def _look_at_space(self) -> None:
        try:
            free = self._disk.free_bytes(self.path.parent)
        except OSError as error:
            self.tell("space", f"How much space is left cannot be told: {_words(error)}.")
            return
        if free < LEAST_FREE_BYTES:
            self.tell(
                "space",
                f"Only {number(free / 1e6, 0)} MB are left where the records are kept, "
                f"{number(LEAST_FREE_BYTES / 1e6, 0)} MB are needed.",
            )


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)

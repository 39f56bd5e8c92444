"""A record that begins with its console: what comes before waits in memory, so that a port that
does not exist leaves no session behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from console.records.durable import remove_begun
from console.records.entries import AnyEntry, Connected
from console.records.recorder import Recorder

LONGEST_WAIT: Final = 10_000
"""Entries, some minutes: after that they wait on disk."""


class WaitingRecord:
    """What `begin` opens, a record at `path`, once a console has said who it is or an entry must be
    durable. A record that came to neither is taken away at its close."""

    def __init__(self, path: Path, begin: Callable[[], Recorder]) -> None:
        self.path = path
        self.stays = False
        self._begin = begin
        self._recorder: Recorder | None = None
        self._waiting: list[AnyEntry] = []

    @property
    def lost(self) -> int:
        """Entries that are not in the journal and will never be."""
        return 0 if self._recorder is None else self._recorder.lost

    def put(self, entry: AnyEntry, durable: int | None = None) -> None:
        """As `Recorder.put`; never blocks, never raises."""
        self.stays = self.stays or durable is not None or isinstance(entry, Connected)
        if self._recorder is None:
            if not self.stays and len(self._waiting) < LONGEST_WAIT:
                self._waiting.append(entry)
                return
            self._recorder = self._begin()
            for each in self._waiting:
                self._recorder.put(each)
            self._waiting.clear()
        self._recorder.put(entry, durable)

    def close(self, reason: str, timeout: float = 5.0) -> bool:
        """Ends the record; True when all that stays of it is on disk."""
        if self._recorder is None:
            return True
        done = self._recorder.close(reason, timeout)
        if not self.stays:
            remove_begun(self.path)
            return True
        return done

"""Writing one journal."""

from collections.abc import Callable
from pathlib import Path

from console.records.durable import DiskFile, JournalFile, remove_begun, sync_file
from console.records.entries import AnyEntry, End, Header, encoded
from console.records.format import LONGEST_GROUP, PREAMBLE, first_chain, framed, grouped


class JournalWriter:
    """A new journal at `path`. It is on disk with its header, under one seal, when this returns;
    the journal that the header names as the one before it was synced first, so that its head can
    be relied on.

    Errors of the disk are OSErrors, at the making, in `sync` and in `close`. After the first one
    nothing more is written: what a failed write or sync has left on disk is not known, and a group
    written behind it would break the chain. Whatever was synced before stays good.
    """

    def __init__(
        self, path: Path, header: Header, opener: Callable[[Path], JournalFile] = DiskFile
    ) -> None:
        self.path = path
        self.entries = 0
        self._size = 0
        self._chain = first_chain()
        self._group: list[bytes] = []
        self._group_size = 0
        self.append(header)
        if header.previous is not None:
            sync_file(path.parent / header.previous)
        self._file: JournalFile | None = opener(path)
        try:
            self._store(PREAMBLE)
        except OSError:
            remove_begun(path)
            raise

    @property
    def head(self) -> str:
        """The hash of the last synced group, hex."""
        return self._chain.hex()

    @property
    def pending(self) -> int:
        """Entries appended since the last sync."""
        return len(self._group)

    def append(self, entry: AnyEntry) -> None:
        """Takes an entry into the next group; the disk is not touched. TypeError or ValueError for
        an entry that cannot be written."""
        frame = framed(encoded(entry))
        if self._group_size + len(frame) > LONGEST_GROUP:
            raise ValueError("too much for one group: sync more often")
        self._group.append(frame)
        self._group_size += len(frame)
        self.entries += 1

    def sync(self) -> None:
        """Everything appended is on disk when this returns. Without anything to write, nothing is
        written."""
        if self._group:
            self._store(b"")

    def close(self, reason: str) -> None:
        """Syncs, ends the journal with its End entry and closes the file."""
        self.sync()
        self.append(End(self.entries, self.head, reason))
        self.sync()
        self._drop()

    def abandon(self) -> None:
        """Closes the file as it is: the journal stays without an end."""
        if self._file is not None:
            self._drop()

    def _store(self, before: bytes) -> None:
        if self._file is None:
            raise OSError(f"{self.path} was given up after an error, or is closed")
        start = self._size + len(before)
        group = grouped(self._chain, start, self._group)
        try:
            self._file.write(before + group)
            self._file.sync()
        except OSError:
            self._drop()
            raise
        self._group.clear()
        self._group_size = 0
        self._size = start + len(group)
        self._chain = group[-32:]

    def _drop(self) -> None:
        assert self._file is not None
        file, self._file = self._file, None
        file.close()

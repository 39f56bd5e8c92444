"""Reading a journal while another process writes it."""

from collections.abc import Iterator
from pathlib import Path

from console.records.entries import AnyEntry, End, Unread, decoded
from console.records.format import PREAMBLE, Broken, first_chain, next_group
from console.records.lock import is_locked
from console.records.reading import raw_entries


class Following:
    """The entries of the journal at `path`, each once, as they reach the disk: within a second of
    being put, since the writer seals a group at least that often. OSError when it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("rb", buffering=0)
        self._data = b""
        self._at = len(PREAMBLE)
        self._chain = first_chain()
        self._ended = False

    def new(self) -> list[AnyEntry | Unread]:
        """What became whole since the last call; the header is the first of all."""
        while more := self._file.read(1 << 20):
            self._data += more
        return list(self._whole())

    def over(self) -> bool:
        """Whether nothing more will come: it was closed, or nobody writes it any more."""
        return self._ended or not is_locked(self.path)

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    def _whole(self) -> Iterator[AnyEntry | Unread]:
        while self._at < len(self._data):
            group = next_group(self._data, self._at, self._chain)
            if isinstance(group, Broken):
                return
            self._at, self._chain = group.end, group.chain
            for offset, body in raw_entries(self._data, (group,)):
                entry = decoded(offset, body)
                self._ended = self._ended or isinstance(entry, End)
                yield entry

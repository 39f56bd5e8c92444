"""A journal of one entry, in which nothing ran: an amendment, a mapping visit. It is made in memory
and then written whole, so that it stands with its end or not at all."""

from errno import EEXIST
from pathlib import Path

from console.records.durable import write_whole
from console.records.entries import AnyEntry, Header
from console.records.journal import JournalWriter
from console.records.names import journal_name
from console.records.store import Place


def written_alone(place: Place, reason: str, wall: str, program: str, entry: AnyEntry) -> Path:
    """The journal at `place`, begun and closed for `reason`, and on disk; after an OSError there is
    none."""
    header = Header(
        session=place.session,
        number=place.number,
        reason=reason,
        started=wall,
        now_ms=0.0,
        program=program,
        rules_hash="",
        thresholds={},
        port="",
        previous=place.previous,
        previous_head=place.previous_head,
    )
    path = place.directory / journal_name(place.number)
    if path.exists():
        raise FileExistsError(EEXIST, "is there already", str(path))
    file = _Memory()
    writer = JournalWriter(path, header, lambda _: file)
    writer.append(entry)
    writer.close(reason)
    write_whole({path: bytes(file.data)})
    return path


class _Memory:
    """A journal's file before it is one."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        """Appends all of `data`."""
        self.data += data

    def sync(self) -> None:
        """It is synced as a whole later."""

    def close(self) -> None:
        """Nothing is held."""

"""A journal of one entry, in which nothing ran: an amendment, a mapping visit."""

from pathlib import Path

from console.records.entries import AnyEntry, Header
from console.records.journal import JournalWriter
from console.records.names import journal_name
from console.records.store import Place


def written_alone(place: Place, reason: str, wall: str, program: str, entry: AnyEntry) -> Path:
    """The journal at `place`, begun and closed for `reason`, and on disk. OSError."""
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
    writer = JournalWriter(path, header)
    writer.append(entry)
    writer.close(reason)
    return path

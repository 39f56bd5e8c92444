"""Adding to a session that has ended: who, when, why. Nothing of it is overwritten: what is added
is a journal of its own at the end of the chain, under the same hashes."""

from datetime import datetime
from pathlib import Path

from console.records.entries import AMENDMENT, Amended, Header
from console.records.journal import JournalWriter
from console.records.names import journal_name
from console.records.store import Store

LONGEST: int = 10_000
"""Characters of an amendment: some pages."""


class CannotAmendError(Exception):
    """Nothing was added; one line that says why."""


def amend(
    store: Store, folder: Path, who: str, why: str, text: str, *, now: datetime, program: str
) -> Path:
    """Adds `text` to the session in `folder`; the new journal, closed and on disk. `now` has its
    time zone. CannotAmendError; StoreError, as while something is recorded in this store;
    OSError."""
    for name, value in (("who", who), ("why", why), ("the text", text)):
        if not value.strip():
            raise CannotAmendError(f"{name} is empty: an amendment says who, why and what")
        if len(value) > LONGEST:
            raise CannotAmendError(f"{name} has {len(value)} characters, at most {LONGEST}")
    with store.lock():
        place = store.after(folder)
        wall = now.isoformat(timespec="seconds")
        header = Header(
            session=place.session,
            number=place.number,
            reason=AMENDMENT,
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
        writer.append(Amended(wall, who.strip(), why.strip(), text.strip()))
        writer.close(AMENDMENT)
    return path

"""Adding to a session that has ended: who, when, why. Nothing of it is overwritten: what is added
is a journal of its own at the end of the chain, under the same hashes."""

from datetime import datetime
from pathlib import Path
from typing import Final

from console.model.override import LONGEST_REASON
from console.records.alone import written_alone
from console.records.entries import AMENDMENT, Amended
from console.records.session import read_session
from console.records.store import Store
from console.records.verify import strange

LONGEST_WHO: Final = 40
LONGEST_TEXT: Final = 10_000
"""Characters of an amendment: some pages of a report."""


class CannotAmendError(Exception):
    """Nothing was added; one line that says why."""


def amend(
    store: Store, folder: Path, who: str, why: str, text: str, *, now: datetime, program: str
) -> Path:
    """Adds `text` to the session in `folder`; the new journal, closed and on disk. `now` has its
    time zone. CannotAmendError; StoreError, as while something is recorded in this store;
    OSError."""
    said = (
        ("who", who, LONGEST_WHO),
        ("why", why, LONGEST_REASON),
        ("the text", text, LONGEST_TEXT),
    )
    for name, value, most in said:
        if not value.strip():
            raise CannotAmendError(f"{name} is empty: an amendment says who, why and what")
        if len(value) > most:
            raise CannotAmendError(f"{name} has {len(value)} characters, at most {most}")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise CannotAmendError(f"{name} holds bytes that are no text (UTF-8)") from None
    with store.lock():
        strange_here = strange(read_session(folder))
        if strange_here:
            raise CannotAmendError(f"nothing can be added: {strange_here[0]}")
        place = store.after(folder)
        wall = now.isoformat(timespec="seconds")
        entry = Amended(wall, who.strip(), why.strip(), text.strip())
        return written_alone(place, AMENDMENT, wall, program, entry)

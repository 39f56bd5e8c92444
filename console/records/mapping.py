"""A mapping visit as a session of its own: nothing ran in it, and its one entry holds all told."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from console.model.mapping import MappingNamed, MappingVisit, problems
from console.records.alone import written_alone
from console.records.entries import MAPPING, Mapped
from console.records.index import listed
from console.records.session import Session, read_session
from console.records.store import Store


class CannotMapError(Exception):
    """Nothing was saved; one line that says why."""


def save_mapping(
    store: Store, visit: MappingVisit, case: str, operator: str, *, now: datetime, program: str
) -> Path:
    """Keeps the visit; its folder, closed and on disk. `now` has its time zone. The store need not
    be free: the session is new, and nobody else writes in it. CannotMapError; OSError."""
    wrong = problems(visit)
    if wrong:
        raise CannotMapError(wrong[0])
    wall = now.isoformat(timespec="seconds")
    place = store.new_session(now)
    entry = Mapped(wall, case.strip(), operator.strip(), visit)
    try:
        written_alone(place, MAPPING, wall, program, entry)
    except UnicodeEncodeError:
        raise CannotMapError("it holds bytes that are no text (UTF-8)") from None
    return place.directory


def mappings(store: Store) -> list[MappingNamed]:
    """All that were kept, newest first; what cannot be read is left out. OSError when the folder
    cannot be read."""
    rows = (row for row in listed(store, MAPPING) if row["outcome"] == MAPPING)
    return [each for row in rows for each in _named(store.root / row["id"])]


def _named(folder: Path) -> Iterator[MappingNamed]:
    try:
        session = read_session(folder)
    except OSError:
        return
    found = named(session)
    if found is not None:
        yield found


def named(session: Session) -> MappingNamed | None:
    """The visit that a session keeps, None when it is another session."""
    told = session.mapped
    if told is None:
        return None
    return MappingNamed(session.id, told.wall[:10], told.case, told.visit)

"""The case that a new control process goes on with."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from console.model.device import DeviceInfo
from console.model.request import ChoosePlan
from console.records.entries import FrameIn, Happened
from console.records.names import journal_paths
from console.records.session import Session, read_session
from console.records.store import Place, Store
from console.records.walls import moment

HEADLESS: Final = "headless run"
LAST_FRAMES: Final = 40
"""About two seconds of telemetry."""


class Unfinished(msgspec.Struct, frozen=True):
    """A session that was interrupted. `progress`: the last checkpoint, as the control core wrote it
    at `progress_ms` of that process's clock; `frames`: the last good frames of the journal `path`;
    `head`: that journal's, hex; `place`: where the next journal goes; `problem`: what is wrong with
    the record, None when its whole groups can be trusted."""

    session: str
    started: str
    path: Path
    head: str
    place: Place
    progress: bytes
    progress_ms: float
    chosen: ChoosePlan | None
    device: DeviceInfo | None
    events: tuple[Happened, ...]
    frames: tuple[FrameIn, ...]
    problem: str | None


def unfinished(
    store: Store, *, now: datetime | None = None, max_age_h: float = 12.0
) -> Unfinished | None:
    """The newest session with a checkpoint and no end, written to within `max_age_h` before `now`
    (with its time zone). Left out: what a living process is writing, and headless runs, which are
    no clinical records. OSError when a journal cannot be read."""
    oldest = (datetime.now(UTC) if now is None else now) - timedelta(hours=max_age_h)
    for folder in store.folders():
        if journal_paths(folder)[-1].stat().st_mtime < oldest.timestamp():
            continue
        session = read_session(folder)
        if session.strangers:
            continue  # whose case it is cannot be told
        if not session.ended and not session.being_written and moment(session.last_wall) >= oldest:
            found = _unfinished(session, store)
            if found is not None:
                return found
    return None


def _unfinished(session: Session, store: Store) -> Unfinished | None:
    progress, chosen = session.progress, session.chosen
    if progress is None or (chosen is not None and chosen.how == HEADLESS):
        return None
    last = session.journals[-1]
    return Unfinished(
        session=session.id,
        started=session.started or "",
        path=last.path,
        head=last.head,
        place=store.after(session.path),
        progress=progress.state,
        progress_ms=progress.now_ms,
        chosen=chosen,
        device=session.device,
        events=session.events,
        frames=tuple(session.ran[-1].of(FrameIn))[-LAST_FRAMES:],
        problem=next((each.problem for each in session.journals if each.problem), None),
    )

"""Deleting a session: one in which nobody was treated, and never without a trace of it."""

from datetime import datetime
from pathlib import Path

from console.model.override import LONGEST_REASON
from console.records import moving
from console.records.alarm_book import read_book
from console.records.amend import LONGEST_WHO
from console.records.entries import FrameIn, Lost
from console.records.session import Session, read_session
from console.records.standing import unanswered, witnesses
from console.records.store import Store
from console.records.tombstones import Tombstone
from console.records.verify import verdict_of
from drivers.link.codes import Actuator
from drivers.link.frame import Flaw, decode
from drivers.link.messages import Telemetry, read

_ON = Actuator.VALVE_OPEN | Actuator.STIMULATOR_ON


class CannotDeleteError(Exception):
    """Nothing was deleted; one line that says why."""


def delete(store: Store, folder: Path, who: str, why: str, now: datetime) -> Tombstone:
    """Deletes the session in `folder` and leaves its tombstone. `now` has its time zone.
    CannotDeleteError for one in which the gas valve or the stimulator was ever on, unless it was
    simulated; StoreError, as while something is recorded; OSError: then it is all there."""
    for name, value, most in (("who", who, LONGEST_WHO), ("why", why, LONGEST_REASON)):
        if not 0 < len(value.strip()) <= most:
            raise CannotDeleteError(f"{name}: from 1 to {most} characters")
    with store.lock():
        session = read_session(folder)
        reason = _kept_because(store, session)
        if reason is not None:
            raise CannotDeleteError(f"{folder.name} is kept: {reason}")
        verdict = verdict_of(session)
        tombstone = Tombstone(
            session.id, now.isoformat(timespec="seconds"), who.strip(), why.strip(), verdict.head,
            verdict.entries, session.simulated,
        )  # fmt: skip
        moving.take_out(store.root, [folder], [tombstone])
    return tombstone


def _kept_because(store: Store, session: Session) -> str | None:
    if session.being_written:
        return "it is being recorded"
    if unanswered(read_book(store.root), witnesses(store), session.id):
        return "it is the witness of an alarm, and an engineer must release that console first"
    if session.simulated and not session.strangers:
        return None
    problem = verdict_of(session).problem
    if problem is not None:
        return f"what happened in it cannot be told: {problem}"
    if next(session.of(Lost), None) is not None:
        return "what happened in it cannot be told: entries were lost"
    if any(_on(entry) for entry in session.of(FrameIn)):
        return "the gas valve or the stimulator was on in it, and it was not simulated"
    return None


def _on(entry: FrameIn) -> bool:
    frame = decode(entry.raw)
    message = None if isinstance(frame, Flaw) else read(frame)
    return isinstance(message, Telemetry) and bool(message.actuators & _ON)

"""What follows from the device while nothing is on its way or runs there: a line of the check
judges itself, the next freeze starts by itself, the probe is free, or is so no longer."""

from typing import Final

import msgspec

from console.model.event import Event, EventKind
from console.model.snapshot import Phase
from console.procedure import console_check
from console.procedure.freeze_rows import begin, start_blocked
from console.procedure.row import Outcome
from console.procedure.situation import EVERYWHERE, QUIET, S
from console.procedure.state import Note, Persist, Procedure
from console.procedure.stopped import stop_noted
from console.procedure.thaw import starts_by_itself, thaw_open
from console.procedure.transition import H, Seen, Stop, Transition, always


def _judged(proc: Procedure, what: Seen) -> Outcome:
    return console_check.judged(proc, what.now)


def _is_due(proc: Procedure, what: Seen) -> bool:
    return starts_by_itself(proc) and thaw_open(proc, what.now) is None


def _may_start(proc: Procedure, what: Seen) -> bool:
    return _is_due(proc, what) and start_blocked(proc, what.now) is None


def _started(proc: Procedure, what: Seen) -> Outcome:
    return begin(proc, None, what.now)


def _held(proc: Procedure, what: Seen) -> Outcome:
    # Never by itself once it could not: the operator looks first.
    text = f"The next freeze waits to be started: {start_blocked(proc, what.now)}."
    note = Note(Event(EventKind.NEXT_HELD, proc.last_ms, text))
    return msgspec.structs.replace(proc, hold=True), (note, Persist())


def _is_free(proc: Procedure, what: Seen) -> bool:
    return what.now.free


def _is_not_free(proc: Procedure, what: Seen) -> bool:
    return not what.now.free


def _freed(proc: Procedure, what: Seen) -> Outcome:
    note = Note(Event(EventKind.FREE, what.observation.at_ms, "Free to move."))
    return msgspec.structs.replace(proc, phase=Phase.FREE), (note, Persist())


def _no_longer_free(proc: Procedure, what: object) -> Outcome:
    return msgspec.structs.replace(proc, phase=Phase.RELEASING), (Persist(),)


def _probe_gone(proc: Procedure, what: object) -> Outcome:
    return console_check.probe_gone(proc)


def _noted(proc: Procedure, what: Stop) -> Outcome:
    proc, note = stop_noted(proc, what)
    return proc, (note, Persist())


_FREE: Final = frozenset({S.FREE})

TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition(H.OBSERVED, frozenset({S.CHECK}), always, _judged),
    Transition(H.OBSERVED, frozenset({S.THAWING}), _may_start, _started),
    Transition(H.OBSERVED, frozenset({S.THAWING}), _is_due, _held),
    Transition(H.OBSERVED, frozenset({S.RELEASING}), _is_free, _freed),
    Transition(H.OBSERVED, _FREE, _is_not_free, _no_longer_free),
    Transition(H.UNSEEN, _FREE, always, _no_longer_free),
    Transition(H.PROBE_GONE, EVERYWHERE, always, _probe_gone),
    Transition(H.STOPPED, QUIET, always, _noted),
)

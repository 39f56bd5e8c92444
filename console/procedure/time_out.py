"""The time-out: a line an answer, each clear, or lifted with a reason where that may be."""

from typing import Final

import msgspec

from console.model.event import Event, EventKind
from console.model.request import (
    AnswerTimeOut,
    BackToPrepare,
    EndTimeOut,
    OpenTimeOut,
)
from console.model.snapshot import Phase
from console.model.time_out import NEVER_LIFTED, TimeOutAnswer, TimeOutItem
from console.procedure.confirmed import asked_for
from console.procedure.row import Outcome, Row, always, never, said
from console.procedure.state import Conditions, Note, Persist, Procedure

BEFOREHAND: Final = ("demonstration", "headless run")
"""Ways of running a session in which nobody is there whom the card could protect."""


def answer_of(proc: Procedure, item: TimeOutItem) -> TimeOutAnswer | None:
    """The newest answer to a line, None while it is open."""
    return next((a for a in reversed(proc.time_out) if a.item is item), None)


def answers(proc: Procedure) -> tuple[TimeOutAnswer, ...]:
    """The newest answer to each line that has one, in the card's order."""
    found = (answer_of(proc, item) for item in TimeOutItem)
    return tuple(answer for answer in found if answer is not None)


def missing(proc: Procedure) -> str | None:
    """What keeps the time-out from being done, None when nothing does."""
    item = unclear(proc)
    if item is not None:
        return _put_right(item)
    still = [item for item in TimeOutItem if answer_of(proc, item) is None]
    return f"Still to be answered: {still[0]}" if still else None


def unclear(proc: Procedure) -> TimeOutItem | None:
    """The first line that is not clear, and that no reason has lifted."""
    return next((answer.item for answer in answers(proc) if is_unclear(answer)), None)


def is_unclear(answer: TimeOutAnswer | None) -> bool:
    """Whether this answer keeps the card from being done."""
    return answer is not None and not answer.clear and not answer.how


def lifted(proc: Procedure, item: TimeOutItem, reason: str) -> Procedure:
    """The line as not clear, and why the team goes on."""
    return _given(proc, TimeOutAnswer(item, False, reason, proc.last_ms))


def _put_right(item: TimeOutItem) -> str:
    if item is TimeOutItem.SIDE:
        return "The side does not agree: go back to Prepare and choose it afresh"
    lifted = "" if item in NEVER_LIFTED else ", or give a reason"
    return f"Not clear: {item}. Clear it up{lifted}"


def beforehand(proc: Procedure) -> Procedure:
    """A session that has just been chosen, and is run in a way that answers the card: with those
    answers, marked so."""
    given = tuple(TimeOutAnswer(item, True, proc.how, proc.last_ms) for item in TimeOutItem)
    return msgspec.structs.replace(proc, time_out=given, phase=first_phase(proc))


def first_phase(proc: Procedure) -> Phase:
    """Where the work at a site begins."""
    return Phase.STIMULATE if asked_for(proc) else Phase.READY


# --- what is asked ----------------------------------------------------------------------------


def _answer(proc: Procedure, asked: AnswerTimeOut, now: Conditions) -> Outcome:
    return _given(proc, TimeOutAnswer(asked.item, asked.clear, "", proc.last_ms)), (Persist(),)


def _given(proc: Procedure, answer: TimeOutAnswer) -> Procedure:
    return msgspec.structs.replace(proc, time_out=(*proc.time_out, answer))


def _done_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    return missing(proc)


def _done(proc: Procedure, asked: EndTimeOut, now: Conditions) -> Outcome:
    text = "Time-out done: " + "; ".join(_words(answer) for answer in answers(proc)) + "."
    proc = msgspec.structs.replace(proc, phase=first_phase(proc))
    return proc, (Note(Event(EventKind.TIME_OUT_DONE, proc.last_ms, text)), Persist())


def _words(answer: TimeOutAnswer) -> str:
    return f"{answer.item} clear" if answer.clear else f"{answer.item} not clear ({answer.how})"


def _back_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    if proc.checking is not None:
        return "A test is running"
    return _open_blocked(proc, now, asked) if proc.phase is Phase.CHECK else None


def _back(proc: Procedure, asked: BackToPrepare, now: Conditions) -> Outcome:
    text = "Back to Prepare before the time-out was done: nothing of the plan is kept."
    note = Note(Event(EventKind.DECIDED, proc.last_ms, text))
    anew = Procedure(
        last_ms=proc.last_ms,
        released_mg=proc.released_mg,
        cylinder_changing=proc.cylinder_changing,
    )
    return anew, (note, Persist())


def _open_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    begun = proc.records or proc.tests or proc.stimulating is not None
    return "The work has begun" if begun else None


def _open(proc: Procedure, asked: OpenTimeOut, now: Conditions) -> Outcome:
    return msgspec.structs.replace(proc, phase=Phase.TIME_OUT, time_out=()), (Persist(),)


_HERE: Final = frozenset({Phase.TIME_OUT})
_BACK_FROM: Final = frozenset({Phase.CHECK, Phase.TIME_OUT})

ROWS: tuple[Row, ...] = (
    Row(
        "answer_time_out", AnswerTimeOut, always, _HERE,
        said("Answer"), said(""), never, _answer,
    ),
    Row(
        "end_time_out", EndTimeOut, always, _HERE,
        said("Time-out done"), said("all of the team agree"), _done_blocked, _done,
    ),
    Row(
        "back_to_prepare", BackToPrepare, always, _BACK_FROM,
        said("Back to Prepare"), said("choose site and side afresh"), _back_blocked, _back,
    ),
    Row(
        "open_time_out", OpenTimeOut, always, frozenset({Phase.STIMULATE, Phase.READY}),
        said("Time-out"), said("read the card by hand"), _open_blocked, _open,
    ),
)  # fmt: skip

"""The course of one test of the console check: a gas pulse and the test freeze go the way of a
freeze (intent on disk, armed, granted, on, off); the supply leak test is the console's own."""

from typing import Any, Final

import msgspec

from console.model.console_check import CheckItem, CheckResult, CheckStanding
from console.model.device import DeviceState
from console.model.event import Event, EventKind
from console.model.observation import DeviceEvent, FreezeEnd
from console.model.quantities import bar, celsius, minutes
from console.procedure.handshake import OPENING_WITHIN_MS, REASON_WITHIN_MS, staged
from console.procedure.row import Outcome
from console.procedure.situation import TEST_STARTS, TESTS, S
from console.procedure.state import (
    Checking,
    Effects,
    Note,
    Persist,
    Procedure,
    SendArm,
    SendStart,
    SendStop,
    Stage,
)
from console.procedure.stopped import stop_noted
from console.procedure.transition import H, Seen, Stop, Transition, always


def _run(proc: Procedure) -> Checking:
    assert proc.checking is not None  # by the situations of the rows
    return proc.checking


def _staged(proc: Procedure, stage: Stage) -> Procedure:
    return msgspec.structs.replace(proc, checking=staged(_run(proc), stage, proc.last_ms))


def _changed(proc: Procedure, **changes: Any) -> Procedure:
    return msgspec.structs.replace(proc, checking=msgspec.structs.replace(_run(proc), **changes))


def _arm(proc: Procedure, what: object) -> Outcome:
    return _staged(proc, Stage.ARM), (SendArm(),)


def _start(proc: Procedure, what: object) -> Outcome:
    run, plan = _run(proc), proc.plan
    assert plan is not None  # the check belongs to a plan
    send = SendStart(plan.target_celsius, False, run.length_s, run.length_s)
    return _staged(proc, Stage.START), (send,)


def _opens(proc: Procedure, what: object) -> Outcome:
    return _staged(proc, Stage.OPENING), ()


def _failed(proc: Procedure, why: str) -> Outcome:
    # Should the device have opened its valve after all, STOP shuts it.
    note = Note(Event(EventKind.START_FAILED, proc.last_ms, f"No {_run(proc).item}: {why}."))
    return msgspec.structs.replace(proc, checking=None), (SendStop(), note, Persist())


def _is_on(proc: Procedure, what: Seen) -> bool:
    on = DeviceState.FREEZING if _run(proc).gas else DeviceState.TESTING
    return what.observation.state is on


def _overdue(proc: Procedure, what: Seen) -> bool:
    return what.observation.at_ms - _run(proc).since_ms > OPENING_WITHIN_MS


def _not_begun(proc: Procedure, what: object) -> Outcome:
    return _failed(proc, "the console granted it and did not begin")


def _begun(proc: Procedure, what: Seen) -> Outcome:
    run, seen = _run(proc), what.observation
    began = _changed(
        proc,
        stage=None,
        started_ms=run.started_ms if run.started_ms is not None else seen.at_ms,
        start_tip_celsius=seen.tip_celsius,
        lowest_tip_celsius=seen.tip_celsius,
    )
    return began, (Persist(),)


def _measured(proc: Procedure, what: Seen) -> Outcome:
    tip, lowest = what.observation.tip_celsius, _run(proc).lowest_tip_celsius
    if tip is None or (lowest is not None and lowest <= tip):
        return proc, ()
    return _changed(proc, lowest_tip_celsius=tip), ()


def _end_told(proc: Procedure, what: object) -> bool:
    return _run(proc).end is not None


def _closed_as_told(proc: Procedure, what: object) -> Outcome:
    return closed(proc, _run(proc).end or FreezeEnd.UNKNOWN)


def _seen_off(proc: Procedure, what: Seen) -> Outcome:
    return _changed(proc, ending_ms=what.observation.at_ms), ()


def _reason_overdue(proc: Procedure, what: Seen) -> bool:
    return what.observation.at_ms - (_run(proc).ending_ms or 0) >= REASON_WITHIN_MS


def _closed_unknown(proc: Procedure, what: object) -> Outcome:
    return closed(proc, FreezeEnd.UNKNOWN)


def _of_this_test(proc: Procedure, event: DeviceEvent) -> bool:
    # Events are repeated until they are heard: a late one may be of what ran before.
    return event.at_ms >= _run(proc).since_ms


def _gas_of_this_test(proc: Procedure, event: DeviceEvent) -> bool:
    return _run(proc).gas and _of_this_test(proc, event)


def _gas_began(proc: Procedure, event: DeviceEvent) -> bool:
    return event.detail == DeviceState.FREEZING.value and _gas_of_this_test(proc, event)


def _began(proc: Procedure, event: DeviceEvent) -> Outcome:
    return _changed(proc, started_ms=event.at_ms), ()


def _end_noted(proc: Procedure, event: DeviceEvent) -> Outcome:
    return _changed(proc, end=event.freeze_end), ()


def _ended(proc: Procedure, event: DeviceEvent) -> Outcome:
    return closed(proc, event.freeze_end or FreezeEnd.UNKNOWN)


def _verdict_of_this_test(proc: Procedure, event: DeviceEvent) -> bool:
    return not _run(proc).gas and _of_this_test(proc, event)


def _stopped(proc: Procedure, what: Stop) -> Outcome:
    proc, note = stop_noted(proc, what)
    proc, effects = closed(proc, FreezeEnd.STOP)
    return proc, (note, *effects)


def _tested(proc: Procedure, event: DeviceEvent) -> tuple[Procedure, Effects]:
    """The console's own verdict on its supply: kPa lost, in hundredths."""
    passed = event.detail == "1"
    if not passed and event.value <= 0:
        return closed(proc, FreezeEnd.STOP)  # broken off, nothing measured
    standing = CheckStanding.PASSED if passed else CheckStanding.FAILED
    lost = f"{bar(max(0, event.value) / 100, 2)} bar lost"
    proc = msgspec.structs.replace(proc, checking=None)
    return noted(proc, CheckResult(CheckItem.SUPPLY_LEAK, standing, lost, "", event.at_ms))


def closed(proc: Procedure, why: FreezeEnd) -> tuple[Procedure, Effects]:
    """The test is over, or broken off; nothing when none was on its way."""
    run = proc.checking
    if run is None:
        return proc, ()
    proc = msgspec.structs.replace(proc, checking=None)
    if run.stage is not None or run.answered:
        return proc, (Persist(),)
    if run.gas and why is FreezeEnd.TIMER:
        standing, how = CheckStanding.RUN, ""
        tips = f"tip {celsius(run.start_tip_celsius)} to {celsius(run.lowest_tip_celsius)}"
        measure = f"{minutes(run.length_s)} of gas, {tips}"
    else:
        standing, how, measure = CheckStanding.OPEN, _BROKEN.get(why, "broken off"), ""
    return noted(proc, CheckResult(run.item, standing, measure, how, proc.last_ms))


_BROKEN: Final = {
    FreezeEnd.STOP: "broken off: stopped",
    FreezeEnd.FAULT: "broken off by the console's own interlock",
    FreezeEnd.LEASE: "broken off: the console heard nothing from this computer",
    FreezeEnd.NEW_SESSION: "broken off: the link was opened anew",
    FreezeEnd.UNKNOWN: "broken off, and the console has not said why",
}


def noted(proc: Procedure, result: CheckResult) -> tuple[Procedure, Effects]:
    """A result, in the record and in the history."""
    more = ", ".join(words for words in (result.measure, result.how) if words)
    text = f"Console check, {result.item}: {_SAID[result.standing]}"
    note = Note(Event(EventKind.CHECKED, result.at_ms, f"{text} ({more})." if more else f"{text}."))
    return msgspec.structs.replace(proc, check=(*proc.check, result)), (note, Persist())


_SAID: Final = {
    CheckStanding.OPEN: "to be done again",
    CheckStanding.RUN: "run, to be judged",
    CheckStanding.PASSED: "passed",
    CheckStanding.FAILED: "FAILED",
    CheckStanding.NOT_MEASURABLE: "not measurable here",
}


_ON: Final = frozenset({S.TESTING})
_ENDING: Final = frozenset({S.TEST_ENDING})

TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition(H.DURABLE, frozenset({S.TEST_INTENT}), always, _arm),
    Transition(H.ARMED, frozenset({S.TEST_ARM}), always, _start),
    Transition(H.GRANTED, frozenset({S.TEST_START}), always, _opens),
    Transition(H.START_FAILED, TEST_STARTS, always, _failed),
    Transition(H.STATE_CHANGED, TEST_STARTS, _gas_began, _began),
    Transition(H.OBSERVED, frozenset({S.TEST_OPENING}), _is_on, _begun),
    Transition(H.OBSERVED, frozenset({S.TEST_OPENING}), _overdue, _not_begun),
    Transition(H.OBSERVED, _ON, _is_on, _measured),
    Transition(H.OBSERVED, TESTS, _end_told, _closed_as_told),
    Transition(H.OBSERVED, _ON, always, _seen_off),
    Transition(H.OBSERVED, _ENDING, _reason_overdue, _closed_unknown),
    Transition(H.FREEZE_ENDED, _ON, _gas_of_this_test, _end_noted),
    Transition(H.FREEZE_ENDED, _ENDING, _gas_of_this_test, _ended),
    Transition(H.TEST_ENDED, TESTS, _verdict_of_this_test, _tested),
    Transition(H.STOPPED, TEST_STARTS | TESTS, always, _stopped),
)

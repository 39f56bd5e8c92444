"""The course of one test of the console check: a gas pulse and the test freeze go the way of a
freeze (intent on disk, armed, granted, on, off); the supply leak test is the console's own."""

from typing import Final

import msgspec

from console.model.console_check import CheckItem, CheckResult, CheckStanding
from console.model.device import DeviceState
from console.model.event import Event, EventKind
from console.model.observation import DeviceEvent, FreezeEnd, Observation
from console.model.quantities import bar, celsius, minutes
from console.procedure.handshake import OPENING_WITHIN_MS, REASON_WITHIN_MS, staged
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


def durable(proc: Procedure) -> tuple[Procedure, Effects]:
    """The intent is on disk."""
    run = proc.checking
    if run is None or run.stage is not Stage.INTENT:
        return proc, ()
    return _staged(proc, run, Stage.ARM), (SendArm(),)


def armed(proc: Procedure) -> tuple[Procedure, Effects]:
    """The device has granted a token."""
    run, plan = proc.checking, proc.plan
    if run is None or plan is None or run.stage is not Stage.ARM:
        return proc, ()
    send = SendStart(plan.target_celsius, False, run.length_s, run.length_s)
    return _staged(proc, run, Stage.START), (send,)


def granted(proc: Procedure) -> tuple[Procedure, Effects]:
    """The device has answered START, or TEST: done."""
    run = proc.checking
    if run is None or run.stage is not Stage.START:
        return proc, ()
    return _staged(proc, run, Stage.OPENING), ()


def _staged(proc: Procedure, run: Checking, stage: Stage | None) -> Procedure:
    return msgspec.structs.replace(proc, checking=staged(run, stage, proc.last_ms))


def failed(proc: Procedure, why: str) -> tuple[Procedure, Effects]:
    """The start came to nothing. Should the device have opened its valve after all, STOP shuts
    it."""
    run = proc.checking
    if run is None or run.stage is None:
        return proc, ()
    note = Note(Event(EventKind.START_FAILED, proc.last_ms, f"No {run.item}: {why}."))
    return msgspec.structs.replace(proc, checking=None), (SendStop(), note, Persist())


def observed(proc: Procedure, seen: Observation) -> tuple[Procedure, Effects]:
    """A fresh observation while a test is on its way or running."""
    run = proc.checking
    if run is None:
        return proc, ()
    on = seen.state is (DeviceState.FREEZING if run.gas else DeviceState.TESTING)
    if run.stage is Stage.OPENING:
        if on:
            return _begun(proc, run, seen)
        if seen.at_ms - run.since_ms > OPENING_WITHIN_MS:
            return failed(proc, "the console granted it and did not begin")
        return proc, ()
    if run.stage is not None:
        return proc, ()
    if on and run.ending_ms is None:
        return msgspec.structs.replace(proc, checking=_measured(run, seen)), ()
    since = run.ending_ms if run.ending_ms is not None else seen.at_ms
    run = msgspec.structs.replace(run, ending_ms=since)
    proc = msgspec.structs.replace(proc, checking=run)
    if run.end is not None:
        return closed(proc, run.end)
    return closed(proc, FreezeEnd.UNKNOWN) if seen.at_ms - since >= REASON_WITHIN_MS else (proc, ())


def _begun(proc: Procedure, run: Checking, seen: Observation) -> tuple[Procedure, Effects]:
    run = msgspec.structs.replace(
        run,
        stage=None,
        started_ms=run.started_ms if run.started_ms is not None else seen.at_ms,
        start_tip_celsius=seen.tip_celsius,
        lowest_tip_celsius=seen.tip_celsius,
    )
    return msgspec.structs.replace(proc, checking=run), (Persist(),)


def _measured(run: Checking, seen: Observation) -> Checking:
    tip, lowest = seen.tip_celsius, run.lowest_tip_celsius
    if tip is None or (lowest is not None and lowest <= tip):
        return run
    return msgspec.structs.replace(run, lowest_tip_celsius=tip)


def said(proc: Procedure, event: DeviceEvent) -> tuple[Procedure, Effects]:
    """An event of the device. Events are repeated until they are heard: a late one may be of what
    ran before."""
    run = proc.checking
    if run is None or event.at_ms < run.since_ms:
        return proc, ()
    if run.stage is not None:
        began = event.kind == "state_changed" and event.detail == DeviceState.FREEZING.value
        if began and run.gas:
            run = msgspec.structs.replace(run, started_ms=event.at_ms)
        return msgspec.structs.replace(proc, checking=run), ()
    if run.gas and event.freeze_end is not None:
        run = msgspec.structs.replace(run, end=event.freeze_end)
        proc = msgspec.structs.replace(proc, checking=run)
        return closed(proc, event.freeze_end) if run.ending_ms is not None else (proc, ())
    if not run.gas and event.kind == "test_ended":
        return _tested(proc, event)
    return proc, ()


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

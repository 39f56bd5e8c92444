"""The course of one stimulation: asked for, on disk, armed, granted, on, off. Pure.

It starts at amplitude 0. What the screen shows as set is what the console has taken; its ramp and
its 60 s are the console's own."""

from typing import Final

import msgspec

from console.model.device import DeviceState
from console.model.event import Event, EventKind
from console.model.observation import FreezeEnd, Observation
from console.model.quantities import amplitude, plain
from console.model.stimulation import (
    PULSE_MS,
    AnsweredBy,
    StimulationAnswer,
    StimulationRecord,
    StimulationStep,
)
from console.procedure.handshake import OPENING_WITHIN_MS, REASON_WITHIN_MS, staged
from console.procedure.state import (
    Effects,
    Note,
    Persist,
    Procedure,
    SendArm,
    SendStimulation,
    SendStop,
    Stage,
    Stimulating,
)


def durable(proc: Procedure) -> tuple[Procedure, Effects]:
    """The intent is on disk."""
    run = proc.stimulating
    if run is None or run.stage is not Stage.INTENT:
        return proc, ()
    return _staged(proc, run, Stage.ARM), (SendArm(stimulation=True),)


def armed(proc: Procedure) -> tuple[Procedure, Effects]:
    """The device has granted a token."""
    run = proc.stimulating
    if run is None or run.stage is not Stage.ARM:
        return proc, ()
    send = SendStimulation(run.kind, run.rate_hz, PULSE_MS, run.limit_ua)
    return _staged(proc, run, Stage.START), (send,)


def granted(proc: Procedure) -> tuple[Procedure, Effects]:
    """The device has answered START: done."""
    run = proc.stimulating
    if run is None or run.stage is not Stage.START:
        return proc, ()
    return _staged(proc, run, Stage.OPENING), ()


def _staged(proc: Procedure, run: Stimulating, stage: Stage | None) -> Procedure:
    return msgspec.structs.replace(proc, stimulating=staged(run, stage, proc.last_ms))


def failed(proc: Procedure, why: str) -> tuple[Procedure, Effects]:
    """The start came to nothing. Should the stimulator be on after all, STOP switches it off."""
    run = proc.stimulating
    if run is None or run.stage is None:
        return proc, ()
    text = f"The {run.kind} test did not start: {why}."
    note = Note(Event(EventKind.START_FAILED, proc.last_ms, text))
    return msgspec.structs.replace(proc, stimulating=None), (SendStop(), note, Persist())


def observed(proc: Procedure, seen: Observation) -> tuple[Procedure, Effects]:
    """A fresh observation while a stimulation is on its way or running."""
    run = proc.stimulating
    if run is None:
        return proc, ()
    on = seen.state is DeviceState.STIMULATING
    if run.stage is Stage.OPENING:
        if on:
            return _begun(proc, run, seen)
        if seen.at_ms - run.since_ms > OPENING_WITHIN_MS:
            return failed(proc, "the console granted it and did not switch the stimulator on")
        return proc, ()
    if run.stage is not None:
        return proc, ()
    if on and run.ending_ms is None:
        return _measured(proc, run, seen), ()
    since = run.ending_ms if run.ending_ms is not None else seen.at_ms
    if seen.at_ms - since >= REASON_WITHIN_MS:
        return closed(proc, FreezeEnd.UNKNOWN, since)
    run = msgspec.structs.replace(run, ending_ms=since)
    return msgspec.structs.replace(proc, stimulating=run), ()


def _begun(proc: Procedure, run: Stimulating, seen: Observation) -> tuple[Procedure, Effects]:
    test = StimulationRecord(
        site=proc.site,
        placement=proc.placement,
        kind=run.kind,
        unit=run.unit,
        rate_hz=run.rate_hz,
        pulse_ms=PULSE_MS,
        limit_ua=run.limit_ua,
        started_ms=seen.at_ms,
    )
    proc = msgspec.structs.replace(_staged(proc, run, None), tests=(*proc.tests, test))
    text = (
        f"{run.kind.capitalize()} test started: {plain(run.rate_hz)} Hz, {plain(PULSE_MS)} ms, "
        f"placement {proc.placement}, up to {amplitude(run.limit_ua, run.unit)}."
    )
    return proc, (Note(Event(EventKind.STIMULATION_STARTED, seen.at_ms, text)), Persist())


def _measured(proc: Procedure, run: Stimulating, seen: Observation) -> Procedure:
    """The rung of the ladder learns what was delivered, once nothing more is asked for."""
    test = proc.tests[-1]
    if not test.steps or run.set_ua != run.wanted_ua or seen.at_ms <= test.steps[-1].at_ms:
        return proc
    step = msgspec.structs.replace(
        test.steps[-1], delivered_ua=seen.delivered_ua, impedance_ohm=seen.impedance_ohm
    )
    return _amended(proc, msgspec.structs.replace(test, steps=(*test.steps[:-1], step)))


def amplitude_taken(proc: Procedure, amplitude_ua: int) -> tuple[Procedure, Effects]:
    """The device has acknowledged an amplitude."""
    run = proc.stimulating
    if run is None or run.stage is not None:
        return proc, ()
    test = proc.tests[-1]
    step = StimulationStep(proc.last_ms or 0, amplitude_ua)
    proc = _amended(proc, msgspec.structs.replace(test, steps=(*test.steps, step)))
    run = msgspec.structs.replace(run, set_ua=amplitude_ua)
    return msgspec.structs.replace(proc, stimulating=run), ()


def amplitude_refused(proc: Procedure) -> tuple[Procedure, Effects]:
    """The device did not take an amplitude: the one before it stands."""
    run = proc.stimulating
    if run is None:
        return proc, ()
    run = msgspec.structs.replace(run, wanted_ua=run.set_ua)
    return msgspec.structs.replace(proc, stimulating=run), ()


def off_refused(proc: Procedure) -> tuple[Procedure, Effects]:
    """OFF was not done: the operator may ask again, or stop."""
    run = proc.stimulating
    if run is None:
        return proc, ()
    run = msgspec.structs.replace(run, off_asked=False)
    return msgspec.structs.replace(proc, stimulating=run), ()


def marked(proc: Procedure, answer: StimulationAnswer, by: AnsweredBy) -> Procedure:
    """The running test with its answer, at the amplitude that the console has taken."""
    run, test = proc.stimulating, proc.tests[-1]
    assert run is not None
    step = test.steps[-1] if test.steps else None
    return _amended(
        proc,
        msgspec.structs.replace(
            test,
            answer=answer,
            answered_ua=run.set_ua,
            delivered_ua=step.delivered_ua if step is not None else None,
            impedance_ohm=step.impedance_ohm if step is not None else None,
            by=by,
        ),
    )


def ended_by_moving(proc: Procedure) -> Procedure:
    """The probe has left the place that is tested: the test ends, one that has not begun is given
    up."""
    run = proc.stimulating
    if run is not None:
        run = msgspec.structs.replace(run, off_asked=True) if run.stage is None else None
    return msgspec.structs.replace(proc, stimulating=run)


def ended(proc: Procedure, why: FreezeEnd, at_ms: int) -> tuple[Procedure, Effects]:
    """The device says that a stimulation has ended. Events are repeated until they are heard: a
    late one may be of the test before."""
    run = proc.stimulating
    if run is None or run.stage is not None or at_ms < run.since_ms:
        return proc, ()
    return closed(proc, why, at_ms)


def closed(proc: Procedure, why: FreezeEnd, at_ms: int | None) -> tuple[Procedure, Effects]:
    """The stimulator is off; nothing when none was on its way."""
    run = proc.stimulating
    if run is None:
        return proc, ()
    proc = msgspec.structs.replace(proc, stimulating=None)
    if run.stage is not None:
        return proc, (Persist(),)
    test = proc.tests[-1]
    proc = _amended(proc, msgspec.structs.replace(test, ended_ms=at_ms, end=why))
    unanswered = "" if test.answer is not None else ", without an answer"
    text = f"{run.kind.capitalize()} test {end_words(why)}{unanswered}."
    return proc, (Note(Event(EventKind.STIMULATION_ENDED, at_ms, text)), Persist())


def end_words(why: FreezeEnd) -> str:
    """What became of a test, to follow its name."""
    return _ENDS.get(why, why.value)


_ENDS: Final = {
    FreezeEnd.TIMER: "went off by itself after 1:00",
    FreezeEnd.END: "ended",
    FreezeEnd.UNKNOWN: "went off, and the console has not said why",
    FreezeEnd.FAULT: "stopped by the console's own interlock",
    FreezeEnd.LEASE: "stopped by the console, which heard nothing from this computer",
    FreezeEnd.NEW_SESSION: "ended as the link was opened anew",
}


def _amended(proc: Procedure, test: StimulationRecord) -> Procedure:
    return msgspec.structs.replace(proc, tests=(*proc.tests[:-1], test))

"""The course of one stimulation: asked for, on disk, armed, granted, on, off. Pure.

It starts at amplitude 0. What the screen shows as set is what the console has taken; its ramp and
its 60 s are the console's own."""

from typing import Final

import msgspec

from console.model.device import DeviceState
from console.model.event import Event, EventKind
from console.model.observation import DeviceEvent, FreezeEnd
from console.model.quantities import amplitude, plain
from console.model.stimulation import (
    PULSE_MS,
    AnsweredBy,
    StimulationAnswer,
    StimulationRecord,
    StimulationStep,
)
from console.procedure.handshake import OPENING_WITHIN_MS, REASON_WITHIN_MS, staged
from console.procedure.row import Outcome
from console.procedure.situation import STIMULATES, STIMULATION_STARTS, S
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
from console.procedure.stopped import stop_ms, stop_noted
from console.procedure.transition import H, Seen, Stop, Transition, always


def _run(proc: Procedure) -> Stimulating:
    assert proc.stimulating is not None  # by the situations of the rows
    return proc.stimulating


def _staged(proc: Procedure, stage: Stage | None) -> Procedure:
    return msgspec.structs.replace(proc, stimulating=staged(_run(proc), stage, proc.last_ms))


def _arm(proc: Procedure, what: object) -> Outcome:
    return _staged(proc, Stage.ARM), (SendArm(stimulation=True),)


def _start(proc: Procedure, what: object) -> Outcome:
    run = _run(proc)
    send = SendStimulation(run.kind, run.rate_hz, PULSE_MS, run.limit_ua)
    return _staged(proc, Stage.START), (send,)


def _opens(proc: Procedure, what: object) -> Outcome:
    return _staged(proc, Stage.OPENING), ()


def _failed(proc: Procedure, why: str) -> Outcome:
    # Should the stimulator be on after all, STOP switches it off.
    text = f"The {_run(proc).kind} test did not start: {why}."
    note = Note(Event(EventKind.START_FAILED, proc.last_ms, text))
    return msgspec.structs.replace(proc, stimulating=None), (SendStop(), note, Persist())


def _is_on(proc: Procedure, what: Seen) -> bool:
    return what.observation.state is DeviceState.STIMULATING


def _overdue(proc: Procedure, what: Seen) -> bool:
    return what.observation.at_ms - _run(proc).since_ms > OPENING_WITHIN_MS


def _not_on(proc: Procedure, what: object) -> Outcome:
    return _failed(proc, "the console granted it and did not switch the stimulator on")


def _seen_off(proc: Procedure, what: Seen) -> Outcome:
    run = msgspec.structs.replace(_run(proc), ending_ms=what.observation.at_ms)
    return msgspec.structs.replace(proc, stimulating=run), ()


def _reason_overdue(proc: Procedure, what: Seen) -> bool:
    return what.observation.at_ms - (_run(proc).ending_ms or 0) >= REASON_WITHIN_MS


def _closed_unknown(proc: Procedure, what: object) -> Outcome:
    return closed(proc, FreezeEnd.UNKNOWN, _run(proc).ending_ms)


def _begun(proc: Procedure, what: Seen) -> Outcome:
    run, seen = _run(proc), what.observation
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
    proc = msgspec.structs.replace(_staged(proc, None), tests=(*proc.tests, test))
    text = (
        f"{run.kind.capitalize()} test started: {plain(run.rate_hz)} Hz, {plain(PULSE_MS)} ms, "
        f"placement {proc.placement}, up to {amplitude(run.limit_ua, run.unit)}."
    )
    return proc, (Note(Event(EventKind.STIMULATION_STARTED, seen.at_ms, text)), Persist())


def _measured(proc: Procedure, what: Seen) -> Outcome:
    """The rung of the ladder learns what was delivered, once nothing more is asked for."""
    run, seen, test = _run(proc), what.observation, proc.tests[-1]
    if not test.steps or run.set_ua != run.wanted_ua or seen.at_ms <= test.steps[-1].at_ms:
        return proc, ()
    step = msgspec.structs.replace(
        test.steps[-1], delivered_ua=seen.delivered_ua, impedance_ohm=seen.impedance_ohm
    )
    return _amended(proc, msgspec.structs.replace(test, steps=(*test.steps[:-1], step))), ()


def _taken(proc: Procedure, amplitude_ua: int) -> Outcome:
    test = proc.tests[-1]
    step = StimulationStep(proc.last_ms or 0, amplitude_ua)
    proc = _amended(proc, msgspec.structs.replace(test, steps=(*test.steps, step)))
    run = msgspec.structs.replace(_run(proc), set_ua=amplitude_ua)
    return msgspec.structs.replace(proc, stimulating=run), ()


def _not_taken(proc: Procedure, what: object) -> Outcome:
    run = _run(proc)  # the amplitude before it stands
    run = msgspec.structs.replace(run, wanted_ua=run.set_ua)
    return msgspec.structs.replace(proc, stimulating=run), ()


def _off_again(proc: Procedure, what: object) -> Outcome:
    run = msgspec.structs.replace(_run(proc), off_asked=False)  # it may be asked for again
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


def _of_this_test(proc: Procedure, event: DeviceEvent) -> bool:
    # Events are repeated until they are heard: a late one may be of the test before.
    return event.at_ms >= _run(proc).since_ms


def _ended(proc: Procedure, event: DeviceEvent) -> Outcome:
    return closed(proc, event.stimulation_end or FreezeEnd.UNKNOWN, event.at_ms)


def _stopped(proc: Procedure, what: Stop) -> Outcome:
    proc, note = stop_noted(proc, what)
    proc, effects = closed(proc, FreezeEnd.STOP, stop_ms(proc, what))
    return proc, (note, *effects)


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


_ANY: Final = STIMULATION_STARTS | STIMULATES
_ON: Final = frozenset({S.STIMULATING})

TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition(H.DURABLE, frozenset({S.STIMULATION_INTENT}), always, _arm),
    Transition(H.ARMED, frozenset({S.STIMULATION_ARM}), always, _start),
    Transition(H.GRANTED, frozenset({S.STIMULATION_START}), always, _opens),
    Transition(H.START_FAILED, STIMULATION_STARTS, always, _failed),
    Transition(H.OBSERVED, frozenset({S.STIMULATION_OPENING}), _is_on, _begun),
    Transition(H.OBSERVED, frozenset({S.STIMULATION_OPENING}), _overdue, _not_on),
    Transition(H.OBSERVED, _ON, _is_on, _measured),
    Transition(H.OBSERVED, _ON, always, _seen_off),
    Transition(H.OBSERVED, frozenset({S.STIMULATION_ENDING}), _reason_overdue, _closed_unknown),
    Transition(H.STIMULATION_ENDED, STIMULATES, _of_this_test, _ended),
    Transition(H.AMPLITUDE_TAKEN, STIMULATES, always, _taken),
    Transition(H.AMPLITUDE_REFUSED, _ANY, always, _not_taken),
    Transition(H.OFF_REFUSED, _ANY, always, _off_again),
    Transition(H.STOPPED, _ANY, always, _stopped),
)

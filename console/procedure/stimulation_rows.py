"""What the operator may ask for at Stimulate, a row each."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from console.model.device import DeviceState
from console.model.event import Event, EventKind
from console.model.plan import StimulationPlan
from console.model.quantities import amplitude, number, plain
from console.model.request import (
    AnswerStimulation,
    EndStimulation,
    StartStimulation,
    StepAmplitude,
    Stimulate,
    ToFreeze,
)
from console.model.snapshot import Phase
from console.model.stimulation import (
    FELT_BY_UA,
    HOST_CAP_UA,
    LEAST_PULSES,
    STEP_UA,
    AmplitudeStep,
    AnsweredBy,
    StimulationAnswer,
    StimulationKind,
    StimulationRecord,
    least_ms,
)
from console.procedure import console_check
from console.procedure.confirmed import NUMB, felt, motor_limit_ua, unconfirmed
from console.procedure.row import Outcome, Row, always, said
from console.procedure.state import (
    Conditions,
    Note,
    Persist,
    Procedure,
    SendAmplitude,
    SendStimulationOff,
    Stage,
    Stimulating,
)
from console.procedure.stimulation import marked

AHEAD_UA: Final = 200
"""How far the keys may run ahead of what the console has taken: its ramp's 0.1 s."""
DIFFERS_SHARE: Final = 0.2
DIFFERS_UA: Final = 100
"""Delivered may differ from set by no more than both (safety.md), or an answer means nothing."""


def rates(proc: Procedure) -> StimulationPlan:
    """The rates of the plan, or the usual ones where it asks for no stimulation."""
    wanted = proc.plan.stimulation if proc.plan is not None else None
    return wanted if wanted is not None else StimulationPlan()


# --- opening and leaving ----------------------------------------------------------------------


def _open_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    if now.device is not None and now.device.stimulator_unit is None:
        return "This console has no stimulator"
    return _cold(now)


def _cold(now: Conditions) -> str | None:
    seen = now.observation
    if seen is None or not now.fresh:
        return "No fresh reading from the console"
    if seen.valve_open or seen.state is DeviceState.FREEZING:
        return "The gas is on"
    return "The probe is still thawing" if seen.state is DeviceState.THAWING else None


def _open(proc: Procedure, asked: Stimulate, now: Conditions) -> Outcome:
    return msgspec.structs.replace(proc, phase=Phase.STIMULATE, hold=True), (Persist(),)


def _leave_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    return "A test is running: end it first" if proc.stimulating else unconfirmed(proc)


def _leave(proc: Procedure, asked: ToFreeze, now: Conditions) -> Outcome:
    back = Phase.READY if proc.gas_off_ms is None else Phase.THAWING
    return msgspec.structs.replace(proc, phase=back), (Persist(),)


def _leave_detail(proc: Procedure) -> str:
    return f"freeze {proc.cycle + 1} comes next"


# --- on and off -------------------------------------------------------------------------------


def _start_blocked(
    kind: StimulationKind,
) -> Callable[[Procedure, Conditions, object], str | None]:
    def why(proc: Procedure, now: Conditions, asked: object) -> str | None:
        run = proc.stimulating
        if run is not None:
            return "running" if run.kind is kind else "after this test"
        if now.device is None:
            return "No console is connected"
        if now.device.stimulator_unit is None:
            return "This console has no stimulator"
        if now.not_stimulable:
            return now.not_stimulable[0]
        unchecked = console_check.missing(proc)
        if unchecked is not None:
            return unchecked
        if now.observation is not None and now.observation.stimulator_on:
            return "The stimulator is on already"
        cold = _cold(now)
        return cold or _order(proc, kind)

    return why


def _order(proc: Procedure, kind: StimulationKind) -> str | None:
    if proc.preparation.target_numb:
        return NUMB if kind is StimulationKind.SENSORY else None
    if kind is StimulationKind.MOTOR and felt(proc) is None:
        return "after the sensory threshold"
    return None


def _start(proc: Procedure, asked: StartStimulation, now: Conditions) -> Outcome:
    device, sensory = now.device, asked.kind is StimulationKind.SENSORY
    assert device is not None and device.stimulator_unit is not None  # else it is blocked
    plan = rates(proc)
    run = Stimulating(
        kind=asked.kind,
        unit=device.stimulator_unit,
        stage=Stage.INTENT,
        since_ms=proc.last_ms or 0,
        rate_hz=plan.sensory_hz if sensory else plan.motor_hz,
        limit_ua=HOST_CAP_UA if sensory else motor_limit_ua(proc),
    )
    text = f"{asked.kind.capitalize()} test asked for by the operator."
    note = Note(Event(EventKind.START_ASKED, proc.last_ms, text))
    return msgspec.structs.replace(proc, stimulating=run), (note, Persist())


def _running(proc: Procedure) -> str | None:
    run = proc.stimulating
    if run is None:
        return "No test is running"
    if run.stage is not None:
        return "The test is just starting"
    return "Ending" if run.off_asked or run.ending_ms is not None else None


def _end_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    return _running(proc)


def _end(proc: Procedure, asked: EndStimulation, now: Conditions) -> Outcome:
    return _off(proc), (SendStimulationOff(),)


def _off(proc: Procedure) -> Procedure:
    assert proc.stimulating is not None
    run = msgspec.structs.replace(proc.stimulating, off_asked=True)
    return msgspec.structs.replace(proc, stimulating=run)


# --- amplitude --------------------------------------------------------------------------------


def _next_ua(run: Stimulating, step: AmplitudeStep) -> int:
    return {
        AmplitudeStep.UP: run.wanted_ua + STEP_UA,
        AmplitudeStep.DOWN: max(0, run.wanted_ua - STEP_UA),
        AmplitudeStep.ZERO: 0,
    }[step]


def _step_blocked(
    step: AmplitudeStep,
) -> Callable[[Procedure, Conditions, object], str | None]:
    def why(proc: Procedure, now: Conditions, asked: object) -> str | None:
        run, not_running = proc.stimulating, _running(proc)
        if run is None or not_running is not None:
            return not_running
        if step is not AmplitudeStep.UP:
            return "It is 0" if run.wanted_ua == 0 and run.set_ua == 0 else None
        if _next_ua(run, step) > run.limit_ua:
            return f"At most {amplitude(run.limit_ua, run.unit)} in this test"
        if _next_ua(run, step) - run.set_ua > AHEAD_UA:
            return "The console has not yet taken the last steps"
        return None

    return why


def _step(proc: Procedure, asked: StepAmplitude, now: Conditions) -> Outcome:
    run = proc.stimulating
    assert run is not None
    wanted = _next_ua(run, asked.step)
    run = msgspec.structs.replace(run, wanted_ua=wanted)
    return msgspec.structs.replace(proc, stimulating=run), (SendAmplitude(wanted),)


# --- answers ----------------------------------------------------------------------------------


def _answer_blocked(
    answer: StimulationAnswer,
) -> Callable[[Procedure, Conditions, AnswerStimulation | None], str | None]:
    def why(proc: Procedure, now: Conditions, asked: AnswerStimulation | None) -> str | None:
        run, not_running = proc.stimulating, _running(proc)
        if run is None or not_running is not None:
            return not_running
        if asked is not None and asked.by is not AnsweredBy.OPERATOR and not _simulated(now):
            return f"On a real console there is no {asked.by}"
        if answer not in _ANSWERS[run.kind]:
            return f"No answer of a {run.kind} test"
        if run.set_ua == 0:
            return "The amplitude is 0"
        # What hurts or moves is taken at once, whatever the meters say.
        if answer in (StimulationAnswer.PAINFUL, StimulationAnswer.CONTRACTION):
            return None
        if answer is StimulationAnswer.NOT_FELT and run.set_ua < FELT_BY_UA:
            return f"Go up to {amplitude(FELT_BY_UA, run.unit)} first"
        if answer is StimulationAnswer.NO_CONTRACTION and run.set_ua < run.limit_ua:
            return f"Go up to {amplitude(run.limit_ua, run.unit)} first"
        if answer is StimulationAnswer.NO_CONTRACTION:
            return _undelivered(run, proc.tests[-1]) or _too_few_pulses(proc, run)
        return _undelivered(run, proc.tests[-1])

    return why


def _too_few_pulses(proc: Procedure, run: Stimulating) -> str | None:
    """Why it is too early to say that nothing contracts: a muscle answers pulses, not a setting."""
    at_ms = (proc.last_ms or 0) - proc.tests[-1].steps[-1].at_ms
    if at_ms < least_ms(run.rate_hz):
        return f"Wait for {LEAST_PULSES} pulses at this amplitude"
    return None


def _simulated(now: Conditions) -> bool:
    return now.device is not None and now.device.simulated


def _undelivered(run: Stimulating, test: StimulationRecord) -> str | None:
    """Why an answer would be one to another amplitude than the one set."""
    delivered = test.steps[-1].delivered_ua if test.steps else None
    if run.wanted_ua != run.set_ua or delivered is None:
        return "Not yet delivered"
    off = abs(delivered - run.set_ua)
    if off > DIFFERS_UA and off > DIFFERS_SHARE * run.set_ua:
        return f"Only {amplitude(delivered, run.unit)} of {amplitude(run.set_ua, run.unit)} arrives"
    return None


def _answer(proc: Procedure, asked: AnswerStimulation, now: Conditions) -> Outcome:
    proc = _off(marked(proc, asked.answer, asked.by))
    test = proc.tests[-1]
    ohm = number(test.impedance_ohm, 0)
    said_by = "" if test.by is AnsweredBy.OPERATOR else f", by the {test.by}"
    text = (
        f"{test.kind.capitalize()} test: {asked.answer} at {amplitude(test.answered_ua, test.unit)}"
        f" (delivered {amplitude(test.delivered_ua, test.unit)}, {ohm} ohm), "
        f"placement {test.placement}{said_by}."
    )
    note = Note(Event(EventKind.STIMULATION_ANSWERED, proc.last_ms, text))
    return proc, (SendStimulationOff(), note, Persist())


def _marks(proc: Procedure) -> str:
    run = proc.stimulating
    return f"marks {amplitude(run.set_ua, run.unit)}" if run is not None and run.set_ua else ""


def _by(limit: Callable[[Stimulating], int]) -> Callable[[Procedure], str]:
    def words(proc: Procedure) -> str:
        run = proc.stimulating
        return f"by {amplitude(limit(run), run.unit)}" if run is not None else ""

    return words


_SENSORY, _MOTOR = StimulationKind.SENSORY, StimulationKind.MOTOR
_ANSWERS: Final = {
    _SENSORY: (
        StimulationAnswer.USUAL_AREA,
        StimulationAnswer.ELSEWHERE,
        StimulationAnswer.NOT_FELT,
        StimulationAnswer.PAINFUL,
    ),
    _MOTOR: (StimulationAnswer.CONTRACTION, StimulationAnswer.NO_CONTRACTION),
}

# --- the rows ---------------------------------------------------------------------------------

_HERE: Final = frozenset({Phase.STIMULATE})


def _of(field: str, value: object) -> Callable[[Any], bool]:
    return lambda asked: getattr(asked, field) is value


def _start_row(kind: StimulationKind) -> Row:
    def detail(proc: Procedure) -> str:
        rate = rates(proc).sensory_hz if kind is _SENSORY else rates(proc).motor_hz
        return f"{plain(rate)} Hz, from 0"

    label = said(f"{kind.capitalize()} test")
    matches = _of("kind", kind)
    return Row(
        f"start_{kind}", StartStimulation, matches, _HERE, label, detail,
        _start_blocked(kind), _start,
    )  # fmt: skip


def _step_row(step: AmplitudeStep, words: str) -> Row:
    return Row(
        f"amplitude_{step}", StepAmplitude, _of("step", step), _HERE,
        said(words), said(""), _step_blocked(step), _step,
    )  # fmt: skip


def _answer_row(
    name: str, answer: StimulationAnswer, words: str, detail: Callable[[Procedure], str]
) -> Row:
    return Row(
        name, AnswerStimulation, _of("answer", answer), _HERE,
        said(words), detail, _answer_blocked(answer), _answer,
    )  # fmt: skip


ROWS: tuple[Row, ...] = (
    Row(
        "stimulate", Stimulate, always, frozenset({Phase.READY, Phase.THAWING}),
        said("Stimulate"), said("test this placement"), _open_blocked, _open,
    ),
    _start_row(_SENSORY),
    _start_row(_MOTOR),
    _step_row(AmplitudeStep.ZERO, "0"),
    _step_row(AmplitudeStep.DOWN, "−"),
    _step_row(AmplitudeStep.UP, "+"),
    _answer_row("felt_usual", StimulationAnswer.USUAL_AREA, "Felt in the usual pain area", _marks),
    _answer_row("felt_elsewhere", StimulationAnswer.ELSEWHERE, "Felt elsewhere", said("")),
    _answer_row("not_felt", StimulationAnswer.NOT_FELT, "Not felt", _by(lambda run: FELT_BY_UA)),
    _answer_row("painful", StimulationAnswer.PAINFUL, "Painful: stop", said("")),
    _answer_row("contraction", StimulationAnswer.CONTRACTION, "Contraction", _marks),
    _answer_row(
        "no_contraction", StimulationAnswer.NO_CONTRACTION, "No contraction",
        _by(lambda run: run.limit_ua),
    ),
    Row(
        "end_stimulation", EndStimulation, always, _HERE,
        said("End the test"), said("without an answer"), _end_blocked, _end,
    ),
    Row(
        "to_freeze", ToFreeze, always, _HERE,
        said("Go to the freeze"), _leave_detail, _leave_blocked, _leave,
    ),
)  # fmt: skip

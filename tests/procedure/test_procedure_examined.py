"""The tests of a headless run: what is asked for at each answer of the simulated patient."""

import pytest
from procedure_kit import Case, in_phase
from test_procedure_stimulation import MOTOR, SENSORY, begun, off, on, pulses, up_to

from console.headless.examiner import SETTLES_MS, wanted
from console.model.observation import FreezeEnd
from console.model.request import (
    AnswerStimulation,
    AnyRequest,
    StartStimulation,
    StepAmplitude,
    ToFreeze,
)
from console.model.snapshot import Phase
from console.model.stimulation import AmplitudeStep, AnsweredBy, StimulationAnswer, Voice

UP = StepAmplitude(AmplitudeStep.UP)
SILENT = Voice("nothing", twitch=False, at_ms=0)


def settled(case: Case) -> Case:
    assert case.proc.stimulating is not None
    for _ in range(SETTLES_MS // 50):
        on(case, case.proc.stimulating.set_ua)
    return case


def at(case: Case, voice: Voice | None) -> AnyRequest | str | None:
    return wanted(case.proc, lambda: voice)


def marks(answer: StimulationAnswer) -> AnswerStimulation:
    return AnswerStimulation(answer, by=AnsweredBy.SIMULATED_PATIENT)


@pytest.mark.parametrize(
    ("felt", "ua", "asked"),
    [
        ("nothing", 450, UP),
        ("nothing", 500, marks(StimulationAnswer.NOT_FELT)),
        ("usual pain area", 100, marks(StimulationAnswer.USUAL_AREA)),
        ("elsewhere", 300, marks(StimulationAnswer.ELSEWHERE)),
        ("painful", 300, marks(StimulationAnswer.PAINFUL)),
    ],
)
def test_what_is_felt_is_marked_and_silence_takes_more_current(
    felt: str, ua: int, asked: AnyRequest
) -> None:
    # What twitches in a sensory test is no answer to it.
    voice = Voice(felt, twitch=True, at_ms=0)  # type: ignore[arg-type]
    assert at(settled(up_to(begun(), ua)), voice) == asked


@pytest.mark.parametrize(
    ("twitch", "ua", "asked"),
    [
        (False, 950, UP),
        (False, 1_000, marks(StimulationAnswer.NO_CONTRACTION)),
        (True, 500, marks(StimulationAnswer.CONTRACTION)),
    ],
)
def test_a_muscle_that_moves_is_marked(twitch: bool, ua: int, asked: AnyRequest) -> None:
    case = up_to(begun(), 400)
    case.ask(marks(StimulationAnswer.USUAL_AREA))
    off(case)
    assert at(case, None) == StartStimulation(MOTOR)
    voice = Voice("painful", twitch=twitch, at_ms=0)
    assert at(pulses(settled(up_to(begun(MOTOR, case), ua))), voice) == asked


def test_nobody_is_asked_before_the_current_has_settled() -> None:
    def never() -> Voice:
        raise AssertionError("asked too early")

    case = begun()
    assert wanted(case.proc, never) == UP
    case.ask(UP)
    assert wanted(case.proc, never) is None, "not yet taken"
    case = up_to(begun(), 200)
    assert wanted(case.proc, never) is None, "not yet settled"
    assert at(settled(case), None) is None, "no answer yet"


def test_it_begins_with_the_sensory_test_and_leaves_when_the_site_is_confirmed() -> None:
    case = in_phase(Phase.STIMULATE)
    assert at(case, None) == StartStimulation(SENSORY)
    case = up_to(begun(), 400)
    case.ask(marks(StimulationAnswer.USUAL_AREA))
    off(case)
    case = pulses(up_to(begun(MOTOR, case), 1_000))
    case.ask(marks(StimulationAnswer.NO_CONTRACTION))
    off(case)
    assert at(case, None) == ToFreeze()


def test_why_a_site_is_not_confirmed_is_said() -> None:
    case = up_to(begun(), 500)
    case.ask(marks(StimulationAnswer.NOT_FELT))
    off(case)
    assert at(case, SILENT) == "Sensory test: not felt by 0.50 mA: reposition the probe"


def test_a_test_that_ended_by_itself_is_not_tried_for_ever() -> None:
    case = up_to(begun(), 200)
    off(case, FreezeEnd.FAULT)
    assert at(case, SILENT) == (
        "Sensory test stopped by the console's own interlock, without an answer"
    )

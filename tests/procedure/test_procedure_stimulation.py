"""Stimulation: a test from 0 to its answer, what it shows of this placement alone, and what keeps
the freeze from starting. Numbers: product.md, "Clinical facts and presets"."""

from typing import Any

import msgspec
import pytest
from procedure_kit import FREEZING, IDLE, THAWING, Case, in_phase, plan

from console.model.device import DeviceState
from console.model.event import EventKind
from console.model.observation import DeviceEvent, FreezeEnd
from console.model.override import OverrideKind
from console.model.plan import StimulationPlan
from console.model.request import (
    AnswerStimulation,
    EndStimulation,
    Override,
    ProbeMoved,
    ProbeOut,
    StartFreeze,
    StartStimulation,
    StepAmplitude,
    Stimulate,
    ToFreeze,
)
from console.model.snapshot import Phase
from console.model.stimulation import (
    AmplitudeStep,
    AnsweredBy,
    StimulationAnswer,
    StimulationKind,
    StimulationRecord,
)
from console.procedure import step, view
from console.procedure.state import (
    Persist,
    SendAmplitude,
    SendArm,
    SendStimulation,
    SendStimulationOff,
    SendStop,
)

SENSORY, MOTOR = StimulationKind.SENSORY, StimulationKind.MOTOR
UP, DOWN, ZERO = AmplitudeStep.UP, AmplitudeStep.DOWN, AmplitudeStep.ZERO
USUAL, NONE = StimulationAnswer.USUAL_AREA, StimulationAnswer.NO_CONTRACTION
ON = DeviceState.STIMULATING


def begun(kind: StimulationKind = SENSORY, case: Case | None = None) -> Case:
    """A test that runs, at amplitude 0."""
    case = case or in_phase(Phase.STIMULATE)
    refused = case.ask(StartStimulation(kind))
    assert refused is None, refused
    case.handshake()
    on(case, 0)
    return case


def on(case: Case, delivered_ua: float | None, ohm: float | None = 480.0) -> None:
    case.see(ON, 36.0, stimulator_on=True, delivered_ua=delivered_ua, impedance_ohm=ohm)


def up_to(case: Case, ua: int) -> Case:
    """Step by step to an amplitude; the console takes and delivers each."""
    run = case.proc.stimulating
    assert run is not None
    for at in range(run.set_ua + 50, ua + 1, 50):
        refused = case.ask(StepAmplitude(UP))
        assert refused is None, refused
        case.take(step.amplitude_taken(case.proc, at))
        on(case, at)
    return case


def pulses(case: Case) -> Case:
    """Three at 2 Hz, at the amplitude that is set."""
    assert case.proc.stimulating is not None
    for _ in range(1_500 // 50):
        on(case, case.proc.stimulating.set_ua)
    return case


def answered(case: Case, answer: StimulationAnswer) -> Case:
    """The answer, and the console's word that the stimulator is off."""
    if answer is NONE:
        pulses(case)
    refused = case.ask(AnswerStimulation(answer))
    assert refused is None, refused
    off(case)
    return case


def off(case: Case, why: FreezeEnd = FreezeEnd.END) -> None:
    event = DeviceEvent(case.at_ms, "stimulation_ended", why.value, 0, stimulation_end=why)
    case.take(step.device_said(case.proc, event))
    case.see(IDLE, 36.0)


def both_tests(sensory_ua: int = 400, motor: StimulationAnswer = NONE) -> Case:
    """Both tests of this placement."""
    case = answered(up_to(begun(), sensory_ua), USUAL)
    begun(MOTOR, case)
    assert case.proc.stimulating is not None
    return answered(up_to(case, case.proc.stimulating.limit_ua), motor)


def newest(case: Case) -> StimulationRecord:
    return case.proc.tests[-1]


# --- a test ------------------------------------------------------------------------------------


def test_a_plan_with_stimulation_begins_there_and_one_without_at_the_freeze() -> None:
    assert Case(plan(stimulation=StimulationPlan())).phase is Phase.STIMULATE
    assert Case(plan()).phase is Phase.READY


def test_each_step_of_the_start_waits_for_the_one_before() -> None:
    case = in_phase(Phase.STIMULATE)
    said = len(case.said)
    assert case.ask(StartStimulation(SENSORY)) is None
    assert any(isinstance(e, Persist) for e in case.said[said:])
    assert not any(isinstance(e, SendArm) for e in case.said), "not before it is on disk"
    assert case.take(step.durable(case.proc)) == (SendArm(stimulation=True),)
    assert case.take(step.armed(case.proc)) == (SendStimulation(SENSORY, 50.0, 0.5, 3_000),)
    assert case.take(step.granted(case.proc)) == ()
    assert case.proc.tests == (), "granted is not yet on"
    on(case, 0)
    assert newest(case).kind is SENSORY and newest(case).placement == 1


def test_the_amplitude_goes_in_steps_of_0_05_down_and_to_0() -> None:
    case = up_to(begun(), 150)
    assert case.ask(StepAmplitude(DOWN)) is None
    case.take(step.amplitude_taken(case.proc, 100))
    assert case.ask(StepAmplitude(ZERO)) is None
    asked = [e.amplitude_ua for e in case.said if isinstance(e, SendAmplitude)]
    assert asked == [50, 100, 150, 100, 0]
    case.take(step.amplitude_taken(case.proc, 0))
    assert case.ask(StepAmplitude(ZERO)) == case.ask(StepAmplitude(DOWN)) == "It is 0"


def test_what_is_shown_as_set_is_what_the_console_has_taken() -> None:
    case = begun()
    case.ask(StepAmplitude(UP))
    assert view.view(case.proc, case.now).stimulation.set_ua == 0
    case.take(step.amplitude_taken(case.proc, 50))
    assert view.view(case.proc, case.now).stimulation.set_ua == 50
    case.ask(StepAmplitude(UP))
    case.take(step.amplitude_refused(case.proc))
    shown = view.view(case.proc, case.now).stimulation
    assert (shown.wanted_ua, shown.set_ua) == (50, 50)


def test_the_keys_run_ahead_of_the_console_by_0_20_at_most() -> None:
    case = begun()
    for _ in range(4):
        assert case.ask(StepAmplitude(UP)) is None
    assert case.ask(StepAmplitude(UP)) == "The console has not yet taken the last steps"
    assert case.ask(StepAmplitude(DOWN)) is None, "less is always allowed"


@pytest.mark.parametrize(("threshold", "limit"), [(400, 1_000), (500, 1_000), (700, 1_400)])
def test_motor_goes_to_twice_the_threshold_or_1_0(threshold: int, limit: int) -> None:
    case = begun(MOTOR, answered(up_to(begun(), threshold), USUAL))
    assert case.proc.stimulating is not None and case.proc.stimulating.limit_ua == limit
    up_to(case, limit)
    assert case.ask(StepAmplitude(UP)) == f"At most {limit / 1000:.2f} mA in this test"


def test_motor_goes_to_2_0_at_most_and_sensory_to_the_hosts_3_0() -> None:
    case = answered(up_to(begun(), 1_500), USUAL)
    begun(MOTOR, case)
    assert case.proc.stimulating is not None and case.proc.stimulating.limit_ua == 2_000
    case = up_to(begun(), 3_000)
    assert case.ask(StepAmplitude(UP)) == "At most 3.00 mA in this test"


def test_a_ladder_of_amplitudes_with_what_was_delivered_is_kept() -> None:
    case = up_to(begun(), 100)
    on(case, 97.0, 500.0)
    rungs = [(s.set_ua, s.delivered_ua, s.impedance_ohm) for s in newest(case).steps]
    assert rungs == [(50, 50, 480.0), (100, 97.0, 500.0)]


# --- answers -----------------------------------------------------------------------------------


def test_an_answer_marks_the_amplitude_and_ends_the_test() -> None:
    case = up_to(begun(), 400)
    on(case, 390.0)
    said = len(case.said)
    answered(case, USUAL)
    assert any(isinstance(e, SendStimulationOff) for e in case.said[said:])
    test = newest(case)
    assert (test.answer, test.answered_ua, test.delivered_ua) == (USUAL, 400, 390.0)
    assert test.end is FreezeEnd.END and test.ended_ms is not None
    assert case.texts(EventKind.STIMULATION_ANSWERED) == [
        "Sensory test: felt in the usual pain area at 0.40 mA (delivered 0.39 mA, 480 ohm), "
        "placement 1."
    ]


def test_no_answer_at_0() -> None:
    for answer in (USUAL, StimulationAnswer.PAINFUL):
        assert begun().ask(AnswerStimulation(answer)) == "The amplitude is 0"


def test_not_felt_means_by_0_50() -> None:
    case = up_to(begun(), 450)
    asked = AnswerStimulation(StimulationAnswer.NOT_FELT)
    assert case.ask(asked) == "Go up to 0.50 mA first"
    up_to(case, 500)
    assert case.ask(asked) is None


def test_no_contraction_means_up_to_the_motor_limit() -> None:
    case = up_to(begun(MOTOR, answered(up_to(begun(), 400), USUAL)), 950)
    assert case.ask(AnswerStimulation(NONE)) == "Go up to 1.00 mA first"
    up_to(case, 1_000)
    assert case.ask(AnswerStimulation(NONE)) == "Wait for 3 pulses at this amplitude"
    pulses(case)
    assert case.ask(AnswerStimulation(NONE)) is None


@pytest.mark.parametrize(
    ("delivered", "refused"),
    [
        (500.0, None),
        (400.0, None),
        (399.0, "Only 0.40 mA of 0.50 mA arrives"),
        (0.0, "Only 0.00 mA of 0.50 mA arrives"),
        (None, "Not yet delivered"),
    ],
)
def test_an_answer_counts_only_for_what_arrives(
    delivered: float | None, refused: str | None
) -> None:
    case = up_to(begun(), 500)
    on(case, delivered)
    assert case.ask(AnswerStimulation(USUAL)) == refused
    if refused is not None:
        assert case.ask(AnswerStimulation(StimulationAnswer.PAINFUL)) is None, "pain always counts"


def test_answers_belong_to_their_test() -> None:
    case = up_to(begun(), 500)
    asked = AnswerStimulation(StimulationAnswer.CONTRACTION)
    assert case.ask(asked) == "No answer of a sensory test"


def test_off_without_an_answer_is_no_result() -> None:
    case = up_to(begun(), 400)
    assert case.ask(EndStimulation()) is None
    assert case.ask(EndStimulation()) == "Ending"
    off(case)
    assert case.proc.stimulating is None and newest(case).answer is None
    assert case.ask(ToFreeze()) == "The sensory test is not done"


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (FreezeEnd.TIMER, "went off by itself after 1:00"),
        (FreezeEnd.FAULT, "stopped by the console's own interlock"),
    ],
)
def test_the_console_ends_it_too(why: FreezeEnd, words: str) -> None:
    case = up_to(begun(), 400)
    off(case, why)
    assert case.proc.stimulating is None and newest(case).end is why
    said = f"Sensory test {words}, without an answer."
    assert case.texts(EventKind.STIMULATION_ENDED) == [said]


def test_a_late_word_of_the_test_before_ends_nothing() -> None:
    case = answered(up_to(begun(), 100), StimulationAnswer.ELSEWHERE)
    old_ms = case.at_ms
    begun(SENSORY, case)
    event = DeviceEvent(old_ms, "stimulation_ended", "", 0, stimulation_end=FreezeEnd.END)
    case.take(step.device_said(case.proc, event))
    assert case.proc.stimulating is not None


def test_seen_off_without_a_word_it_is_closed_as_unknown() -> None:
    case = up_to(begun(), 400)
    case.see(IDLE, 36.0, ms=50)
    assert case.proc.stimulating is not None, "its reason may be on the way"
    assert case.ask(StepAmplitude(UP)) == "Ending"
    case.see(IDLE, 36.0, ms=600)
    assert case.proc.stimulating is None and newest(case).end is FreezeEnd.UNKNOWN


# --- what comes to nothing ---------------------------------------------------------------------


def test_a_failed_start_switches_off_for_certain() -> None:
    case = in_phase(Phase.STIMULATE)
    case.ask(StartStimulation(SENSORY))
    case.take(step.durable(case.proc))
    effects = case.take(step.start_failed(case.proc, "no probe is connected"))
    assert effects[0] == SendStop() and case.proc.stimulating is None
    assert case.texts(EventKind.START_FAILED) == [
        "The sensory test did not start: no probe is connected."
    ]


def test_a_grant_that_is_not_carried_out_within_1_s_fails() -> None:
    case = in_phase(Phase.STIMULATE)
    case.ask(StartStimulation(SENSORY))
    case.handshake()
    case.see(IDLE, 36.0, ms=1_000)
    assert case.proc.stimulating is not None
    case.see(IDLE, 36.0, ms=1)
    assert case.proc.stimulating is None and SendStop() in case.said


@pytest.mark.parametrize("running", [False, True])
def test_stop_ends_it_and_stays_at_stimulate(running: bool) -> None:
    case = up_to(begun(), 400) if running else in_phase(Phase.STIMULATE)
    if not running:
        case.ask(StartStimulation(SENSORY))
    case.stop()
    assert case.phase is Phase.STIMULATE and case.proc.stimulating is None
    assert [test.end for test in case.proc.tests] == [FreezeEnd.STOP] * running
    for late in (step.durable, step.armed, step.granted):
        assert late(case.proc) == (case.proc, ())


def test_a_case_taken_up_again_has_no_test_running() -> None:
    case = up_to(begun(), 400)
    case.take(step.resumed(case.proc, "x", same_boot=False))
    assert case.proc.stimulating is None and newest(case).end is FreezeEnd.UNKNOWN


# --- what it shows -----------------------------------------------------------------------------


def test_both_tests_good_open_the_freeze() -> None:
    case = both_tests()
    assert case.ask(ToFreeze()) is None and case.phase is Phase.READY
    assert case.ask(StartFreeze()) is None


@pytest.mark.parametrize(
    ("at_ua", "answer", "why"),
    [
        (500, USUAL, "The motor test is not done"),
        (550, USUAL, "Felt only above 0.50 mA: the nerve is too far, reposition the probe"),
        (300, StimulationAnswer.ELSEWHERE, "felt elsewhere at 0.30 mA"),
        (500, StimulationAnswer.NOT_FELT, "not felt by 0.50 mA"),
        (200, StimulationAnswer.PAINFUL, "painful at 0.20 mA"),
    ],
)  # fmt: skip
@pytest.mark.hazard("wrong_site", "truth")
def test_what_is_missing_is_said(at_ua: int, answer: StimulationAnswer, why: str) -> None:
    case = answered(up_to(begun(), at_ua), answer)
    refused = case.ask(ToFreeze())
    reposition = f"Sensory test: {why}: reposition the probe"
    assert refused == (why if answer is USUAL else reposition)


@pytest.mark.parametrize(("at_ua", "said"), [(50, True), (100, False)])
def test_under_0_10_it_may_be_inside_the_nerve(at_ua: int, said: bool) -> None:
    case = answered(up_to(begun(), at_ua), USUAL)
    remark = view.view(case.proc, case.now).stimulation.remark
    assert ("may be inside the nerve" in remark) is said


@pytest.mark.hazard("wrong_site", "truth")
def test_a_contraction_blocks_even_where_nothing_was_asked_for() -> None:
    case = Case(plan())
    assert case.ask(Stimulate()) is None
    answered(up_to(begun(SENSORY, case), 400), USUAL)
    answered(up_to(begun(MOTOR, case), 600), StimulationAnswer.CONTRACTION)
    why = case.ask(ToFreeze())
    assert why == "A muscle contracts here: move the probe and test again, or give a reason"


@pytest.mark.hazard("probe_moved", "truth")
def test_results_belong_to_a_placement_and_are_void_when_the_probe_moves() -> None:
    case = both_tests(motor=StimulationAnswer.CONTRACTION)
    assert case.ask(ProbeMoved()) is None
    assert case.ask(ToFreeze()) == "The probe was moved: stimulate again"
    shown = view.view(case.proc, case.now).stimulation
    assert (shown.sensory, shown.motor) == ("not tested", "not tested")
    answered(up_to(begun(SENSORY, case), 300), USUAL)
    answered(up_to(begun(MOTOR, case), 1_000), NONE)
    assert case.ask(ToFreeze()) is None
    assert [test.placement for test in case.proc.tests] == [1, 1, 2, 2], "all are kept"


def test_moving_during_a_test_ends_it() -> None:
    case = up_to(begun(), 400)
    case.ask(ProbeMoved())
    assert SendStimulationOff() in case.said
    assert case.ask(AnswerStimulation(USUAL)) == "Ending"
    off(case)
    assert newest(case).answer is None and newest(case).placement == 1


def test_moving_while_it_starts_gives_the_start_up() -> None:
    case = in_phase(Phase.STIMULATE)
    case.ask(StartStimulation(SENSORY))
    case.ask(ProbeMoved())
    assert step.durable(case.proc) == (case.proc, ()) and SendStimulationOff() in case.said


def test_moved_after_the_first_freeze_it_is_stimulated_again_once_thawed() -> None:
    case = both_tests()
    case.ask(ToFreeze())
    case.freeze().ends().thaws(45.0)
    case.ask(ProbeMoved())
    assert case.ask(StartFreeze()) == "The probe was moved: stimulate again"
    assert case.ask(Stimulate()) == "The probe is still thawing"
    case.see(IDLE, 20.0)
    assert case.ask(Stimulate()) is None
    answered(up_to(begun(SENSORY, case), 300), USUAL)
    answered(up_to(begun(MOTOR, case), 1_000), NONE)
    assert case.ask(ToFreeze()) is None and case.phase is Phase.THAWING
    assert case.ask(StartFreeze()) is None


def test_each_site_is_stimulated() -> None:
    case = Case(plan(sites=2, stimulation=StimulationPlan()))
    assert case.ask(ProbeOut("another way")) is None
    assert case.proc.site == 1 and case.phase is Phase.STIMULATE


# --- overrides ---------------------------------------------------------------------------------


def test_going_on_without_stimulation_needs_a_reason_and_holds_for_this_placement() -> None:
    case = in_phase(Phase.STIMULATE)
    kind = OverrideKind.NO_STIMULATION
    assert case.ask(Override(kind, " ")) == "Give a reason"
    assert case.ask(Override(kind, "nerve seen on ultrasound")) is None
    assert case.texts(EventKind.OVERRIDDEN) == [
        "Override: goes on without a stimulation that confirms the site. "
        "Reason: nerve seen on ultrasound."
    ]
    assert case.ask(Override(kind, "again")) == "Nothing is missing that this would lift"
    assert case.ask(ProbeMoved()) is None
    assert case.ask(ToFreeze()) == "The probe was moved: stimulate again"
    assert case.ask(Override(kind, "still seen")) is None
    assert case.ask(ToFreeze()) is None
    assert [(o.placement, o.reason) for o in case.proc.overrides] == [
        (1, "nerve seen on ultrasound"), (2, "still seen"),
    ]  # fmt: skip


@pytest.mark.hazard("wrong_site", "truth")
def test_a_contraction_has_its_own_override() -> None:
    case = both_tests(motor=StimulationAnswer.CONTRACTION)
    without = Override(OverrideKind.NO_STIMULATION, "x")
    assert case.ask(without) == "Nothing is missing that this would lift"
    assert case.ask(Override(OverrideKind.CONTRACTION, "motor loss consented")) is None
    assert case.ask(ToFreeze()) is None


def test_no_override_while_a_test_runs() -> None:
    assert begun().ask(Override(OverrideKind.NO_STIMULATION, "x")) == "A test is running"


# --- never together ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"not_stimulable": ("No probe is connected",)}, "No probe is connected"),
        ({"device": None}, "No console is connected"),
        ({"fresh": False}, "No fresh reading from the console"),
    ],
)
def test_a_test_is_refused_with_its_reason(changed: dict[str, Any], why: str) -> None:
    case = in_phase(Phase.STIMULATE)
    case.now = msgspec.structs.replace(case.now, **changed)
    assert case.ask(StartStimulation(SENSORY)) == why


def test_a_console_without_a_stimulator_says_so() -> None:
    case = in_phase(Phase.STIMULATE)
    assert case.now.device is not None
    bare = msgspec.structs.replace(case.now.device, stimulator_unit=None)
    case.now = msgspec.structs.replace(case.now, device=bare)
    assert case.ask(StartStimulation(SENSORY)) == "This console has no stimulator"
    case = in_phase(Phase.READY)
    case.now = msgspec.structs.replace(case.now, device=bare)
    assert case.ask(Stimulate()) == "This console has no stimulator"


@pytest.mark.parametrize(
    ("state", "fields", "why"),
    [
        (FREEZING, {}, "The gas is on"),
        (IDLE, {"valve_open": True}, "The gas is on"),
        (THAWING, {}, "The probe is still thawing"),
        (IDLE, {"stimulator_on": True}, "The stimulator is on already"),
    ],
)
def test_no_test_with_the_gas_on_or_the_probe_cold(
    state: DeviceState, fields: dict[str, Any], why: str
) -> None:
    case = in_phase(Phase.STIMULATE)
    case.see(state, 36.0, **fields)
    assert case.ask(StartStimulation(SENSORY)) == why


@pytest.mark.parametrize("fields", [{"stimulator_on": True}, {"state": ON}])
def test_no_freeze_with_the_stimulator_on(fields: dict[str, Any]) -> None:
    case = in_phase(Phase.READY)
    case.see(fields.pop("state", IDLE), 36.0, **fields)
    assert case.ask(StartFreeze()) == "The stimulator is on"


def test_one_test_at_a_time_and_the_probe_stays_in() -> None:
    case = begun()
    assert case.ask(StartStimulation(SENSORY)) == "running"
    assert case.ask(StartStimulation(MOTOR)) == "after this test"
    assert case.ask(ProbeOut("x")) == "The stimulator is on"
    assert case.ask(ToFreeze()) == "A test is running: end it first"


# --- who answered ------------------------------------------------------------------------------


def test_an_answer_says_who_gave_it() -> None:
    patient = AnsweredBy.SIMULATED_PATIENT
    for by, tail in ((AnsweredBy.OPERATOR, ""), (patient, ", by the simulated patient")):
        case = up_to(begun(), 400)
        assert case.ask(AnswerStimulation(USUAL, by=by)) is None
        assert newest(case).by is by
        assert f"placement 1{tail}." in case.texts(EventKind.STIMULATION_ANSWERED)[-1]


def test_a_real_console_has_no_simulated_patient() -> None:
    case = up_to(begun(), 400)
    assert case.now.device is not None
    real = msgspec.structs.replace(case.now.device, simulated=False)
    case.now = msgspec.structs.replace(case.now, device=real)
    asked = AnswerStimulation(StimulationAnswer.PAINFUL, by=AnsweredBy.SIMULATED_PATIENT)
    assert case.ask(asked) == "On a real console there is no simulated patient"
    assert case.ask(AnswerStimulation(StimulationAnswer.PAINFUL)) is None


@pytest.mark.parametrize("how", ["demonstration", "headless run"])
def test_what_is_tested_is_not_said_to_be_skipped(how: str) -> None:
    skipped, tested = (
        Case(plan(stimulation=asked), how).texts(EventKind.PLAN_CHOSEN)[0]
        for asked in (None, StimulationPlan())
    )
    assert "stimulation: " in skipped
    assert "stimulation: " not in tested and "confirmed by stimulation" in tested

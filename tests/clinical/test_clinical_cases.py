"""What goes wrong at the bedside, from the first click to the report's outcome: the whole control
core, with real frames to and from a console in memory."""

from core_kit import Bench, Console, plan

from console.model.cycle import CycleState
from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.plan import Side, StimulationPlan
from console.model.request import (
    PAIN_GONE,
    Acknowledge,
    AddFreeze,
    AfterStop,
    AnswerStimulation,
    AnswerTimeOut,
    BackToPrepare,
    ChoosePlan,
    Decide,
    EndTimeOut,
    FinishHere,
    NewSession,
    OpenTimeOut,
    ProbeMoved,
    ProbeOut,
    ScorePain,
    StartFreeze,
    StartStimulation,
    StepAmplitude,
    Stop,
    ToFreeze,
)
from console.model.snapshot import Phase
from console.model.stimulation import AmplitudeStep, StimulationAnswer, StimulationKind
from console.model.time_out import TimeOutItem
from console.procedure.view import outcome
from drivers.link import codes

SENSORY, MOTOR = StimulationKind.SENSORY, StimulationKind.MOTOR


def frozen_once(*, cycles: int = 2, **welcome: int) -> Bench:
    """The first freeze has run to its end, and its thaw is over."""
    bench = Bench(Console(**welcome)).freezing(plan(*[6.0] * cycles))
    bench.run(10_000, lambda: bench.phase is Phase.THAWING)
    bench.run(2_500)
    return bench


def started(bench: Bench, *, for_ms: int = 2_000) -> Bench:
    assert bench.ask(StartFreeze()) is None
    bench.run(1_000, lambda: bench.phase is Phase.FREEZING)
    bench.run(for_ms)
    return bench


def withdrawn(bench: Bench) -> None:
    """The probe thaws until it is free, and is taken out."""
    bench.run(60_000, lambda: bench.phase is Phase.FREE)
    assert bench.ask(ProbeOut()) is None
    assert bench.phase is Phase.OUT


def ended(bench: Bench) -> list[tuple[int, CycleState]]:
    return [(record.number, record.state) for record in bench.state.procedure.records]


# --- stopped, and repeated ---------------------------------------------------------------------


def test_stop_in_the_second_freeze_and_repeat() -> None:
    bench = started(frozen_once())
    assert bench.ask(Stop("screen")) is None
    bench.run(2_000, lambda: bool(bench.told(EventKind.GAS_CONFIRMED_OFF)))
    assert bench.phase is Phase.STOPPED and not bench.console.valve_open
    assert bench.alarms == {}, "the operator's own stop is no alarm"
    assert bench.ask(StartFreeze()) == "First decide what becomes of the stopped freeze"
    assert bench.ask(Decide(AfterStop.REPEAT)) is None
    bench.run(3_000)
    started(bench)
    bench.run(10_000, lambda: bench.phase is Phase.RELEASING)
    withdrawn(bench)
    assert ended(bench) == [
        (1, CycleState.DONE), (2, CycleState.STOPPED), (2, CycleState.DONE),
    ]  # fmt: skip
    assert outcome(bench.state.procedure) == "completed"


# --- an interlock that only an engineer clears --------------------------------------------------


def test_a_trip_that_only_an_engineer_clears_ends_the_case_in_good_order() -> None:
    bench = started(frozen_once(cycles=3))
    bench.console.fault(codes.Fault.SUPPLY_EXTREME, stands=True)
    bench.run(2_000, lambda: bench.phase is Phase.STOPPED)
    alarm = bench.alarms["supply_extreme"]
    assert alarm.priority.value == "high" and bench.console.on_ms is None
    assert bench.state.procedure.records[-1].end in (FreezeEnd.FAULT, FreezeEnd.STOP)
    bench.console.standing = 0
    bench.ask(Acknowledge())
    bench.run(1_000)
    assert "supply_extreme" in bench.alarms, "an engineer releases the console, nobody else"
    for choice in (AfterStop.REPEAT, AfterStop.COUNT):
        assert bench.ask(Decide(choice)) is not None
    # It blocks what begins, and never what ends.
    assert bench.ask(Decide(AfterStop.FINISH)) is None
    withdrawn(bench)
    assert outcome(bench.state.procedure) == "ended early"
    assert bench.ask(NewSession()) is None
    bench.run(500)
    assert bench.ask(ChoosePlan(plan(), how="demonstration")) is None
    assert bench.ask(StartFreeze()) is not None, "no restart of the session clears it either"


# --- the thermocouple is lost in the patient -----------------------------------------------------


def test_a_thermocouple_lost_in_the_patient_is_never_shown_as_free() -> None:
    bench = started(frozen_once())
    bench.console.tip, bench.console.quality = None, codes.Quality.OPEN
    bench.console.fault(codes.Fault.THERMOCOUPLE_OPEN)
    bench.run(2_000, lambda: bench.phase is Phase.STOPPED)
    assert bench.ask(Decide(AfterStop.REPEAT)) is not None
    assert bench.ask(Decide(AfterStop.FINISH)) is None
    bench.run(30_000)
    assert bench.phase is Phase.RELEASING, "an unknown tip is never free"
    assert (seen := bench.snapshot().observation) is not None and seen.tip_celsius is None
    assert bench.ask(ProbeOut()) == "The probe is not known to be free: give a reason"
    assert bench.ask(ProbeOut("Temperature unknown, waited")) is None
    assert bench.phase is Phase.OUT
    assert bench.state.procedure.released_early == "Temperature unknown, waited"
    assert outcome(bench.state.procedure) == "ended early"


# --- the wrong side ----------------------------------------------------------------------------


def test_a_wrong_side_is_caught_when_the_card_is_read() -> None:
    chosen = plan(6.0)
    bench = Bench().ready(chosen)
    assert bench.ask(OpenTimeOut()) is None
    for item in TimeOutItem:
        assert bench.ask(AnswerTimeOut(item, clear=item is not TimeOutItem.SIDE)) is None
    assert "choose it afresh" in (bench.ask(EndTimeOut()) or "")
    assert bench.ask(StartFreeze()) == "First the time-out"
    assert bench.ask(BackToPrepare()) is None
    assert bench.phase is Phase.PREPARE and bench.state.procedure.plan is None
    (left,) = chosen.sites
    right = type(left)(left.nerve, Side.RIGHT, left.cycles)
    again = ChoosePlan(type(chosen)((right,)), how="demonstration")
    assert bench.ask(again) is None
    started(bench)
    assert "RIGHT SAPHENOUS" in bench.told(EventKind.FREEZE_STARTED)[-1]
    assert not any("LEFT" in text for text in bench.told(EventKind.FREEZE_STARTED))


# --- the pain is gone --------------------------------------------------------------------------


def test_pain_gone_after_the_second_freeze_is_where_it_ends() -> None:
    bench = Bench().ready(plan(6.0, 6.0, 6.0))
    assert bench.ask(ScorePain(7)) is None
    for _ in range(2):
        started(bench)
        bench.run(10_000, lambda: bench.phase is Phase.THAWING)
        bench.run(2_500)
    assert bench.ask(ScorePain(0)) is None
    assert bench.ask(FinishHere(PAIN_GONE)) is None
    assert bench.phase is Phase.RELEASING
    bench.run(60_000, lambda: bench.phase is Phase.FREE)
    assert "add_freeze" in bench.snapshot().controls, "and one more is there if it comes back"
    withdrawn(bench)
    assert [(each.score, each.after) for each in bench.state.procedure.pain] == [(7, 0), (0, 2)]
    assert any(PAIN_GONE in text for text in bench.told(EventKind.DECIDED))
    assert ended(bench) == [(1, CycleState.DONE), (2, CycleState.DONE)]
    assert outcome(bench.state.procedure) == "pain gone"


def test_one_freeze_added_after_that_is_done_like_the_others() -> None:
    bench = frozen_once(cycles=3)
    assert bench.ask(FinishHere(PAIN_GONE)) is None
    assert bench.ask(AddFreeze()) is None
    started(bench)
    bench.run(10_000, lambda: bench.phase is Phase.RELEASING)
    withdrawn(bench)
    assert ended(bench) == [(1, CycleState.DONE), (2, CycleState.DONE)]


# --- a contraction -----------------------------------------------------------------------------


def answered(bench: Bench, kind: StimulationKind, answer: StimulationAnswer, up_to_ua: int) -> None:
    assert bench.ask(StartStimulation(kind)) is None
    bench.run(1_000, lambda: bench.console.stimulator_on)
    bench.run(200)
    for _ in range(up_to_ua // 50):
        assert bench.ask(StepAmplitude(AmplitudeStep.UP)) is None
        bench.run(150)
    bench.run(1_500)  # three pulses of the motor test
    assert bench.ask(AnswerStimulation(answer)) is None
    bench.run(2_000, lambda: bench.state.procedure.stimulating is None)
    bench.run(200)


def test_a_contraction_then_the_probe_is_moved_and_tested_again() -> None:
    fitted = Console(capabilities=codes.Capability.STIMULATOR_CURRENT)
    bench = Bench(fitted).ready(plan(6.0, stimulation=StimulationPlan()))
    answered(bench, SENSORY, StimulationAnswer.USUAL_AREA, 300)
    answered(bench, MOTOR, StimulationAnswer.CONTRACTION, 600)
    assert (bench.ask(ToFreeze()) or "").startswith("A muscle contracts here")
    assert bench.ask(ProbeMoved()) is None
    assert bench.ask(ToFreeze()) == "The probe was moved: stimulate again"
    answered(bench, SENSORY, StimulationAnswer.USUAL_AREA, 250)
    assert bench.ask(ToFreeze()) == "The motor test is not done"
    answered(bench, MOTOR, StimulationAnswer.NO_CONTRACTION, 1_000)
    assert bench.ask(ToFreeze()) is None
    started(bench)
    proc = bench.state.procedure
    assert [(test.placement, test.kind) for test in proc.tests] == [
        (1, SENSORY), (1, MOTOR), (2, SENSORY), (2, MOTOR),
    ]  # fmt: skip
    assert proc.records[-1].placement == 2 and proc.overrides == ()
    assert not bench.console.stimulator_on and bench.alarms == {}

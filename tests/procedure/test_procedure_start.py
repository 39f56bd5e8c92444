"""The start of a freeze: intent on disk, then ARM, then START, then the device says that it
freezes; and every way in which it comes to nothing."""

import msgspec
import pytest
from procedure_kit import FREEZING, IDLE, PERIOD_MS, THAWING, Case, in_phase, plan

from console.model.cycle import CycleState
from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.plan import Timing
from console.model.request import AfterStop, Decide, StartFreeze
from console.model.snapshot import Phase
from console.procedure import step
from console.procedure.handshake import OPENING_WITHIN_MS
from console.procedure.state import (
    Effect,
    Note,
    Persist,
    Procedure,
    SendArm,
    SendStart,
    SendStop,
    Stage,
    Starting,
)


def kinds(effects: tuple[Effect, ...]) -> list[type[Effect]]:
    return [type(effect) for effect in effects]


def at_stage(stage: Stage) -> Case:
    case = in_phase(Phase.STARTING)
    for ready, go_on in (
        (Stage.INTENT, step.durable),
        (Stage.ARM, step.armed),
        (Stage.START, step.granted),
    ):
        if stage is ready:
            break
        case.take(go_on(case.proc))
    assert case.proc.starting is not None and case.proc.starting.stage is stage
    return case


def test_each_step_waits_for_the_one_before() -> None:
    case = Case(plan())
    before = len(case.said)
    assert case.ask(StartFreeze()) is None
    assert kinds(tuple(case.said[before:])) == [Note, Persist], "nothing is sent yet"
    assert case.phase is Phase.STARTING
    assert kinds(case.take(step.durable(case.proc))) == [SendArm]
    assert case.take(step.armed(case.proc)) == (SendStart(-70.0, False, 120.0, 240.0),)
    assert case.take(step.granted(case.proc)) == ()
    assert case.phase is Phase.STARTING, "granted is not yet open"
    assert kinds(case.see(FREEZING)) == [Note, Persist]
    assert case.phase is Phase.FREEZING and case.proc.starting is None
    assert case.record.state is CycleState.FREEZING


def test_the_start_carries_the_plan() -> None:
    case = Case(plan(90.0, target_celsius=-55.0, timing=Timing.FROM_TARGET))
    case.ask(StartFreeze())
    case.take(step.durable(case.proc))
    assert case.take(step.armed(case.proc)) == (SendStart(-55.0, True, 90.0, 240.0),)


@pytest.mark.parametrize("stage", Stage)
def test_an_answer_that_belongs_to_another_stage_is_nothing(stage: Stage) -> None:
    own = {Stage.INTENT: step.durable, Stage.ARM: step.armed, Stage.START: step.granted}
    case = at_stage(stage)
    for at, answer in own.items():
        if at is not stage:
            assert answer(case.proc) == (case.proc, ())


@pytest.mark.parametrize("phase", [p for p in Phase if p is not Phase.STARTING])
def test_answers_without_a_start_are_nothing(phase: Phase) -> None:
    proc = in_phase(phase).proc
    for answer in (step.durable, step.armed, step.granted):
        assert answer(proc) == (proc, ())
    assert step.start_failed(proc, "x") == (proc, ())


@pytest.mark.parametrize("stage", [Stage.INTENT, Stage.ARM, Stage.START])
def test_gas_before_the_grant_is_not_this_freeze(stage: Stage) -> None:
    case = at_stage(stage)
    case.see(FREEZING)
    assert case.phase is Phase.STARTING and case.proc.records == ()


# --- it comes to nothing -----------------------------------------------------------------------


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("from_thaw", [False, True])
def test_a_failed_start_stops_goes_back_and_waits_to_be_asked(
    stage: Stage, from_thaw: bool
) -> None:
    case = at_stage(stage)
    back = Phase.THAWING if from_thaw else Phase.READY
    starting = Starting(stage, case.at_ms, back)
    case.proc = msgspec.structs.replace(case.proc, starting=starting)
    effects = case.take(step.start_failed(case.proc, "the tip is not valid"))
    assert kinds(effects) == [SendStop, Note, Persist]
    assert case.phase is back and case.proc.starting is None and case.proc.hold
    assert case.texts(EventKind.START_FAILED) == ["Freeze 1 did not start: the tip is not valid."]
    assert case.proc.records == ()


@pytest.mark.parametrize(("ms", "failed"), [(1_000, False), (1_001, True)])
def test_a_valve_that_does_not_open_in_1_s_fails_the_start(ms: int, failed: bool) -> None:
    assert OPENING_WITHIN_MS == 1_000
    case = at_stage(Stage.OPENING)
    effects = case.see(IDLE, ms=ms)
    assert (SendStop() in effects) is failed
    assert (case.phase is Phase.READY) is failed


@pytest.mark.parametrize("stage", [Stage.INTENT, Stage.ARM, Stage.START])
def test_only_an_opening_is_timed_here(stage: Stage) -> None:
    case = at_stage(stage)
    case.see(IDLE, ms=10_000)
    assert case.phase is Phase.STARTING


@pytest.mark.parametrize("stage", Stage)
def test_a_stop_cancels_a_start_at_every_stage(stage: Stage) -> None:
    case = at_stage(stage)
    case.stop()
    assert case.phase is Phase.READY and case.proc.starting is None and case.proc.hold
    for answer in (step.durable, step.armed, step.granted):
        assert answer(case.proc) == (case.proc, ())
    case.see(FREEZING)
    assert case.phase is Phase.READY and case.proc.records == (), "a late valve is no freeze"


def test_a_second_start_needs_every_step_again() -> None:
    case = at_stage(Stage.OPENING)
    case.stop()
    assert case.ask(StartFreeze()) is None
    assert case.proc.starting is not None and case.proc.starting.stage is Stage.INTENT


# --- when it began -----------------------------------------------------------------------------


def began(*, event_ms: int | None, detail: object = FREEZING) -> int:
    case = at_stage(Stage.START)
    if event_ms is not None:
        case.state_said(detail, at_ms=case.at_ms + event_ms)  # type: ignore[arg-type]
    case.take(step.granted(case.proc))
    first = case.at_ms + PERIOD_MS
    case.see(FREEZING)
    return case.record.started_ms - first


def test_gas_on_is_when_the_device_says_it_was() -> None:
    assert began(event_ms=10) == -40
    assert began(event_ms=0) == -50
    assert began(event_ms=None) == 0, "or when it is first seen"


def test_the_event_of_an_earlier_freeze_that_comes_late_is_not_of_this_one() -> None:
    assert began(event_ms=-1) == 0
    assert began(event_ms=-40_000) == 0
    assert began(event_ms=10, detail=THAWING) == 0


def test_an_end_that_is_told_during_a_start_is_not_of_it() -> None:
    case = in_phase(Phase.THAWING)
    case.ask(StartFreeze())
    before = case.proc
    case.end_said(FreezeEnd.FAULT, ran_ms=20)
    assert case.proc == before
    case.handshake()
    case.see(FREEZING)
    assert case.phase is Phase.FREEZING and case.record.end is None


def test_a_freeze_begins_with_a_fresh_account() -> None:
    case = in_phase(Phase.STOPPED)
    assert case.ask(Decide(AfterStop.REPEAT)) is None
    case.thaws(45.0)
    before = case.record
    case.freeze(for_ms=PERIOD_MS, tip=-12.5)
    assert case.proc.records == (before, case.record)
    record = case.record
    assert (record.number, record.site, record.planned_freeze_s) == (1, 0, 120.0)
    assert (record.start_tip_celsius, record.lowest_tip_celsius) == (-12.5, -12.5)
    assert (record.gas_g, record.time_at_target_s, record.extended_s) == (0.0, 0.0, 0.0)
    fresh = Procedure()
    for name in ("end_asked", "began_ms", "device_end", "device_end_ms", "ending_ms", "target",
                 "gas_off_ms", "hold", "stop_reason", "stopped_by_operator"):  # fmt: skip
        assert getattr(case.proc, name) == getattr(fresh, name), name

"""The account of a freeze: target, extension, end; and the device's word about how it ended."""

from typing import Any

import msgspec
import pytest
from procedure_kit import FREEZING, IDLE, PERIOD_MS, THAWING, Case, in_phase, plan

from console.model.cycle import CycleState
from console.model.device import DeviceState
from console.model.event import EventKind
from console.model.observation import DeviceEvent, FreezeEnd
from console.model.plan import Timing
from console.model.request import EndFreeze, ExtendFreeze, StartFreeze
from console.model.snapshot import Phase
from console.procedure import step
from console.procedure.freeze import TARGET_NOT_REACHED
from console.procedure.handshake import REASON_WITHIN_MS
from console.procedure.state import SendEnd, SendExtend

# --- measured ----------------------------------------------------------------------------------


def test_at_target_is_within_3_for_1_s_and_only_that_time_counts() -> None:
    case = in_phase(Phase.FREEZING)
    began = case.record.started_ms
    for _ in range(20):
        case.see(FREEZING, -67.0)
    assert not case.proc.target.reached and case.record.time_to_target_s is None
    case.see(FREEZING, -73.0)
    assert case.proc.target.reached
    assert case.record.time_to_target_s == pytest.approx((case.at_ms - began) / 1_000)
    assert case.record.time_at_target_s == pytest.approx(0.05)
    assert len(case.texts(EventKind.AT_TARGET)) == 1
    for _ in range(10):
        case.see(FREEZING, -70.0)
    assert case.record.time_at_target_s == pytest.approx(0.55)
    first = case.record.time_to_target_s
    case.see(FREEZING, -66.99)
    for _ in range(20):
        case.see(FREEZING, -70.0)
    assert case.record.time_at_target_s == pytest.approx(0.55), "the second begins anew"
    case.see(FREEZING, -70.0)
    assert case.record.time_at_target_s == pytest.approx(0.6)
    assert case.record.time_to_target_s == first
    assert len(case.texts(EventKind.AT_TARGET)) == 1


@pytest.mark.parametrize("tip", [-66.99, -73.01, None])
def test_beyond_3_or_unknown_is_not_near(tip: float | None) -> None:
    case = in_phase(Phase.FREEZING)
    for _ in range(40):
        case.see(FREEZING, tip)
    assert not case.proc.target.reached


def test_lowest_and_gas_are_measured_and_a_gap_is_no_measurement() -> None:
    case = in_phase(Phase.FREEZING)
    gas, released = case.record.gas_g, case.proc.released_mg
    case.see(FREEZING, -50.0, flow_mg_s=200.0)
    case.see(FREEZING, None, flow_mg_s=200.0)
    case.see(FREEZING, -40.0, flow_mg_s=None)
    assert case.record.lowest_tip_celsius == -50.0
    assert case.record.gas_g - gas == pytest.approx(0.02)
    case.see(FREEZING, -40.0, flow_mg_s=200.0, ms=60_000)
    assert case.record.gas_g - gas == pytest.approx(0.02 + 0.1), "half a second at most"
    assert case.proc.released_mg - released == pytest.approx(120.0)


# --- extend ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("planned", "by_s", "accepted"),
    [
        (120.0, 30.0, True),
        (120.0, 120.0, True),
        (120.0, 120.1, False),
        (240.0, 1.0, False),
        (120.0, 0.0, False),
        (120.0, -30.0, False),
        (120.0, float("nan"), False),
        (120.0, float("inf"), False),
        (5.0, 235.0, True),
        (5.0, 235.1, False),
        (5.0, 240.1, False),
    ],
)
def test_at_most_4_minutes_from_gas_on(planned: float, by_s: float, accepted: bool) -> None:
    case = Case(plan(planned)).freeze()
    refused = case.ask(ExtendFreeze(by_s))
    assert (refused is None) is accepted
    assert (case.said[-1] == SendExtend(by_s)) is accepted


def test_an_extension_counts_when_the_device_has_acknowledged_it() -> None:
    case = Case(plan(120.0)).freeze()
    assert case.ask(ExtendFreeze(90.0)) is None
    assert case.record.extended_s == 0.0
    case.take(step.extended(case.proc, 90.0))
    assert case.record.extended_s == 90.0
    assert case.texts(EventKind.FREEZE_EXTENDED) == ["Freeze 1 extended by 1:30."]
    assert case.ask(ExtendFreeze(30.0)) is None, "just 4:00"
    case.take(step.extended(case.proc, 30.0))
    assert case.ask(ExtendFreeze(1.0)) == "At most 4:00 from gas-on"


@pytest.mark.parametrize("phase", [p for p in Phase if p is not Phase.FREEZING])
def test_an_acknowledgement_that_comes_after_the_freeze_changes_nothing(phase: Phase) -> None:
    proc = in_phase(phase).proc
    assert step.extended(proc, 30.0) == (proc, ())


def test_from_target_the_time_to_the_target_counts_too() -> None:
    case = Case(plan(180.0, timing=Timing.FROM_TARGET)).freeze()
    assert case.ask(ExtendFreeze(1.0)) == (
        "The timer has not started: the target is not reached yet"
    )
    for _ in range(400):
        case.see(FREEZING, -70.0)
    to_target = case.record.time_to_target_s
    assert to_target is not None
    assert case.ask(ExtendFreeze(240.0 - 180.0 - to_target)) is None
    assert case.ask(ExtendFreeze(240.0 - 180.0 - to_target + 0.1)) == "At most 4:00 from gas-on"


# --- end early ---------------------------------------------------------------------------------


def test_an_end_is_asked_for_once_and_again_after_it_failed() -> None:
    case = in_phase(Phase.FREEZING)
    assert case.ask(EndFreeze()) is None and case.said[-1] == SendEnd()
    assert case.ask(EndFreeze()) == "Ending"
    case.take(step.end_failed(case.proc))
    assert case.ask(EndFreeze()) is None
    case.ends(FreezeEnd.END)
    assert case.record.state is CycleState.ENDED_EARLY and case.phase is Phase.THAWING


# --- how it ended ------------------------------------------------------------------------------

OUTCOMES = [
    (FreezeEnd.TIMER, CycleState.DONE, Phase.THAWING, 1, ""),
    (FreezeEnd.END, CycleState.ENDED_EARLY, Phase.THAWING, 1, ""),
    (FreezeEnd.STOP, CycleState.STOPPED, Phase.STOPPED, 0, "Stopped at the console."),
    (
        FreezeEnd.FAULT, CycleState.STOPPED, Phase.STOPPED, 0,
        "The console's own interlock ended the freeze.",
    ),
    (
        FreezeEnd.LEASE, CycleState.STOPPED, Phase.STOPPED, 0,
        "The console heard nothing from this computer and shut the gas.",
    ),
    (
        FreezeEnd.NEW_SESSION, CycleState.STOPPED, Phase.STOPPED, 0,
        "The link was opened anew during the freeze.",
    ),
]  # fmt: skip


@pytest.mark.parametrize("order", ["event first", "telemetry first"])
@pytest.mark.parametrize(("why", "state", "phase", "cycle", "reason"), OUTCOMES)
def test_the_end_is_as_the_device_says(
    order: str, why: FreezeEnd, state: CycleState, phase: Phase, cycle: int, reason: str
) -> None:
    case = in_phase(Phase.FREEZING)
    off_ms = case.at_ms + 20
    if order == "event first":
        case.end_said(why, at_ms=off_ms)
        assert case.phase is Phase.FREEZING, "until it is seen"
        case.see(THAWING)
    else:
        case.see(THAWING)
        assert case.phase is Phase.FREEZING, "until the reason comes"
        case.see(THAWING)
        case.end_said(why, at_ms=off_ms)
    assert case.phase is phase and case.proc.cycle == cycle
    record = case.record
    assert (record.state, record.end, record.ended_ms) == (state, why, off_ms)
    assert case.proc.gas_off_ms == off_ms and case.proc.ending_ms is None
    assert case.proc.stop_reason == reason and not case.proc.stopped_by_operator


@pytest.mark.parametrize(("ms", "given_up"), [(599, False), (600, True)])
def test_without_a_reason_it_is_a_stopped_freeze_after_600_ms(ms: int, given_up: bool) -> None:
    assert REASON_WITHIN_MS == 600
    case = in_phase(Phase.FREEZING)
    case.see(THAWING)
    off_ms = case.at_ms
    case.see(THAWING, ms=ms)
    assert (case.phase is Phase.STOPPED) is given_up
    if given_up:
        assert (case.record.end, case.record.ended_ms) == (FreezeEnd.UNKNOWN, off_ms)
        assert case.proc.stop_reason == "The gas went off, and the console has not said why."
        # It comes after all: the reason and the length are put right, the decision stays.
        case.end_said(FreezeEnd.FAULT, at_ms=off_ms - 30)
        assert (case.record.end, case.record.ended_ms) == (FreezeEnd.FAULT, off_ms - 30)
        assert case.phase is Phase.STOPPED and case.proc.gas_off_ms == off_ms - 30


@pytest.mark.parametrize("state", [s for s in DeviceState if s is not FREEZING])
def test_whatever_else_the_device_does_it_no_longer_freezes(state: DeviceState) -> None:
    case = in_phase(Phase.FREEZING)
    for _ in range(20):
        case.see(state)
    assert case.phase is Phase.STOPPED


def test_one_that_has_ended_stays_ended() -> None:
    case = in_phase(Phase.FREEZING)
    case.see(THAWING)
    off_ms = case.at_ms
    gas = case.record.gas_g
    for _ in range(12):
        case.see(FREEZING, flow_mg_s=280.0)
    assert case.phase is Phase.STOPPED and case.record.ended_ms == off_ms
    assert case.record.gas_g == gas, "gas after that is not of this freeze"


# --- ends of other freezes ---------------------------------------------------------------------


def of_another(case: Case) -> dict[str, Any]:
    """The end of a freeze that began 10 s before this one."""
    return {"at_ms": case.record.started_ms - 8_000, "ran_ms": 2_000}


def test_a_late_event_of_an_earlier_freeze_does_not_end_this_one() -> None:
    case = in_phase(Phase.FREEZING)
    case.end_said(FreezeEnd.TIMER, **of_another(case))
    assert case.proc.device_end is None
    case.see(THAWING)
    case.end_said(FreezeEnd.TIMER, **of_another(case))
    assert case.phase is Phase.FREEZING
    case.end_said(FreezeEnd.FAULT)
    assert case.record.end is FreezeEnd.FAULT


@pytest.mark.parametrize("end", [None, FreezeEnd.UNKNOWN, FreezeEnd.STOP])
def test_a_freeze_of_the_console_itself_is_not_taken_for_a_stopped_one(
    end: FreezeEnd | None,
) -> None:
    case = in_phase(Phase.STOPPED)
    record = msgspec.structs.replace(case.record, end=end)
    case.proc = msgspec.structs.replace(case.proc, records=(record,))
    before = case.proc
    case.end_said(FreezeEnd.TIMER, at_ms=case.at_ms + 30_000, ran_ms=5_000)
    case.end_said(FreezeEnd.STOP, at_ms=case.at_ms + 30_000, ran_ms=40)
    assert case.proc == before
    case.end_said(FreezeEnd.LEASE, at_ms=record.started_ms + 1_700, ran_ms=1_700)
    assert case.record.end is FreezeEnd.LEASE
    assert case.record.ended_ms == record.started_ms + 1_700


@pytest.mark.parametrize(("off_ms", "is_it"), [(1_000, True), (1_001, False), (-1_000, True)])
def test_a_freeze_is_known_by_its_beginning(off_ms: int, is_it: bool) -> None:
    case = in_phase(Phase.FREEZING)
    began = case.record.started_ms + off_ms
    case.end_said(FreezeEnd.TIMER, at_ms=began + 700, ran_ms=700)
    assert (case.proc.device_end is not None) is is_it


@pytest.mark.parametrize("kind", ["at_target", "fault_raised", "unknown event 99"])
@pytest.mark.parametrize("phase", Phase)
def test_events_of_other_kinds_change_nothing(phase: Phase, kind: str) -> None:
    case = in_phase(phase)
    assert step.device_said(case.proc, DeviceEvent(case.at_ms, kind)) == (case.proc, ())


@pytest.mark.parametrize("phase", [p for p in Phase if p not in (Phase.FREEZING, Phase.STARTING)])
@pytest.mark.parametrize("why", list(FreezeEnd))
def test_an_end_told_twice_changes_nothing_more(phase: Phase, why: FreezeEnd) -> None:
    case = in_phase(phase)
    if phase is Phase.STOPPED:
        case.end_said(FreezeEnd.FAULT, ran_ms=900, at_ms=case.record.started_ms + 900)
    before = case.proc
    case.end_said(why, ran_ms=900, at_ms=60_000 + 900)
    if case.proc.records:
        case.end_said(why, ran_ms=900, at_ms=case.record.started_ms + 900)
    assert case.proc == before


def test_the_first_reading_of_a_freeze_may_be_of_an_unknown_tip() -> None:
    case = Case(plan())
    case.ask(StartFreeze())
    case.handshake()
    case.see(FREEZING, None)
    assert case.record.start_tip_celsius is None and case.record.lowest_tip_celsius is None
    case.see(FREEZING, -3.0)
    assert case.record.lowest_tip_celsius == -3.0
    assert case.see(IDLE, ms=PERIOD_MS) == ()


# --- the target is not reached -----------------------------------------------------------------


def test_a_freeze_timed_from_the_target_that_misses_it_is_ended_and_the_operator_decides() -> None:
    case = Case(plan(90.0, 90.0, timing=Timing.FROM_TARGET)).freeze(tip=-55.0)
    (_, end) = case.take(step.target_missed(case.proc))
    assert isinstance(end, SendEnd) and case.proc.end_asked
    assert case.take(step.target_missed(case.proc)) == (), "it is asked for once"
    case.take(step.end_failed(case.proc))
    assert len(case.take(step.target_missed(case.proc))) == 2, "and again where nobody answered"
    case.ends(FreezeEnd.END)
    assert case.phase is Phase.STOPPED and case.record.state is CycleState.STOPPED
    assert case.proc.stop_reason == TARGET_NOT_REACHED
    assert not case.proc.stopped_by_operator and case.proc.hold
    assert case.texts(EventKind.STOPPED)[0] == TARGET_NOT_REACHED


@pytest.mark.parametrize("timing", Timing)
def test_one_that_was_at_target_or_is_timed_from_gas_on_goes_on(timing: Timing) -> None:
    case = Case(plan(90.0, timing=timing)).freeze(tip=-70.0, for_ms=1_500)
    assert case.proc.target.reached
    assert case.take(step.target_missed(case.proc)) == ()
    case = Case(plan(90.0, timing=Timing.FROM_START)).freeze(tip=-55.0)
    assert case.take(step.target_missed(case.proc)) == ()
    thaws = Case(plan(90.0, timing=timing)).freeze().ends()
    assert thaws.take(step.target_missed(thaws.proc)) == ()

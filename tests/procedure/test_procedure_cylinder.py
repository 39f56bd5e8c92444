"""The gas: what is left of what was entered, how sure that is, whether it lasts for the plan."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from procedure_kit import Case, in_phase, plan

from console.model.cycle import CycleRecord, CycleState
from console.model.cylinder import (
    CONTENTS_SHARE,
    METER_SHARE,
    UNUSABLE_SHARE,
    USUAL_G_S,
    Cylinder,
    Enough,
    enough,
    freezing_s,
    gas_left,
    problem,
)
from console.model.event import EventKind
from console.model.plan import Cycle, NextFreeze, Timing
from console.model.request import ChangeCylinder, CylinderBack, EnterContents
from console.model.snapshot import Phase
from console.procedure import cylinder
from console.procedure.state import NewCylinder, Persist

WALL = "2026-11-21T08:12:00+01:00"
SMALL = Cylinder(450.0, WALL)


def _ran(seconds: float, grams: float) -> CycleRecord:
    return CycleRecord(
        site=0, number=1, planned_freeze_s=seconds, state=CycleState.DONE, started_ms=10_000,
        ended_ms=10_000 + round(seconds * 1_000), gas_g=grams,
    )  # fmt: skip


def test_what_is_left_is_reckoned_as_it_is_told() -> None:
    left = gas_left(Cylinder(3_400.0, WALL, used_g=1_000.0))
    usable, off = 3_400 * 0.88 - 1_000, 3_400 * 0.05 + 1_000 * 0.10
    assert left.seconds == pytest.approx(usable / USUAL_G_S[1])
    assert left.low_s == pytest.approx((usable - off) / USUAL_G_S[2])
    assert left.high_s == pytest.approx((usable + off) / USUAL_G_S[0])


@given(
    contents_g=st.floats(50.0, 50_000.0),
    entered_off=st.floats(-CONTENTS_SHARE, CONTENTS_SHARE),
    share_used=st.floats(0.0, 0.8),
    meter_off=st.floats(-METER_SHARE, METER_SHARE),
    flow=st.floats(USUAL_G_S[0], USUAL_G_S[2]),
)
def test_the_band_holds_the_truth_whatever_scale_meter_and_flow_are_off_by(
    contents_g: float, entered_off: float, share_used: float, meter_off: float, flow: float
) -> None:
    metered_g = contents_g * share_used
    truly_g = contents_g * (1 + entered_off) - contents_g * UNUSABLE_SHARE
    truly_g -= metered_g * (1 + meter_off)
    left = gas_left(Cylinder(contents_g, WALL, metered_g))
    true_s = max(0.0, truly_g) / flow
    assert left.low_s - 1e-6 <= true_s <= left.high_s + 1e-6
    assert left.low_s <= left.seconds <= left.high_s


def test_the_sessions_own_use_counts_once_a_minute_of_it_was_measured() -> None:
    full = Cylinder(1_000.0, WALL)
    assert gas_left(full, [_ran(59.0, 12.0)]) == gas_left(full)
    own = gas_left(full, [_ran(30.0, 6.0), _ran(40.0, 8.0)])
    assert own.seconds == pytest.approx(880 / 0.2)
    assert own.low_s == pytest.approx((880 - 50) / 0.22)


def test_an_empty_cylinder_has_no_less_than_nothing_left() -> None:
    left = gas_left(Cylinder(100.0, WALL, used_g=300.0))
    assert (left.low_s, left.seconds) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("needed_s", "answer"), [(900.0, Enough.YES), (901.0, Enough.MAY_NOT), (0.0, Enough.YES)]
)
def test_enough_is_only_what_the_least_of_it_lasts_for(needed_s: float, answer: Enough) -> None:
    left = msgspec.structs.replace(gas_left(SMALL), low_s=900.0)
    assert enough(left, needed_s) is answer


def test_of_contents_that_nobody_entered_nothing_is_said() -> None:
    assert enough(None, 0.0) is Enough.UNKNOWN


def test_timed_from_the_target_the_way_there_takes_gas_as_well() -> None:
    cycles = (Cycle(120.0), Cycle(60.0))
    assert freezing_s(cycles, Timing.FROM_START) == 180.0
    assert freezing_s(cycles, Timing.FROM_TARGET) == 300.0


# --- in a session -----------------------------------------------------------------------------


def test_all_that_is_still_to_be_frozen_is_counted() -> None:
    case = Case(plan(60.0, 90.0, sites=2))
    assert cylinder.planned_s(case.proc) == 300.0
    case.freeze().ends()
    assert cylinder.planned_s(case.proc) == 240.0
    assert cylinder.planned_s(Case().proc) is None


def test_gas_that_may_not_last_is_said_with_its_numbers() -> None:
    case = Case(plan(240.0, 240.0, 240.0, 240.0))
    assert cylinder.missing(case.proc, case.now) is None
    now = msgspec.structs.replace(case.now, cylinder=Cylinder(3_400.0, WALL))
    assert cylinder.missing(case.proc, now) is None
    now = msgspec.structs.replace(case.now, cylinder=Cylinder(200.0, WALL))
    assert cylinder.missing(case.proc, now) == (
        "The gas may not finish the plan: 15:01 to 28:50 of freezing left, 16:00 planned"
    )


@pytest.mark.parametrize("phase", Phase)
def test_a_cylinder_is_entered_whenever_one_can_be_changed(phase: Phase) -> None:
    case = in_phase(phase)
    refused = case.ask(EnterContents(3_400.0))
    assert (refused is None) is (phase in cylinder.PHASES)
    if refused is None:
        assert NewCylinder(3_400.0) in case.said
        assert case.texts(EventKind.NEW_CYLINDER) == [
            "New cylinder: 3.4 kg of gas in it, as entered."
        ]


@pytest.mark.parametrize("contents_g", [0.0, 49.9, 50_001.0, -1.0, float("nan")])
def test_contents_that_cannot_be_are_refused(contents_g: float) -> None:
    assert problem(contents_g) is not None
    refused = Case().ask(EnterContents(contents_g))
    assert refused is not None and "from 0.05 to 50 kg" in refused


# --- while it is changed ------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [EnterContents(3_400.0), CylinderBack(), None])
def test_a_change_lasts_until_it_is_confirmed_or_gas_is_asked_for(
    ends: EnterContents | CylinderBack | None,
) -> None:
    case = in_phase(Phase.READY)
    assert case.ask(ChangeCylinder()) is None
    assert case.proc.cylinder_changing
    assert case.ask(ChangeCylinder()) == "The cylinder is being changed already"
    if ends is None:
        case.proc, told = cylinder.gas_asked_for(case.proc)
        assert Persist() in told
    else:
        assert case.ask(ends) is None
    assert not case.proc.cylinder_changing
    assert cylinder.gas_asked_for(case.proc) == (case.proc, ()), "nothing to tell"


def test_no_freeze_starts_by_itself_into_an_open_hose() -> None:
    case = Case(plan(60.0, 60.0, next_freeze=NextFreeze.AUTO)).freeze().ends()
    assert case.ask(ChangeCylinder()) is None
    case.thaws(46.0)
    assert case.phase is Phase.THAWING and case.proc.hold
    assert case.ask(EnterContents(3_400.0)) is None
    case.thaws(60.0)
    assert case.phase is Phase.THAWING, "the operator starts it"


# --- a start that the gas may not last for ------------------------------------------------------


def test_no_freeze_starts_by_itself_when_the_gas_is_short() -> None:
    case = Case(plan(240.0, 240.0, next_freeze=NextFreeze.AUTO)).freeze().ends()
    case.now = msgspec.structs.replace(case.now, cylinder=Cylinder(50.0, WALL))
    case.thaws(46.0)
    assert case.phase is Phase.THAWING and case.proc.hold
    (held,) = case.texts(EventKind.NEXT_HELD)
    assert "The gas may not finish the plan" in held


def test_time_left_does_not_rise_by_a_freeze_that_used_gas() -> None:
    """The usual rate is that of a whole freeze: what it is replaced by is about the same."""
    before = gas_left(Cylinder(3_400.0, WALL))
    after = gas_left(Cylinder(3_400.0, WALL, used_g=16.65), [_ran(120.0, 16.65)])
    assert after.measured and not before.measured
    assert after.seconds < before.seconds

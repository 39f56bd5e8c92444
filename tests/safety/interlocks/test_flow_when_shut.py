"""Gas flows on after the valve was read back shut, or the tip does not warm."""

import pytest
from proof_kit import NO, YES, Case, Table, proven
from safety_kit import PERIOD_MS, at, says, shut, stands

from console.model.alarm import Priority
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState


def flowing(
    shut_ms: int, flow: float | None, for_ms: int, valve: bool, was_open: bool
) -> list[Facts]:
    """Open, shut for `shut_ms`, with this flow for the last `for_ms` of them."""
    moments = [at(-PERIOD_MS, seen_valve_open=was_open, freeze_started_ms=None)]
    for ms in [*range(0, shut_ms, PERIOD_MS), shut_ms]:
        now_flows = flow if ms >= shut_ms - for_ms else 0.0
        inputs = {"seen_valve_open": valve, "gas_wanted": valve, "seen_tip_celsius": -30.0}
        moments.append(shut(ms, seen_flow_mg_s=now_flows, **inputs))
    return moments


def staying_cold(shut_ms: int, cold: float | None, rise: float, known: bool) -> list[Facts]:
    """A tip at `cold` when shut, `rise` warmer `shut_ms` later."""
    tip = (cold or 0.0) + rise if known else None
    return [OPEN, shut(0, seen_tip_celsius=cold), shut(shut_ms, seen_tip_celsius=tip)]


OPEN = at(-PERIOD_MS, freeze_started_ms=None)

test_flow_when_shut = proven(
    Case(
        "flow_when_shut",
        SafeState.SS1,
        Priority.HIGH,
        Latch.ENGINEER,
        limits={
            "shut.settle_ms": 2_000,
            "shut.freezing_flow_mg_s": 300.0,
            "shut.flow_share": 0.1,
            "shut.flow_ms": 500,
            "shut.cold_celsius": -40.0,
            "shut.rise_celsius": 10.0,
            "shut.rise_ms": 5_000,
        },
        happened="Gas still flows with the valve shut: flow 45 mg/s",
        by_device="Gas still flows with the valve shut",
        to_do="STOP sent. Close the cylinder valve now. Do not move the probe. An engineer must "
        "release the console.",
        alone=flowing(2_500, 45.0, 500, valve=False, was_open=True),
        tables=(
            Table(
                "flow",
                flowing,
                {
                    "shut_ms": ((2_500, 2_550, 3_500), (2_450, 2_499)),
                    "flow": ((30.1, 300.0), (30.0, 29.9, None)),
                    "for_ms": ((500, 550), (450,)),
                    "valve": NO,
                    "was_open": YES,
                },
            ),
            Table(
                "stays cold",
                staying_cold,
                {
                    "shut_ms": ((5_000, 60_000), (4_999,)),
                    "cold": ((-40.1,), (-40.0, -39.9, None)),
                    "rise": ((9.9, 0.0), (10.0, 10.1)),
                    "known": YES,
                },
            ),
        ),
    )
)


@pytest.mark.parametrize(("begins_ms", "shut_ms"), [(0, 2_500), (1_950, 2_500), (3_000, 3_500)])
def test_flow_counts_from_2_s_after_shut(begins_ms: int, shut_ms: int) -> None:
    before = flowing(shut_ms - PERIOD_MS, 31.0, shut_ms - PERIOD_MS - begins_ms, False, True)
    assert not stands("flow_when_shut", before)
    assert stands("flow_when_shut", [*before, shut(shut_ms, seen_flow_mg_s=31.0)])


@pytest.mark.parametrize("flow", [0.0, None])
def test_one_reading_without_flow_begins_the_500_ms_again(flow: float | None) -> None:
    before = flowing(2_450, 31.0, 2_450, valve=False, was_open=True)
    pause = shut(2_500, seen_flow_mg_s=flow)
    after = [shut(2_550 + t, seen_flow_mg_s=31.0) for t in range(0, 500, PERIOD_MS)]
    assert not stands("flow_when_shut", [*before, pause, *after])
    assert stands("flow_when_shut", [*before, pause, *after, shut(3_050, seen_flow_mg_s=31.0)])


def test_an_open_valve_rests_the_watch_and_empties_its_memory() -> None:
    flows = flowing(4_000, 280.0, 4_000, valve=False, was_open=True)
    assert not stands("flow_when_shut", [*flows, at(4_050)])
    begun = shut(4_100, seen_flow_mg_s=280.0)
    assert not stands("flow_when_shut", [*flows, at(4_050), begun])


def test_an_unknown_tip_is_not_a_cold_one() -> None:
    cold = [OPEN, shut(0, seen_tip_celsius=-70.0)]
    unknown = shut(5_000, seen_tip_celsius=None)
    assert not stands("flow_when_shut", [*cold, unknown])
    again = shut(5_050, seen_tip_celsius=-70.0)
    assert stands("flow_when_shut", [*cold, unknown, again]), "once it is known again"


def test_the_warmest_reading_since_counts() -> None:
    warmed = [OPEN, shut(0, seen_tip_celsius=-70.0), shut(2_000, seen_tip_celsius=-59.0)]
    assert not stands("flow_when_shut", [*warmed, shut(5_000, seen_tip_celsius=-69.0)])


def test_it_goes_when_the_tip_has_risen_after_all() -> None:
    cold = staying_cold(5_000, -70.0, 5.0, known=True)
    said = says("flow_when_shut", cold)
    assert said == "Gas still flows with the valve shut: the tip stays cold"
    for tip, goes_on in ((-61.0, True), (None, True), (-60.0, False)):
        last = shut(6_000, seen_tip_celsius=tip)
        assert stands("flow_when_shut", [*cold, last]) is goes_on
    blind = at(6_000, observation=None, new=True)
    assert not stands("flow_when_shut", [*cold, blind])
    assert stands("flow_when_shut", [*cold, blind, shut(6_050, seen_tip_celsius=-65.0)])

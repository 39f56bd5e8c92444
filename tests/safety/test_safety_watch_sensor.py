"""The watches of the tip's reading and of the flow: each input alone, each limit at and beside."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
import pytest
from safety_kit import AT_MS, LIMITS, PERIOD_MS, but, facts, freezing_after, seen, thawing

from console.model.device import DeviceState, Gas
from console.safety import watch_freeze, watch_sensor
from console.safety.facts import Facts
from console.safety.watch_sensor import SensorMemory

IMPOSSIBLE = watch_sensor.temperature_impossible
STUCK = watch_sensor.thermocouple_stuck
BLOCKED = watch_sensor.orifice_blocked


def found(watch: Callable[..., object], moments: Iterable[Facts]) -> bool:
    """Whether `watch` finds its row at the last of the moments."""
    memory, last = SensorMemory(), None
    for last in moments:
        memory = watch_sensor.remember(memory, last, LIMITS)
    assert last is not None
    return watch(memory, last, LIMITS) is not None


def lasting(ms: int, base: Facts) -> list[Facts]:
    """`base`, every 50 ms for `ms`."""
    return [but(base, seen_at_ms=AT_MS + t) for t in range(0, ms + 1, PERIOD_MS)]


def tips(*values: float | None, base: Facts | None = None) -> list[Facts]:
    return [
        but(base or facts(), seen_at_ms=AT_MS + PERIOD_MS * n, seen_tip_celsius=tip)
        for n, tip in enumerate(values)
    ]


# --- impossible --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gas", "tip", "is_so"),
    [
        (Gas.N2O, -93.9, False), (Gas.N2O, -94.0, False), (Gas.N2O, -94.1, True),
        (Gas.CO2, -83.9, False), (Gas.CO2, -84.0, False), (Gas.CO2, -84.1, True),
    ],
)  # fmt: skip
def test_colder_than_the_gas_can_boil_is_impossible(gas: Gas, tip: float, is_so: bool) -> None:
    base = facts(gas=gas)
    assert found(IMPOSSIBLE, tips(tip, tip, base=base)) is is_so
    assert not found(IMPOSSIBLE, tips(tip, base=base)), "one sample is none"
    assert not found(IMPOSSIBLE, tips(tip, -70.0, tip, base=base)), "two that do not follow"
    assert not found(IMPOSSIBLE, tips(tip, tip, base=facts(gas=None)))


@pytest.mark.parametrize(
    ("values", "is_so"),
    [
        ((-70.0, -40.0, -70.0), True),
        ((-70.0, -40.1, -70.0), False),
        ((-70.0, -40.0, -69.9), False),
        ((-40.0, -70.0, -40.0), True),
        ((-70.0, -40.0, -10.0), False),  # goes on, does not come back
        ((-70.0, None, -70.0), False),
        ((None, -40.0, -70.0), False),
        ((-70.0, -40.0, None), False),
        ((-70.0, -40.0), False),
        ((-70.0, -40.0, -70.0, -70.0), False),  # a moment later it is over
    ],
)
def test_away_and_back_is_impossible(values: tuple[float | None, ...], is_so: bool) -> None:
    assert found(IMPOSSIBLE, tips(*values)) is is_so


def test_colder_than_possible_is_not_also_past_the_limit() -> None:
    for tip, past in ((-85.0, False), (-85.1, True), (-94.0, True), (-94.1, False)):
        memory, last = freezing_after(tips(tip, tip))
        assert (watch_freeze.cooled_past_limit(memory, last, LIMITS) is not None) is past


# --- stuck -------------------------------------------------------------------------------------

OPENED = facts(observation=seen(tip_celsius=30.0, valve_percent=100))
SHUT = facts(observation=thawing(tip_celsius=-70.0))


def moved(base: Facts, ms: int, **changed: Any) -> list[Facts]:
    """The valve moves to where `base` has it, and all stands still for `ms`."""
    other = DeviceState.IDLE if base is OPENED else DeviceState.FREEZING
    before = but(base, seen_state=other, seen_at_ms=AT_MS - PERIOD_MS, seen_tip_celsius=0.0)
    return [before, *lasting(ms, but(base, **changed))]


@pytest.mark.parametrize("base", [OPENED, SHUT], ids=["opened", "shut"])
@pytest.mark.parametrize(("ms", "is_so"), [(3_950, False), (4_000, True), (4_050, True)])
def test_a_tip_that_stands_still_after_the_valve_moved_is_stuck(
    base: Facts, ms: int, is_so: bool
) -> None:
    assert found(STUCK, moved(base, ms)) is is_so


@pytest.mark.parametrize(
    ("base", "alone"),
    [
        (OPENED, {"seen_tip_celsius": None}),
        (OPENED, {"target_celsius": None}),
        (OPENED, {"seen_tip_celsius": -60.0}),  # near its target it may stand
        (SHUT, {"seen_tip_celsius": -40.0}),  # hardly cooled it may stand
        (SHUT, {"seen_tip_celsius": None}),
    ],
)
def test_each_of_these_alone_rests_the_stuck_watch(base: Facts, alone: dict[str, Any]) -> None:
    assert found(STUCK, moved(base, 4_000))
    assert not found(STUCK, moved(base, 4_000, **alone))


def test_without_a_move_of_the_valve_a_tip_may_stand_still() -> None:
    assert not found(STUCK, lasting(10_000, OPENED))


@pytest.mark.parametrize(("step", "is_so"), [(0.09, True), (0.1, False)])
def test_less_than_a_tenth_of_a_degree_is_still(step: float, is_so: bool) -> None:
    moments = moved(OPENED, 4_000)
    moments[-1] = but(moments[-1], seen_tip_celsius=30.0 - step)
    assert found(STUCK, moments) is is_so


@pytest.mark.parametrize(("to", "is_so"), [(0.0625, True), (0.125, False), (0.25, False)])
def test_a_move_of_just_the_limit_is_a_move(to: float, is_so: bool) -> None:
    exact = msgspec.structs.replace(LIMITS.sensor, stuck_celsius=0.125)
    limits = msgspec.structs.replace(LIMITS, sensor=exact)
    moments = moved(OPENED, 4_000, seen_tip_celsius=0.0)
    memory = SensorMemory()
    for moment in [*moments[:-1], but(moments[-1], seen_tip_celsius=to)]:
        memory = watch_sensor.remember(memory, moment, limits)
    assert (STUCK(memory, but(moments[-1], seen_tip_celsius=to), limits) is not None) is is_so


@pytest.mark.parametrize(("begins_ms", "is_so"), [(2_950, True), (3_000, True), (3_050, False)])
def test_standing_still_counts_if_it_begins_within_3_s(begins_ms: int, is_so: bool) -> None:
    moments = moved(OPENED, begins_ms + 4_000)
    moving = [
        but(m, seen_tip_celsius=30.0 - max(0, begins_ms - t) / 100)
        for t, m in zip(range(-PERIOD_MS, begins_ms + 4_001, PERIOD_MS), moments, strict=True)
    ]
    assert found(STUCK, moving) is is_so


# --- orifice -----------------------------------------------------------------------------------

PLUGGED = facts(observation=seen(flow_mg_s=89.0, valve_percent=100, supply_kpa=4_100.0))


@pytest.mark.parametrize(("ms", "is_so"), [(3_950, False), (4_000, True), (4_050, True)])
def test_little_flow_for_4_s_is_a_blocked_orifice(ms: int, is_so: bool) -> None:
    assert found(BLOCKED, lasting(ms, PLUGGED)) is is_so


@pytest.mark.parametrize(
    "alone",
    [
        {"seen_flow_mg_s": 90.0},
        {"seen_flow_mg_s": None},
        {"seen_supply_kpa": 4_099.0},
        {"seen_supply_kpa": None},
        {"seen_valve_open": False},
        {"seen_valve_percent": 9, "seen_flow_mg_s": 0.0},
        {"seen_valve_percent": 98},
        {"gas": None},
    ],
)
def test_each_of_these_alone_rests_the_orifice_watch(alone: dict[str, Any]) -> None:
    assert found(BLOCKED, lasting(4_000, PLUGGED))
    assert not found(BLOCKED, lasting(4_000, but(PLUGGED, **alone)))
    assert found(BLOCKED, lasting(4_000, but(PLUGGED, seen_flow_mg_s=8.9, seen_valve_percent=10)))


# --- target missed -----------------------------------------------------------------------------

FAR: Final = facts(observation=seen(tip_celsius=-60.0), freeze_started_ms=AT_MS)


def missed(ms: int, base: Facts, **last: Any) -> bool:
    memory, now = freezing_after(lasting(ms, base))
    return watch_freeze.target_missed(memory, but(now, **last), LIMITS) is not None


@pytest.mark.parametrize(("ms", "is_so"), [(59_950, False), (60_000, True), (60_050, True)])
def test_not_at_target_after_60_s_is_told(ms: int, is_so: bool) -> None:
    assert missed(ms, FAR) is is_so


@pytest.mark.parametrize(
    ("tip", "ms", "is_so"),
    [(-64.9, 9_950, False), (-64.9, 10_000, True), (-65.0, 10_000, False), (None, 10_000, False)],
)
def test_once_at_target_5_degrees_above_for_10_s_is_told(
    tip: float | None, ms: int, is_so: bool
) -> None:
    base = but(FAR, at_target=True, seen_tip_celsius=tip)
    assert missed(ms, base) is is_so
    assert not missed(ms, but(base, target_celsius=None))


def test_out_of_a_freeze_no_target_is_missed() -> None:
    assert missed(60_000, FAR)
    assert not missed(60_000, FAR, seen_state=DeviceState.THAWING)
    assert not missed(60_000, but(FAR, freeze_started_ms=None))
    assert not missed(60_000, but(FAR, at_target=True, seen_tip_celsius=-70.0))

"""The watches of the time after the gas went off."""

from typing import Any

import pytest
from safety_kit import AT_MS, LIMITS, PERIOD_MS, but, facts, row_of, seen, shut_after, thawing

from console.model.observation import Quality
from console.safety import watch_shut
from console.safety.facts import Facts, Finding
from console.safety.watch_shut import ShutMemory

OPEN = facts(observation=seen(at_ms=AT_MS - PERIOD_MS))


def shut(at: int, **changed: Any) -> Facts:
    """A moment `at` ms after the valve was first read back shut; a tip that warms as it should."""
    tip = min(-8.0, -70.0 + at * 0.01)
    usual = {"at_ms": AT_MS + at, "tip_celsius": tip}
    return facts(observation=thawing(**{**usual, **changed}), thawing=True, gas_wanted=False)


def found(*moments: Facts) -> Finding | None:
    memory, now = shut_after(moments)
    return watch_shut.flow_when_shut(memory, now, LIMITS)


# --- flow --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins_ms", "looks_ms", "is_found"),
    [
        (0, 2_499, False),
        (0, 2_500, True),
        (1_999, 2_500, True),
        (2_000, 2_499, False),
        (2_000, 2_500, True),
        (3_000, 3_499, False),
        (3_000, 3_500, True),
    ],
)
def test_flow_counts_from_2_s_after_shut_for_500_ms(
    begins_ms: int, looks_ms: int, is_found: bool
) -> None:
    quiet = [shut(t) for t in range(0, begins_ms, PERIOD_MS)]
    flows = [shut(t, flow_mg_s=31.0) for t in range(begins_ms, looks_ms, PERIOD_MS)]
    # The moment when the 2 s are over is looked at, as it would be by luck.
    at_2_s = [shut(2_000, flow_mg_s=31.0)] if begins_ms < 2_000 < looks_ms else []
    flows = sorted([*flows, *at_2_s], key=lambda m: (m.observation or seen()).at_ms)
    assert (found(OPEN, *quiet, *flows, shut(looks_ms, flow_mg_s=31.0)) is not None) is is_found


@pytest.mark.parametrize(
    ("flow", "is_found"), [(29.9, False), (30.0, False), (30.1, True), (None, False)]
)
def test_flow_is_more_than_a_tenth_of_that_of_a_freeze(flow: float | None, is_found: bool) -> None:
    moments = [shut(t, flow_mg_s=flow) for t in range(0, 4_000, PERIOD_MS)]
    assert (found(OPEN, *moments) is not None) is is_found


@pytest.mark.parametrize("flow", [0.0, None])
def test_one_reading_without_flow_begins_the_500_ms_anew(flow: float | None) -> None:
    before = [shut(t, flow_mg_s=31.0) for t in range(0, 2_500, PERIOD_MS)]
    after = [shut(2_550 + t, flow_mg_s=31.0) for t in range(0, 500, PERIOD_MS)]
    assert found(OPEN, *before, shut(2_500, flow_mg_s=flow), *after) is None
    assert found(OPEN, *before, shut(2_500, flow_mg_s=flow), *after, shut(3_050, flow_mg_s=31.0))


def test_it_says_how_much_flows() -> None:
    moments = [shut(t, flow_mg_s=45.0) for t in range(0, 2_550, PERIOD_MS)]
    assert found(OPEN, *moments) == Finding("flow_when_shut", ": flow 45 mg/s")


def test_flow_without_a_freeze_before_is_not_judged_here() -> None:
    assert found(*(shut(t, flow_mg_s=280.0) for t in range(0, 9_000, PERIOD_MS))) is None


def test_an_open_valve_rests_the_watch_and_empties_its_memory() -> None:
    moments = [shut(t, flow_mg_s=280.0) for t in range(0, 4_000, PERIOD_MS)]
    memory, now = shut_after([OPEN, *moments])
    assert watch_shut.flow_when_shut(memory, now, LIMITS) is not None
    again = facts(observation=seen(at_ms=AT_MS + 4_000))
    assert watch_shut.flow_when_shut(memory, again, LIMITS) is None
    assert watch_shut.remember(memory, again, LIMITS) == ShutMemory(was_open=True)


# --- a tip that stays cold -----------------------------------------------------------------------


def stays(
    rise: float | None, *, cold: float | None = -70.0, at_ms: int = 5_000, **changed: Any
) -> str | None:
    """A tip at `cold` when shut, `rise` warmer `at_ms` later."""
    tip = None if rise is None else (cold or 0.0) + rise
    last = shut(at_ms, tip_celsius=tip, **changed)
    return row_of(found(OPEN, shut(0, tip_celsius=cold), last))


@pytest.mark.parametrize(("rise", "cold_still"), [(9.9, True), (10.0, False), (10.1, False)])
def test_the_tip_rises_10_in_the_5_s_after_shut(rise: float, cold_still: bool) -> None:
    assert (stays(rise) is not None) is cold_still


@pytest.mark.parametrize(("at_ms", "judged"), [(4_999, False), (5_000, True), (60_000, True)])
def test_it_is_judged_from_5_s_on(at_ms: int, judged: bool) -> None:
    assert (stays(0.0, at_ms=at_ms) is not None) is judged


@pytest.mark.parametrize(
    ("cold", "judged"), [(-40.1, True), (-40.0, False), (-39.9, False), (None, False)]
)
def test_only_a_tip_colder_than_minus_40_must_rise(cold: float | None, judged: bool) -> None:
    assert (stays(0.0, cold=cold) is not None) is judged


def test_an_unknown_tip_is_not_a_cold_one() -> None:
    assert stays(None) is None
    assert stays(None, tip_quality=Quality.OPEN) is None
    memory, _ = shut_after([OPEN, shut(0, tip_celsius=-70.0), shut(5_000, tip_celsius=None)])
    memory, now = shut_after([shut(5_050, tip_celsius=-70.0)], memory)
    assert watch_shut.flow_when_shut(memory, now, LIMITS) is not None, "once it is known again"


def test_the_warmest_reading_since_counts() -> None:
    moments = [shut(0, tip_celsius=-70.0), shut(2_000, tip_celsius=-59.0)]
    assert found(OPEN, *moments, shut(5_000, tip_celsius=-69.0)) is None


def test_it_goes_when_the_tip_has_risen_after_all() -> None:
    cold = [shut(0, tip_celsius=-70.0), shut(5_000, tip_celsius=-65.0)]
    assert found(OPEN, *cold) == Finding("flow_when_shut", ": the tip stays cold")
    assert found(OPEN, *cold, shut(6_000, tip_celsius=-61.0)) is not None
    assert found(OPEN, *cold, shut(6_000, tip_celsius=None)) is not None, "it stands, unknown"
    assert found(OPEN, *cold, shut(6_000, tip_celsius=-60.0)) is None


# --- an unknown tip in a thaw -----------------------------------------------------------------


def unknown(*tips: float | None, **changed: Any) -> Finding | None:
    moments = [
        but(shut(n * PERIOD_MS), seen_tip_celsius=tip, seen_tip_quality=Quality.OPEN, **changed)
        for n, tip in enumerate(tips)
    ]
    memory, now = shut_after(moments)
    return watch_shut.tip_unknown(memory, now, LIMITS)


def test_an_unknown_tip_of_a_thaw_is_told_once_the_device_would_have_named_the_cause() -> None:
    blind = (None,) * 7  # 300 ms
    assert unknown(*blind[1:]) is None
    assert unknown(*blind) == Finding("tip_unknown", ": sensor open")
    assert unknown(None, -8.0, *blind[1:]) is None
    assert unknown(*blind, -8.0) is None, "known again"
    assert unknown(*blind, thawing=False) is None
    assert unknown(*blind, seen_valve_open=True) is None
    memory, now = shut_after([OPEN, shut(0, tip_celsius=None), shut(300, tip_celsius=None)])
    assert watch_shut.tip_unknown(memory, now, LIMITS) is not None, "also right after a freeze"


def test_without_a_reading_nothing_is_found_and_nothing_forgotten() -> None:
    memory, now = shut_after([OPEN, *(shut(t, tip_celsius=-70.0) for t in (0, 5_000))])
    blind = but(now, observation=None)
    assert watch_shut.remember(memory, blind, LIMITS) == memory
    assert watch_shut.flow_when_shut(memory, blind, LIMITS) is None
    assert watch_shut.tip_unknown(memory, blind, LIMITS) is None

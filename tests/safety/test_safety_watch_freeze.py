"""The watches of a running freeze."""

from typing import Any

import pytest
from safety_kit import (
    AT_MS,
    LIMITS,
    PERIOD_MS,
    but,
    every,
    facts,
    freezing_after,
    row_of,
    seen,
    thawing,
)

from console.model.device import DeviceState, Gas
from console.safety import watch_freeze
from console.safety.facts import Facts, Finding
from console.safety.watch_freeze import FreezeMemory

# --- over-cool: 10 °C under the target for 1 s -------------------------------------------------


def over_cool_after(ms: int, **changed: Any) -> Finding | None:
    """A tip at -80.1 for so long, `changed` in every reading."""
    base = but(facts(), seen_tip_celsius=-80.1)
    base = but(base, **changed)
    memory, now = freezing_after(every(PERIOD_MS, ms, lambda t: but(base, seen_at_ms=AT_MS + t)))
    return watch_freeze.over_cool(memory, now, LIMITS)


@pytest.mark.parametrize(("ms", "found"), [(999, False), (1_000, True), (1_001, True)])
def test_over_cool_counts_after_1000_ms(ms: int, found: bool) -> None:
    assert (over_cool_after(ms) is not None) is found


@pytest.mark.parametrize(
    ("tip", "found"), [(-79.9, False), (-80.0, False), (-80.01, True), (None, False)]
)
def test_over_cool_is_more_than_10_under_the_target(tip: float | None, found: bool) -> None:
    assert (over_cool_after(1_000, seen_tip_celsius=tip) is not None) is found


def test_over_cool_says_how_cold_with_a_true_minus() -> None:
    assert over_cool_after(1_000) == Finding("over_cool", ": −80.1 °C")


@pytest.mark.parametrize(
    "alone",
    [{"target_celsius": None}, {"target_celsius": -75.0}, {"seen_tip_celsius": -70.0}],
)
def test_each_of_these_alone_is_no_over_cool(alone: dict[str, Any]) -> None:
    assert over_cool_after(2_000, **alone) is None


def test_the_hold_may_shut_the_valve_and_the_freeze_goes_on() -> None:
    assert over_cool_after(1_000, seen_valve_open=False) is not None
    assert over_cool_after(1_000, seen_state=DeviceState.UNKNOWN) is not None
    shut = {"seen_valve_open": False, "seen_state": DeviceState.THAWING}
    assert over_cool_after(1_000, **shut) is None


@pytest.mark.parametrize("tip", [-70.0, None])
def test_one_warmer_or_unknown_reading_begins_the_second_anew(tip: float | None) -> None:
    cold = but(facts(), seen_tip_celsius=-81.0)
    moments = every(PERIOD_MS, 950, lambda t: but(cold, seen_at_ms=AT_MS + t))
    moments.append(but(cold, seen_at_ms=AT_MS + 975, seen_tip_celsius=tip))
    moments += every(PERIOD_MS, 950, lambda t: but(cold, seen_at_ms=AT_MS + 1_000 + t))
    memory, now = freezing_after(moments)
    assert watch_freeze.over_cool(memory, now, LIMITS) is None
    memory, now = freezing_after([but(cold, seen_at_ms=AT_MS + 2_000)], memory)
    assert watch_freeze.over_cool(memory, now, LIMITS) is not None


def test_another_freeze_begins_with_an_empty_memory() -> None:
    cold = but(facts(), seen_tip_celsius=-81.0)
    memory, _ = freezing_after(every(PERIOD_MS, 950, lambda t: but(cold, seen_at_ms=AT_MS + t)))
    other = but(cold, freeze_started_ms=AT_MS + 960, seen_at_ms=AT_MS + 1_000)
    memory, now = freezing_after([other], memory)
    assert watch_freeze.over_cool(memory, now, LIMITS) is None


def test_without_a_reading_nothing_is_found_and_nothing_forgotten() -> None:
    cold = but(facts(), seen_tip_celsius=-90.0)
    memory, now = freezing_after(every(PERIOD_MS, 2_000, lambda t: but(cold, seen_at_ms=AT_MS + t)))
    blind = but(now, observation=None)
    assert watch_freeze.remember(memory, blind, LIMITS) == memory
    for watch in (
        watch_freeze.over_cool,
        watch_freeze.cooled_past_limit,
        watch_freeze.fails_to_cool,
        watch_freeze.freeze_too_long,
        watch_freeze.both_on,
    ):
        assert watch(memory, blind, LIMITS) is None


# --- cooled past the limit: two readings -------------------------------------------------------


def past_limit(*tips: float | None, gas: Gas | None = Gas.N2O, **changed: Any) -> Finding | None:
    moments = [
        but(facts(gas=gas), seen_tip_celsius=tip, seen_at_ms=AT_MS + n * PERIOD_MS, **changed)
        for n, tip in enumerate(tips)
    ]
    memory, now = freezing_after(moments)
    return watch_freeze.cooled_past_limit(memory, now, LIMITS)


@pytest.mark.parametrize(
    ("gas", "tip", "found"),
    [
        (Gas.N2O, -84.9, False),
        (Gas.N2O, -85.0, False),
        (Gas.N2O, -85.01, True),
        (Gas.CO2, -79.9, False),
        (Gas.CO2, -80.0, False),
        (Gas.CO2, -80.01, True),
        (None, -99.0, False),
    ],
)
def test_colder_than_any_target_of_the_gas(gas: Gas | None, tip: float, found: bool) -> None:
    assert (past_limit(tip, tip, gas=gas) is not None) is found


def test_it_takes_two_readings_in_a_row() -> None:
    assert past_limit(-86.0) is None
    assert past_limit(-86.0, -70.0, -86.0) is None
    assert past_limit(-86.0, None, -86.0) is None
    assert past_limit(-70.0, -86.0, -86.0) == Finding("cooled_past_limit", ": −86.0 °C")
    assert past_limit(-86.0, -86.0, seen_valve_open=False) is not None, "state freezing"
    thaw = {"seen_valve_open": False, "seen_state": DeviceState.THAWING}
    assert past_limit(-86.0, -86.0, **thaw) is None


# --- fails to cool -----------------------------------------------------------------------------


def fails(
    at_ms: int, tip: float | None, *, started: float | None = 36.0, **changed: Any
) -> Finding | None:
    """`at_ms` after gas-on, with this tip now and at the start."""
    on_ms = AT_MS - at_ms
    start = but(facts(freeze_started_ms=on_ms), seen_at_ms=on_ms, seen_tip_celsius=started)
    end = but(facts(freeze_started_ms=on_ms), seen_tip_celsius=tip)
    memory, now = freezing_after([start, but(end, **changed)])
    return watch_freeze.fails_to_cool(memory, now, LIMITS)


@pytest.mark.parametrize(
    ("at_ms", "tip", "started", "found"),
    [
        (14_999, 36.0, 36.0, False),
        (15_000, 36.0, 36.0, True),
        (15_000, 26.1, 36.0, True),
        (15_000, 26.0, 36.0, False),
        (15_000, 25.9, 36.0, False),
        (15_000, -9.9, -9.9, True),
        (15_000, -10.0, -10.0, False),
        (15_000, -20.0, -11.0, False),
        (15_000, 36.0, None, False),
        (15_000, None, 36.0, False),
    ],
)
def test_a_warm_start_must_fall_10_in_15_s(
    at_ms: int, tip: float | None, started: float | None, found: bool
) -> None:
    assert (fails(at_ms, tip, started=started) is not None) is found


@pytest.mark.parametrize(
    ("at_ms", "tip", "found"),
    [
        (44_999, -49.9, False),
        (45_000, -49.9, True),
        (45_000, -50.0, False),
        (45_000, -50.1, False),
        (200_000, -49.9, True),
    ],
)
def test_at_45_s_it_is_within_20_of_the_target(at_ms: int, tip: float, found: bool) -> None:
    assert (fails(at_ms, tip) is not None) is found


@pytest.mark.parametrize(("tip", "found"), [(-59.9, True), (-60.0, False), (-60.1, False)])
def test_it_rests_within_10_of_the_target(tip: float, found: bool) -> None:
    # Started at -55: the only way to less than 10 of fall that near.
    assert (fails(15_000, tip, started=-9.0, target_celsius=-70.0) is not None) is False
    warm_target = fails(15_000, tip + 55.0, started=-4.0, target_celsius=-15.0)
    assert (warm_target is not None) is found


@pytest.mark.parametrize(
    "alone", [{"seen_valve_open": False}, {"target_celsius": None}, {"freeze_started_ms": None}]
)
def test_each_of_these_alone_rests_the_watch(alone: dict[str, Any]) -> None:
    assert fails(50_000, 0.0) is not None
    assert fails(50_000, 0.0, **alone) is None


def test_it_says_how_warm_and_since_when() -> None:
    assert fails(15_000, 30.04) == Finding("fails_to_cool", ": 30.0 °C after 15 s of gas")
    assert fails(45_000, -20.0) == Finding("fails_to_cool", ": −20.0 °C after 45 s of gas")


# --- freeze too long ---------------------------------------------------------------------------


def too_long(*, on_ms: int, due_ms: int | None, **changed: Any) -> Finding | None:
    """`on_ms` after gas-on, the end being due `due_ms` after gas-on."""
    began = AT_MS - on_ms
    due = None if due_ms is None else began + due_ms
    now = but(facts(freeze_started_ms=began, freeze_due_ms=due), **changed)
    memory = FreezeMemory(began, 36.0)
    return watch_freeze.freeze_too_long(memory, now, LIMITS)


@pytest.mark.parametrize(
    ("on_ms", "due_ms", "found"),
    [
        (121_999, 120_000, False),
        (122_000, 120_000, False),
        (122_001, 120_000, True),
        (299_999, None, False),
        (300_000, None, False),
        (300_001, None, True),
        (300_001, 400_000, True),
    ],
)
def test_it_ends_when_due_and_at_300_s_at_the_latest(
    on_ms: int, due_ms: int | None, found: bool
) -> None:
    assert (too_long(on_ms=on_ms, due_ms=due_ms) is not None) is found


def test_too_long_takes_an_open_valve_and_a_known_start() -> None:
    assert too_long(on_ms=122_001, due_ms=120_000) == Finding("freeze_too_long", ": 122 s")
    assert too_long(on_ms=122_001, due_ms=120_000, seen_valve_open=False) is None
    late = facts(freeze_due_ms=AT_MS - 5_000)
    assert watch_freeze.freeze_too_long(FreezeMemory(), late, LIMITS) is None


# --- gas that nobody asked for ----------------------------------------------------------------

STRAY = facts(gas_wanted=False, freeze_started_ms=None, quiet_until_device_ms=float(AT_MS))


def stray(*moments: Facts) -> str | None:
    memory, now = freezing_after(
        but(m, seen_at_ms=(m.observation or seen()).at_ms + n) for n, m in enumerate(moments)
    )
    return row_of(watch_freeze.unexpected_freeze(memory, now, LIMITS))


def test_two_frames_of_gas_that_nobody_asked_for() -> None:
    assert stray(STRAY) is None
    assert stray(STRAY, STRAY) == "unexpected_freeze"


@pytest.mark.parametrize(
    "alone",
    [
        {"seen_valve_open": False},
        {"seen_local_start": True},
        {"gas_wanted": True},
        {"quiet_until_device_ms": AT_MS + 10.0},
    ],
)
def test_each_of_these_alone_explains_the_gas(alone: dict[str, Any]) -> None:
    assert stray(*[but(STRAY, **alone)] * 3) is None
    assert stray(STRAY, but(STRAY, **alone), STRAY) is None, "and the count begins anew"


@pytest.mark.parametrize(("quiet_ms", "row"), [(-1, True), (0, True), (1, False)])
def test_it_is_judged_from_the_end_of_the_grace_on(quiet_ms: int, row: bool) -> None:
    now = but(STRAY, quiet_until_device_ms=float(AT_MS + quiet_ms))
    memory = FreezeMemory(unexpected_frames=1)
    memory = watch_freeze.remember(memory, now, LIMITS)
    assert (watch_freeze.unexpected_freeze(memory, now, LIMITS) is not None) is row


def test_what_stands_gets_no_new_grace_from_the_stop_that_follows() -> None:
    memory, _ = freezing_after([STRAY, but(STRAY, seen_at_ms=AT_MS + 50)])
    later = but(STRAY, seen_at_ms=AT_MS + 100, quiet_until_device_ms=AT_MS + 9_000.0)
    memory, now = freezing_after([later], memory)
    assert watch_freeze.unexpected_freeze(memory, now, LIMITS) is not None
    shut = but(later, seen_valve_open=False)
    memory, now = freezing_after([shut, later, later], memory)
    assert watch_freeze.unexpected_freeze(memory, now, LIMITS) is None, "once it was shut, it does"


# --- gas and stimulation together --------------------------------------------------------------


@pytest.mark.parametrize("valve", [False, True])
@pytest.mark.parametrize("stimulator", [False, True])
def test_both_on_is_both(valve: bool, stimulator: bool) -> None:
    now = facts(observation=thawing(valve_open=valve, stimulator_on=stimulator))
    found = watch_freeze.both_on(FreezeMemory(), now, LIMITS)
    assert (found is not None) is (valve and stimulator)

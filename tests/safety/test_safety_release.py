"""When the probe is free: gas shut, no warming, a known tip above +10 °C for 5 s; never by time."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safety_kit import AT_MS, LIMITS, seen

from console.model.device import DeviceState
from console.model.observation import Observation
from console.safety.release import Release, step


def warm(at: int, **changed: Any) -> Observation:
    usual: dict[str, Any] = {
        "at_ms": AT_MS + at,
        "state": DeviceState.THAWING,
        "valve_open": False,
        "tip_celsius": 20.0,
    }
    return seen(**{**usual, **changed})


def after(*seen_: Observation | None) -> Release:
    state = Release()
    for each in seen_:
        state = step(state, each, LIMITS)
    return state


@pytest.mark.parametrize(("ms", "free"), [(4_999, False), (5_000, True), (5_001, True)])
@pytest.mark.hazard("release_early", "limit")
def test_free_after_exactly_5_s(ms: int, free: bool) -> None:
    verdict = after(warm(0), warm(ms))
    assert verdict.free is free
    assert (verdict.reason == "") is free


@pytest.mark.parametrize(
    ("ms", "left_s"), [(0, 5), (1, 5), (1_000, 4), (1_997, 4), (2_000, 3), (4_999, 1)]
)
def test_it_says_how_many_seconds_are_left_rounded_up(ms: int, left_s: int) -> None:
    assert after(warm(0), warm(ms)).reason == f"Tip above +10 °C for {left_s} s more"


@pytest.mark.parametrize(
    ("tip", "free"), [(9.99, False), (10.0, False), (10.01, True), (None, False), (0.0, False)]
)
def test_warm_is_above_10_and_unknown_is_never_warm(tip: float | None, free: bool) -> None:
    moments = [warm(t, tip_celsius=tip) for t in range(0, 60_001, 50)]
    assert after(*moments).free is free


NOT_FREE: dict[str, dict[str, Any]] = {
    "gas on": {"valve_open": True},
    "freezing": {"state": DeviceState.FREEZING},
    "warming": {"warming": True},
    "tip unknown": {"tip_celsius": None},
    "tip cold": {"tip_celsius": 10.0},
}


@pytest.mark.parametrize("alone", NOT_FREE.values(), ids=NOT_FREE)
@pytest.mark.hazard("release_early", "truth")
def test_each_of_these_alone_ends_free_and_begins_the_5_s_anew(alone: dict[str, Any]) -> None:
    assert after(warm(0), warm(5_000)).free
    assert not after(warm(0), warm(5_000), warm(5_050, **alone)).free
    broken = [warm(0), warm(4_900, **alone)]
    assert not after(*broken, warm(5_000)).free
    assert not after(*broken, warm(5_000), warm(9_999)).free
    assert after(*broken, warm(5_000), warm(10_000)).free
    assert not after(*(warm(t, **alone) for t in range(0, 600_001, 500))).free, "not by time"


def test_no_reading_ends_free_too() -> None:
    assert after(warm(0), warm(5_000), None) == Release(reason="No reading from the console")
    assert not after(warm(0), None, warm(5_000)).free
    assert after() == Release() and not Release().free


def test_a_clock_that_began_anew_gives_nothing() -> None:
    verdict = after(warm(0), warm(4_000), warm(-AT_MS + 100), warm(-AT_MS + 5_099))
    assert not verdict.free
    assert step(verdict, warm(-AT_MS + 5_100), LIMITS).free


@pytest.mark.parametrize(
    ("alone", "words"),
    [
        ({"valve_open": True}, "The gas is on"),
        ({"state": DeviceState.FREEZING}, "The gas is on"),
        ({"warming": True}, "Active warming is on: the tip's warmth says nothing about the ice"),
        ({"tip_celsius": -7.6}, "Tip −8 °C: wait for more than +10 °C"),
        ({"tip_celsius": 10.0}, "Tip 10 °C: wait for more than +10 °C"),
        (
            {"tip_celsius": None},
            "Temperature unknown. Wait at least 5:00. Check on ultrasound. Withdraw only if the "
            "probe turns and slides without force",
        ),
    ],
)
def test_the_reason_in_words(alone: dict[str, Any], words: str) -> None:
    assert after(warm(0, **alone)).reason == words


@pytest.mark.parametrize(("ms", "left"), [(0, 5), (1, 5), (1_000, 4), (4_001, 1), (4_999, 1)])
def test_the_seconds_left_are_never_said_to_be_0(ms: int, left: int) -> None:
    assert after(warm(0), warm(ms)).reason == f"Tip above +10 °C for {left} s more"


moments = st.builds(
    warm,
    st.integers(0, 0),
    valve_open=st.sampled_from([False] * 5 + [True]),
    warming=st.sampled_from([False] * 5 + [True]),
    state=st.sampled_from([DeviceState.THAWING, DeviceState.IDLE, DeviceState.UNKNOWN]),
    tip_celsius=st.sampled_from([20.0, 11.0, 30.0, 10.01, 10.0, None]),
)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.none() | moments, st.integers(1, 3_000)), max_size=12))
def test_free_means_5_s_of_nothing_but_good_readings(
    steps: list[tuple[Observation | None, int]],
) -> None:
    import msgspec

    state, at_ms = Release(), AT_MS
    good_since: int | None = None
    for each, later_ms in steps:
        at_ms += later_ms
        now = msgspec.structs.replace(each, at_ms=at_ms) if each is not None else None
        state = step(state, now, LIMITS)
        good = (
            now is not None
            and not now.valve_open
            and not now.warming
            and now.tip_celsius is not None
            and now.tip_celsius > 10.0
        )
        good_since = (good_since if good_since is not None else at_ms) if good else None
        assert state.free is (good_since is not None and at_ms - good_since >= 5_000)

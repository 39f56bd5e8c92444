"""What a finding says of itself: the numbers that were read, in the units that people read."""

from typing import Any

import msgspec
import pytest
from safety_kit import AT_MS, LIMITS, but, facts, freezing_after, seen

from console.safety import watch_freeze, watch_link
from console.safety.facts import Facts, Finding
from console.safety.supervisor import Supervisor, step
from console.safety.watch_freeze import FreezeMemory

MINUTE_MS, TEN_MINUTES_MS = 60_000, 600_000


def test_old_readings_say_how_old() -> None:
    old = facts(device_now_ms=float(AT_MS + MINUTE_MS))
    assert watch_link.stale(old, LIMITS.link) == Finding("stale", ": 60.0 s", high=True)


def test_a_lost_screen_says_for_how_long() -> None:
    slow = msgspec.structs.replace(LIMITS.link, screen_lost_ms=float(TEN_MINUTES_MS))
    lost = watch_link.screen_lost(facts(screen_age_ms=TEN_MINUTES_MS + 1.0), slow)
    assert lost == Finding("screen_lost", "600 s")


def test_a_sleep_says_how_long_it_was() -> None:
    slept = watch_link.host_slept(facts(slept_ms=float(MINUTE_MS)), LIMITS.link)
    assert slept == Finding("host_slept", "60.0 s")


@pytest.mark.parametrize(("started", "tip"), [(36.0, 30.0), (36.0, -20.0)], ids=["flat", "late"])
def test_what_fails_to_cool_says_for_how_long_gas_was_on(started: float, tip: float) -> None:
    begun = AT_MS - TEN_MINUTES_MS
    warm = but(facts(freeze_started_ms=begun), seen_at_ms=begun, seen_tip_celsius=started)
    now = but(warm, seen_at_ms=AT_MS, seen_tip_celsius=tip)
    memory, last = freezing_after([warm, now])
    found = watch_freeze.fails_to_cool(memory, last, LIMITS)
    assert found is not None and found.detail.endswith(" after 600 s of gas")


def test_a_freeze_that_is_too_long_says_how_long() -> None:
    found = watch_freeze.freeze_too_long(FreezeMemory(AT_MS - TEN_MINUTES_MS), facts(), LIMITS)
    assert found == Finding("freeze_too_long", ": 600 s")


def missed(**last: Any) -> Finding | None:
    """Ten minutes into a freeze."""
    now = facts(observation=seen(**last), freeze_started_ms=AT_MS - TEN_MINUTES_MS)
    memory = FreezeMemory(now.freeze_started_ms, above_since_ms=AT_MS - MINUTE_MS, reached=True)
    never = msgspec.structs.replace(memory, above_since_ms=None, reached=False)
    found = {watch_freeze.target_missed(each, now, LIMITS) for each in (memory, never)}
    assert len(found) == 1, "never reached or left again, the words are the same"
    return found.pop()


def test_a_missed_target_says_how_cold_the_tip_is_or_that_it_is_unknown() -> None:
    assert missed(tip_celsius=-63.04) == Finding("target_missed", ": −63.0 °C")
    assert missed(tip_celsius=None) == Finding("target_missed", ": ---")


def test_a_probe_says_what_is_wrong_with_it() -> None:
    def found(now: Facts) -> tuple[Finding, ...]:
        return step(Supervisor(), now, LIMITS)[1].findings

    assert found(facts(probe_problem="expired")) == (Finding("probe_unusable", "expired"),)
    assert found(facts(probe_problem="")) == ()
    off = facts(thermocouple_off="tip 30 °C, room 22 °C")
    assert found(off) == (Finding("thermocouple_drift", ": tip 30 °C, room 22 °C"),)
    assert found(facts(moved_cold=True)) == (Finding("probe_moved"),)

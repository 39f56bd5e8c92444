"""The tip gets too far below its target."""

import pytest
from proof_kit import YES, Case, Table, proven
from safety_kit import AT_MS, at, lasting, stands

from console.model.alarm import Priority
from console.model.device import DeviceState
from console.safety.interlock import Latch, SafeState

FREEZING, THAWING, IDLE = DeviceState.FREEZING, DeviceState.THAWING, DeviceState.IDLE

test_over_cool = proven(
    Case(
        "over_cool",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        limits={"freeze.over_cool_below_target_celsius": 10.0, "freeze.over_cool_ms": 1_000},
        happened="Tip is more than 10 °C colder than the target: −81.0 °C",
        by_device="Tip is more than 10 °C colder than the target",
        to_do="Gas is shut. Do not move the probe until it has thawed. Then repeat the freeze, "
        "or finish here.",
        alone=lasting(1_000, seen_tip_celsius=-81.0),
        tables=(
            Table(
                "cold",
                lasting,
                {
                    "for_ms": ((1_000, 1_050), (999, 950)),
                    "seen_tip_celsius": ((-80.1, -85.0), (-80.0, -79.9, None)),
                    "target_celsius": ((-70.0, -70.05), (-70.1, None)),
                    "seen_state": ((FREEZING, THAWING), ()),
                    "seen_valve_open": ((True, False), ()),
                },
            ),
            Table(
                "valve alone",
                lasting,
                {
                    "for_ms": ((1_000,), (999,)),
                    "seen_tip_celsius": ((-80.1,), (-80.0,)),
                    "seen_state": ((THAWING,), ()),
                    "seen_valve_open": YES,
                },
            ),
            Table(
                "state alone",
                lasting,
                {
                    "for_ms": ((1_000,), (999,)),
                    "seen_tip_celsius": ((-80.1,), (-80.0,)),
                    "seen_valve_open": ((False,), ()),
                    "seen_state": ((FREEZING,), (THAWING, IDLE)),
                },
            ),
        ),
    )
)


@pytest.mark.parametrize("celsius", [-70.0, None])
def test_one_warmer_or_unknown_reading_begins_the_second_again(celsius: float | None) -> None:
    cold = lasting(950, seen_tip_celsius=-81.0)
    other = at(975, seen_tip_celsius=celsius)
    more = lasting(950, since_ms=1_000, seen_tip_celsius=-81.0)
    assert not stands("over_cool", [*cold, other, *more])
    assert stands("over_cool", [*cold, other, *more, at(2_000, seen_tip_celsius=-81.0)])


def test_another_freeze_begins_with_an_empty_memory() -> None:
    cold = lasting(950, seen_tip_celsius=-81.0)
    other = at(1_000, seen_tip_celsius=-81.0, freeze_started_ms=AT_MS + 960)
    assert not stands("over_cool", [*cold, other])


def test_without_a_reading_nothing_is_found_and_nothing_forgotten() -> None:
    cold = lasting(950, seen_tip_celsius=-81.0)
    blind = at(975, observation=None)
    assert not stands("over_cool", [*lasting(2_000, seen_tip_celsius=-81.0), blind])
    assert stands("over_cool", [*cold, blind, at(1_000, seen_tip_celsius=-81.0)])

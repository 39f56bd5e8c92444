"""The tip gets colder than any target of this gas."""

import pytest
from proof_kit import YES, Case, Table, proven
from safety_kit import AT_MS, at, but, readings, stands, tips

from console.model.alarm import Priority
from console.model.device import DeviceState, Gas
from console.safety.interlock import Latch, SafeState

FREEZING, THAWING, IDLE = DeviceState.FREEZING, DeviceState.THAWING, DeviceState.IDLE

test_cooled_past_limit = proven(
    Case(
        "cooled_past_limit",
        SafeState.SS1,
        Priority.HIGH,
        Latch.OPERATOR,
        limits={"n2o.lowest_tip_celsius": -85.0, "co2.lowest_tip_celsius": -80.0},
        happened="Tip is colder than the console's limit: −86.0 °C",
        by_device="Tip is colder than the console's limit",
        to_do="Gas is shut. Do not move the probe until it has thawed. Have the console checked "
        "before the next freeze.",
        alone=readings(2, seen_tip_celsius=-86.0, target_celsius=-84.0),
        tables=(
            Table(
                "N2O",
                readings,
                {
                    "count": ((2, 3), (1,)),
                    "seen_tip_celsius": ((-85.1, -94.0), (-85.0, -84.9, -94.1, None)),
                    "seen_state": ((FREEZING,), (THAWING, IDLE)),
                    "seen_valve_open": ((False,), ()),
                    "gas": ((Gas.N2O,), (Gas.CO2, None)),
                },
            ),
            Table(
                "valve alone",
                readings,
                {
                    "count": ((2,), (1,)),
                    "seen_tip_celsius": ((-85.1,), (-85.0,)),
                    "seen_state": ((THAWING,), ()),
                    "seen_valve_open": YES,
                },
            ),
            Table(
                "CO2",
                readings,
                {
                    "count": ((2,), (1,)),
                    "seen_tip_celsius": ((-80.1, -84.0), (-80.0, -84.1)),
                    "seen_state": ((FREEZING,), ()),
                    "gas": ((Gas.CO2,), (Gas.N2O,)),
                },
            ),
        ),
    )
)


@pytest.mark.parametrize("between", [-70.0, None])
def test_it_takes_two_readings_in_a_row(between: float | None) -> None:
    assert not stands("cooled_past_limit", tips(-86.0, between, -86.0))
    assert stands("cooled_past_limit", tips(between, -86.0, -86.0))


def test_one_reading_looked_at_twice_is_one_reading() -> None:
    one = at(0, seen_tip_celsius=-86.0)
    again = [but(one, new=False)] * 5
    assert not stands("cooled_past_limit", [one, *again])
    assert stands("cooled_past_limit", [one, *again, at(50, seen_tip_celsius=-86.0)])


def test_another_freeze_begins_with_an_empty_memory() -> None:
    other = at(50, seen_tip_celsius=-86.0, freeze_started_ms=AT_MS + 10)
    assert not stands("cooled_past_limit", [at(0, seen_tip_celsius=-86.0), other])

"""The tip's reading cannot be true: colder than the gas can boil, or away and back at once."""

import pytest
from proof_kit import Case, Table, proven
from safety_kit import readings, stands, tips

from console.model.alarm import Priority
from console.model.device import DeviceState, Gas
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState

FREEZING, THAWING, IDLE = DeviceState.FREEZING, DeviceState.THAWING, DeviceState.IDLE


def jumping(there: float, back: float) -> list[Facts]:
    return tips(-20.0, -20.0 + there, -20.0 + there - back)


test_temperature_impossible = proven(
    Case(
        "temperature_impossible",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        limits={
            "n2o.impossible_celsius": -94.0,
            "co2.impossible_celsius": -84.0,
            "sensor.jump_celsius": 30.0,
        },
        happened="The tip temperature jumps or is impossible",
        by_device="The tip temperature jumps or is impossible",
        to_do="Gas is shut. Do not trust the reading: wait at least 5:00 and check on ultrasound. "
        "Then change the probe.",
        alone=readings(2, seen_tip_celsius=-94.1, target_celsius=-90.0),
        tables=(
            Table(
                "cold, N2O",
                readings,
                {
                    "count": ((2,), (1,)),
                    "seen_tip_celsius": ((-94.1,), (-94.0, -93.9, None)),
                    "seen_state": ((FREEZING, THAWING, IDLE), ()),
                    "gas": ((Gas.N2O, Gas.CO2), (None,)),
                },
            ),
            Table(
                "cold, CO2",
                readings,
                {
                    "count": ((2,), (1,)),
                    "seen_tip_celsius": ((-84.1,), (-84.0, -83.9)),
                    "gas": ((Gas.CO2,), (Gas.N2O,)),
                },
            ),
            Table(
                "jump",
                jumping,
                {
                    "there": ((30.0, 40.0), (29.9, -30.0)),
                    "back": ((30.0, 40.0), (29.9, -30.0, 0.0)),
                },
            ),
            Table(
                "jump down",
                jumping,
                {
                    "there": ((-30.0, -40.0), (-29.9, 30.0)),
                    "back": ((-30.0, -40.0), (-29.9, 30.0, 0.0)),
                },
            ),
        ),
    )
)


@pytest.mark.parametrize(
    ("celsius", "is_so"),
    [
        ((-94.1, -70.0, -94.1), False),  # two that do not follow each other
        ((-70.0, -40.0, -70.0), True),
        ((-70.0, -40.0, -69.9), False),
        ((-70.0, -40.0, -10.0), False),  # goes on, does not come back
        ((-70.0, None, -70.0), False),
        ((None, -40.0, -70.0), False),
        ((-70.0, -40.0, None), False),
        ((-70.0, -40.0), False),
        ((-70.0, -40.0, -70.0, -70.0), False),  # a moment later it is over
    ],
)
def test_a_jump_is_away_and_back(celsius: tuple[float | None, ...], is_so: bool) -> None:
    assert stands("temperature_impossible", tips(*celsius)) is is_so

"""Why no stimulation may start: link, console, probe, record, and the alarms that concern it."""

from typing import Any

import msgspec
import pytest
from safety_kit import LIMITS
from test_safety_readiness import ALARM, READY, but

from console.model.alarm import Alarm, Priority
from console.safety.readiness import Scene, not_stimulable
from console.safety.registry import BY_ID


def words(scene: Scene) -> tuple[str, ...]:
    return not_stimulable(scene, LIMITS)


def alarm(row: str, **changed: Any) -> Alarm:
    made = Alarm(row, Priority.MEDIUM, f"{row} happened", "", "10:00:00", 1)
    return msgspec.structs.replace(made, **changed)


def test_it_may_start_when_all_is_ready() -> None:
    assert words(READY) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"link_words": "No connection"}, "No connection"),
        ({"device_probe": None}, "probe"),
        ({"record_problem": "disk full"}, "The record cannot be written: disk full"),
    ],
)
def test_link_probe_and_record_matter(changed: dict[str, Any], said: str) -> None:
    (found,) = words(but(**changed))
    assert said in found


def test_tip_and_supply_do_not() -> None:
    assert words(but(seen_tip_celsius=None, seen_supply_kpa=None)) == ()


def test_an_alarm_that_keeps_everything_from_starting_does() -> None:
    assert words(but(alarms=(ALARM,))) == (ALARM.happened,)


@pytest.mark.parametrize("row", sorted(row.id for row in BY_ID.values() if row.stimulator))
def test_an_alarm_of_the_stimulator_does(row: str) -> None:
    assert words(but(alarms=(alarm(row),))) == (f"{row} happened",)


@pytest.mark.parametrize("row", ["supply_low", "fails_to_cool"])
def test_an_alarm_of_the_gas_does_not(row: str) -> None:
    assert words(but(alarms=(alarm(row),))) == ()


def test_a_gone_alarm_says_who_must_clear_it() -> None:
    gone = alarm("stimulator_open_lead", present=False, latched=True)
    assert words(but(alarms=(gone,))) == ("Acknowledge first: stimulator_open_lead happened",)
    kept = msgspec.structs.replace(gone, engineer=True)
    (said,) = words(but(alarms=(kept,)))
    assert said == "An engineer must release this console first: stimulator_open_lead happened"


def test_every_reason_is_told_in_order() -> None:
    scene = but(link_words="No connection", record_problem="disk full", alarms=(ALARM,))
    assert words(scene) == (
        "No connection",
        "The record cannot be written: disk full",
        ALARM.happened,
    )

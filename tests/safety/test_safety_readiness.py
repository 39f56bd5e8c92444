"""The interlock lights: what each looks at, and what it says."""

from typing import Any

import msgspec
import pytest
from safety_kit import LIMITS, thawing

from console.model.alarm import Alarm, Priority
from console.model.device import DeviceState, Gas
from console.model.observation import Quality
from console.safety.readiness import ROWS, Scene, lights, probe_problem
from tests.consoles import BENCH

DEVICE = msgspec.structs.replace(BENCH, stimulator_unit=None)
PROBE = DEVICE.probe
assert PROBE is not None
SEEN = thawing(tip_celsius=30.0)
READY = Scene("", DEVICE, SEEN, (), "")
ALARM = Alarm("leak", Priority.HIGH, "Gas leaks", "", "10:00:00", 1, blocks_start=True)


def but(**changed: Any) -> Scene:
    """READY with one thing changed; of the observation by `seen_`, of the device by `device_`."""
    outer = {k: v for k, v in changed.items() if not k.startswith(("seen_", "device_"))}
    inner = {k.removeprefix("seen_"): v for k, v in changed.items() if k.startswith("seen_")}
    if inner:
        outer["observation"] = msgspec.structs.replace(SEEN, **inner)
    of_device = {
        k.removeprefix("device_"): v for k, v in changed.items() if k.startswith("device_")
    }
    if of_device:
        outer["device"] = msgspec.structs.replace(DEVICE, **of_device)
    return msgspec.structs.replace(READY, **outer)


def dark(scene: Scene) -> dict[str, str]:
    """The lights that are not ready, with their words."""
    return {light.id: light.words for light in lights(scene, LIMITS) if not light.ready}


def test_all_is_ready() -> None:
    assert dark(READY) == {}
    shown = lights(READY, LIMITS)
    assert [light.id for light in shown] == [row[0] for row in ROWS]
    assert len({light.id for light in shown}) == len(shown)
    assert all(light.words == "" and light.name for light in shown)


OLD_ALARM = msgspec.structs.replace(ALARM, present=False, latched=True)


@pytest.mark.parametrize(
    ("changed", "light", "words"),
    [
        ({"link_words": "No connection"}, "link", "No connection"),
        ({"device_read_only_reason": "other"}, "link", "Only reading: other"),
        ({"observation": None}, "link", "No fresh reading from the console"),
        ({"seen_state": DeviceState.BOOTING}, "state", "The console is booting"),
        ({"seen_state": DeviceState.TESTING}, "state", "The console is testing"),
        ({"seen_state": DeviceState.MAINTENANCE}, "state", "The console is maintenance"),
        ({"seen_state": DeviceState.UNKNOWN}, "state", "The console is unknown"),
        ({"device_probe": None}, "probe", "No probe is connected"),
        ({"probe_problem": "used up"}, "probe", "The probe is used up"),
        (
            {"seen_tip_celsius": None, "seen_tip_quality": Quality.OPEN},
            "tip",
            "Tip temperature unknown: sensor open",
        ),
        ({"seen_supply_kpa": None}, "supply", "Supply pressure unknown"),
        (
            {"seen_supply_kpa": 4_099.0},
            "supply",
            "Supply 41.0 bar: cylinder cold or nearly empty: warm it to room temperature or "
            "change it",
        ),
        (
            {"seen_supply_kpa": 6_601.0},
            "supply",
            "Supply 66.0 bar: too high, let the cylinder cool down",
        ),
        ({"alarms": (ALARM,)}, "alarms", "Gas leaks"),
        ({"alarms": (OLD_ALARM,)}, "alarms", "Acknowledge first: Gas leaks"),
        ({"record_problem": "disk full"}, "record", "The record cannot be written: disk full"),
    ],
)
def test_each_input_alone_puts_one_light_out(
    changed: dict[str, Any], light: str, words: str
) -> None:
    assert dark(but(**changed)) == {light: words}


@pytest.mark.parametrize(
    ("gas", "low", "high"), [(Gas.N2O, 4_100.0, 6_600.0), (Gas.CO2, 4_500.0, 7_000.0)]
)
def test_the_supply_may_be_at_its_limits(gas: Gas, low: float, high: float) -> None:
    for kpa, ready in ((low - 1, False), (low, True), (high, True), (high + 1, False)):
        scene = but(device_gas=gas, seen_supply_kpa=kpa)
        assert ("supply" not in dark(scene)) is ready


@pytest.mark.parametrize("state", [DeviceState.IDLE, DeviceState.THAWING, DeviceState.FREEZING])
def test_these_states_are_no_hindrance(state: DeviceState) -> None:
    assert dark(but(seen_state=state)) == {}


@pytest.mark.parametrize(
    ("uses_left", "expires_day", "problem"),
    [
        (1, 20_000, ""),  # its last use, on its last day
        (0, 20_000, "used up"),
        (1, 19_999, "expired"),
        (0, 19_999, "used up"),
    ],
)
def test_a_probe_is_good_to_its_last_use_and_its_last_day(
    uses_left: int, expires_day: int, problem: str
) -> None:
    probe = msgspec.structs.replace(PROBE, uses_left=uses_left, expires_day=expires_day)
    assert probe_problem(probe, 20_000) == problem


def test_an_alarm_that_blocks_nothing_leaves_the_light_on() -> None:
    low = msgspec.structs.replace(ALARM, blocks_start=False)
    assert dark(but(alarms=(low,))) == {}
    assert dark(but(alarms=(low, ALARM))) == {"alarms": "Gas leaks"}


def test_without_a_console_only_the_link_speaks() -> None:
    assert dark(Scene("Not connected", None, None, (), "")) == {"link": "Not connected"}

"""Arm and START answer the first reason why not, in the order of docs/protocol.json."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from firmware_bed import Bed

from drivers.link.codes import Action, Capability, DeviceState, Fault, Quality, Result
from drivers.link.messages import Arm, StartFreeze, to_centikelvin
from simulator.firmware.commands import freeze
from simulator.firmware.model import Device

KNOWN = json.loads((Path(__file__).parents[2] / "docs" / "protocol.json").read_text("utf-8"))
replace = msgspec.structs.replace


def reading(**fields: object) -> Callable[[Device], Device]:
    return lambda device: replace(device, readings=replace(device.readings, **fields))


def used_up(device: Device) -> Device:
    return replace(device, probe=device.probe and replace(device.probe, uses_left=0))


SPOILS: dict[str, Callable[[Device], Device]] = {
    "BAD_VALUE": lambda device: device,  # by what is asked for
    "NOT_FITTED": lambda device: replace(
        device,
        settings=replace(device.settings, capabilities=Capability.ACTIVE_THAW),
    ),
    "WRONG_STATE": lambda device: replace(device, state=DeviceState.TESTING),
    "FAULT_STANDS": lambda device: replace(device, faults=Fault.BROWN_OUT.value),
    "PROBE_MISSING": reading(probe=None),
    "PROBE_UNUSABLE": used_up,
    "SENSOR_INVALID": reading(tip_celsius=None, tip_quality=Quality.OPEN),
    "SUPPLY_OUT_OF_RANGE": reading(supply_kpa=3_000.0),
    "TELEMETRY_TOO_SLOW": lambda device: replace(device, telemetry_per_second=5),
    "NO_LEASE": lambda device: replace(device, link=replace(device.link, echo_ms=None)),
}


def ready() -> tuple[Device, int]:
    bed = Bed()
    bed.hello()
    bed.run(200)
    return bed.firmware.device, bed.firmware.now_ms


def spoilt(results: list[str]) -> tuple[Device, int]:
    device, now_ms = ready()
    for result in results:
        device = SPOILS[result](device)
    return device, now_ms


@pytest.mark.parametrize("action", list(Action))
def test_arm_answers_the_first_that_fails(action: Action) -> None:
    order = [row["result"] for row in KNOWN["arm"] if row[action.name.lower()]]
    for place, result in enumerate(order):
        device, now_ms = spoilt(order[place:])
        asked = 9 if result == "BAD_VALUE" else action
        assert freeze.arm(device, Arm(asked), now_ms)[1] is Result[result], order[place:]
    device, now_ms = ready()
    assert freeze.arm(device, Arm(action), now_ms)[1] is Result.DONE


def test_start_answers_the_first_that_fails() -> None:
    order = [row["result"] for row in KNOWN["start"]]
    assert order == ["NO_TOKEN", "EXPIRED", "BAD_VALUE", "as above", "BAD_VALUE", "BEYOND_LIMIT"]
    checks = [row["result"] for row in KNOWN["arm"] if row["freeze"]][1:]
    device, now_ms = ready()
    device, _, token = freeze.arm(device, Arm(Action.FREEZE), now_ms)
    for result in checks:
        device = SPOILS[result](device)
    cold, warm = to_centikelvin(-80.0), to_centikelvin(0.0)

    def asked(device: Device, *, value: int = token, expires: int = 250, target: int = cold) -> str:
        start = StartFreeze(value, now_ms + expires, target, 1, 0, 1_000, 1_000)
        return freeze.start_freeze(device, start, now_ms)[1].name  # type: ignore[union-attr]

    assert asked(device, value=token ^ 1, expires=-1, target=warm) == "NO_TOKEN"
    assert asked(device, expires=-1, target=warm) == "EXPIRED"
    assert asked(device, expires=301, target=warm) == "BAD_VALUE"
    assert asked(device, target=warm) == checks[0]
    well, now_ms = ready()
    well, _, token = freeze.arm(well, Arm(Action.FREEZE), now_ms)
    assert asked(well, value=token, target=warm) == "BAD_VALUE"
    assert asked(well, value=token) == "BEYOND_LIMIT"
    assert asked(well, value=token, target=to_centikelvin(-70.0)) == "DONE"

"""What ARM and START check, and the limits of a plan."""

import pytest
from firmware_bed import ready

from drivers.link.codes import DeviceState, Gas, Quality, Result
from drivers.link.messages import Arm, SetTelemetryRate
from simulator.firmware import ProbeChip

GONE = {"tip_celsius": None, "tip_quality": Quality.STALE}


@pytest.mark.parametrize(
    ("gas", "held", "result"),
    [
        (Gas.N2O, {"supply_kpa": 4_100.0}, Result.DONE),
        (Gas.N2O, {"supply_kpa": 4_099.0}, Result.SUPPLY_OUT_OF_RANGE),
        (Gas.N2O, {"supply_kpa": 6_600.0}, Result.DONE),
        (Gas.N2O, {"supply_kpa": 6_601.0}, Result.SUPPLY_OUT_OF_RANGE),
        (Gas.CO2, {"supply_kpa": 4_499.0}, Result.SUPPLY_OUT_OF_RANGE),
        (Gas.CO2, {"supply_kpa": 7_000.0}, Result.DONE),
        (Gas.CO2, {"supply_kpa": 7_001.0}, Result.SUPPLY_OUT_OF_RANGE),
        (Gas.N2O, {"supply_kpa": None}, Result.SENSOR_INVALID),
        (Gas.N2O, GONE, Result.SENSOR_INVALID),
        (Gas.N2O, {"probe": None}, Result.PROBE_MISSING),
        (Gas.N2O, {"probe": ProbeChip(uses_left=0, serial="B")}, Result.PROBE_UNUSABLE),
        (Gas.N2O, {"probe": ProbeChip(expires_day=19_999, serial="B")}, Result.PROBE_UNUSABLE),
        (Gas.N2O, {"probe": ProbeChip(expires_day=20_000, serial="B")}, Result.DONE),
    ],
)
def test_arm_checks(gas: Gas, held: dict[str, object], result: Result) -> None:
    bed = ready(gas)
    bed.hardware.held |= {"supply_kpa": 5_600.0, **held}
    bed.run(300)
    assert bed.arm().result == result


def test_arm_needs_a_lease_and_fast_telemetry() -> None:
    bed = ready()
    bed.beat()
    bed.beats = False
    bed.run(999)
    assert bed.ask(Arm(1)) is Result.DONE
    bed.run(2)
    assert bed.ask(Arm(1)) is Result.NO_LEASE
    bed.ask(SetTelemetryRate(9))
    bed.beat()
    assert bed.ask(Arm(1)) is Result.TELEMETRY_TOO_SLOW
    bed.ask(SetTelemetryRate(10))
    assert bed.ask(Arm(1)) is Result.DONE


def test_start_is_checked_anew() -> None:
    bed = ready()
    token = bed.arm().value
    bed.hardware.held["supply_kpa"] = 3_900.0
    bed.run(100)
    assert bed.start(token=token).result == Result.SUPPLY_OUT_OF_RANGE
    assert bed.state is DeviceState.IDLE


@pytest.mark.parametrize(
    ("plan", "result"),
    [
        ({"target": -75.0}, Result.DONE),
        ({"target": -75.1}, Result.BEYOND_LIMIT),
        ({"target": 5.0}, Result.BAD_VALUE),
        ({"freeze_ms": 240_000}, Result.DONE),
        ({"freeze_ms": 240_001, "cap_ms": 240_001}, Result.BEYOND_LIMIT),
        ({"cap_ms": 240_001}, Result.BEYOND_LIMIT),
        ({"freeze_ms": 30_001, "cap_ms": 30_000}, Result.BAD_VALUE),
        ({"freeze_ms": 0}, Result.BAD_VALUE),
        ({"timing": 3}, Result.BAD_VALUE),
        ({"timing": 2, "freeze_ms": 180_000}, Result.DONE),
        ({"timing": 2, "freeze_ms": 180_001}, Result.BEYOND_LIMIT),
        ({"ahead_ms": 300}, Result.DONE),
        ({"ahead_ms": 301}, Result.BAD_VALUE),
        ({"ahead_ms": 0}, Result.DONE),
        ({"ahead_ms": -1}, Result.EXPIRED),
    ],
    ids=repr,
)
def test_start_plan_limits(plan: dict[str, float], result: Result) -> None:
    bed = ready()
    assert bed.start(**plan).result == result  # type: ignore[arg-type]
    assert (bed.state is DeviceState.FREEZING) is (result is Result.DONE)

"""What ARM and START check, and the limits of a plan."""

import pytest
from firmware_bed import Bed, freezing, ready

from drivers.link.codes import Action, Actuator, DeviceState, Gas, Quality, Result
from drivers.link.device import RESTART_AFTER_MS
from drivers.link.messages import Arm, End, SetTelemetryRate
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
@pytest.mark.hazard("probe_unusable", "truth")
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


def test_armed_is_shown_for_as_long_as_the_token_is_good() -> None:
    bed = ready()
    assert bed.arm().result == Result.DONE

    def shown() -> bool:
        return bool(bed.telemetry[-1][1].actuators & Actuator.ARMED)

    bed.run(9_900)
    assert shown()
    bed.run(200)
    assert not shown()


def test_a_probe_of_unlimited_uses_is_never_counted_down() -> None:
    bed = ready()
    bed.hardware.held["probe"] = ProbeChip(uses_left=255, serial="B")
    bed.run(300)
    assert bed.start().result == Result.DONE
    bed.run(100)
    assert bed.firmware.device.probe == ProbeChip(uses_left=255, serial="B")
    assert bed.hardware.uses_counted == 0


def near_the_end_of_its_clock(bed: Bed) -> Bed:
    """The bed with its device 10 s before the time at which it wants a restart."""
    ahead = RESTART_AFTER_MS - 10_000 - bed.firmware.now_ms
    bed.firmware._booted_at_ms -= ahead
    bed.firmware.replaced(telemetry_due_ms=bed.firmware.device.telemetry_due_ms + ahead)
    return bed


def test_an_idle_device_restarts_before_its_clock_is_full() -> None:
    bed = near_the_end_of_its_clock(ready())
    boot_id = bed.firmware.device.boot_id
    bed.run(9_900)
    assert bed.firmware.device.boot_id == boot_id
    bed.run(200)
    assert bed.firmware.device.boot_id != boot_id
    assert bed.firmware.now_ms < 200


def test_a_device_whose_clock_is_full_arms_nothing_and_restarts_once_idle() -> None:
    bed = freezing(freeze_ms=120_000)
    bed.run(5_000)
    boot_id = bed.firmware.device.boot_id
    freeze = bed.firmware.device.freeze
    assert freeze is not None
    near_the_end_of_its_clock(bed)
    assert bed.ask(End()) is Result.DONE
    bed.hardware.held["tip_celsius"] = -7.0
    bed.run(11_000)
    assert bed.firmware.device.boot_id == boot_id
    assert bed.arm(Action.FREEZE).result == Result.BUSY
    assert bed.arm(Action.STIMULATE).result == Result.BUSY
    bed.hardware.held["tip_celsius"] = 20.0
    bed.run(5_300)
    assert bed.firmware.device.boot_id != boot_id

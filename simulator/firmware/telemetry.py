"""What the device says of itself: telemetry, and the answer to HELLO."""

from functools import cache
from typing import Final

from drivers.link.codes import (
    Actuator,
    Capability,
    DeviceState,
    Quality,
    Sensor,
    Timing,
    WelcomeFlag,
)
from drivers.link.device import lease_left_ms
from drivers.link.frame import Frame
from drivers.link.messages import (
    SCHEMA_HASH,
    VERSION_MAJOR,
    VERSION_MINOR,
    Telemetry,
    Welcome,
    pack,
    to_centikelvin,
)
from simulator.firmware.emit import replace, sent
from simulator.firmware.model import Device
from simulator.firmware.settings import (
    LEASE_FREEZE_MS,
    LEASE_STIMULATION_MS,
    PLAN_CAP_MS,
    STIMULATION_CAP_UA,
    TIP_PRESSURE_CAP_KPA,
)

# Looked up once: flags and members of enumerations are slow, and this runs in every frame.
_ACTUATORS: Final = tuple(bit.value for bit in Actuator)
_SENSORS: Final = tuple(4 * sensor.value for sensor in Sensor)
_OK, _OUT_OF_RANGE, _STALE = Quality.OK, Quality.OUT_OF_RANGE, Quality.STALE
_STIMULATING: Final = DeviceState.STIMULATING


def told(device: Device, now_ms: int) -> Device:
    """One telemetry frame, measured now."""
    sequence = device.telemetry_sequence + 1 & 0xFFFF
    frame = Frame(
        Telemetry.KIND, sequence, device.link.session, now_ms, pack(telemetry(device, now_ms))
    )
    return sent(replace(device, telemetry_sequence=sequence), frame)


def telemetry(device: Device, now_ms: int) -> Telemetry:
    """What is so now; actuators as read back."""
    readings = device.readings
    stimulating = device.state is _STIMULATING
    lease_ms = LEASE_STIMULATION_MS if stimulating else LEASE_FREEZE_MS
    return Telemetry(
        device.state,
        _actuators(device, now_ms),
        _qualities(device),
        to_centikelvin(readings.tip_celsius),
        to_centikelvin(readings.hose_celsius),
        to_centikelvin(readings.room_celsius),
        _u16(readings.supply_kpa),
        _u16(readings.exhaust_kpa),
        _u16(readings.flow_mg_s),
        round(device.drive.valve_duty * 100),
        _u16(readings.delivered_ua),
        _u16(readings.impedance_ohm),
        _remaining_ms(device, now_ms),
        min(0xFFFF, lease_left_ms(device.link, lease_ms, now_ms)),
        device.faults,
    )


def welcome(device: Device) -> Welcome:
    """Who this console is and what it can do."""
    settings = device.settings
    flags = WelcomeFlag(0)
    if settings.simulated:
        flags |= WelcomeFlag.SIMULATED
    if settings.lockstep:
        flags |= WelcomeFlag.LOCKSTEP
    if device.readings.maintenance_switch:
        flags |= WelcomeFlag.MAINTENANCE_SWITCH
    return Welcome(
        VERSION_MAJOR,
        VERSION_MINOR,
        flags,
        settings.gas,
        SCHEMA_HASH,
        device.boot_id,
        settings.serial.encode("ascii"),
        *settings.firmware,
        device.pedal_role,
        settings.capabilities,
        to_centikelvin(settings.coldest_target_celsius),
        to_centikelvin(settings.lowest_tip_celsius),
        PLAN_CAP_MS,
        TIP_PRESSURE_CAP_KPA,
        STIMULATION_CAP_UA,
        LEASE_FREEZE_MS,
        LEASE_STIMULATION_MS,
        device.time_scale_hundredths,
        device.telemetry_per_second,
        device.state,
    )


def _actuators(device: Device, now_ms: int) -> int:
    readings, token = device.readings, device.link.token
    on = (  # in the order of Actuator
        readings.valve_open,
        readings.exhaust_open,
        readings.warming,
        readings.stimulator_on,
        readings.supply_isolated,
        readings.pedal_down,
        token is not None and now_ms <= token.expires_ms,
        device.local_start,
    )
    return sum(bit for bit, so in zip(_ACTUATORS, on, strict=True) if so)


def _qualities(device: Device) -> int:
    readings = device.readings
    hose_sensor, stimulator = _fitted(device.settings.capabilities)
    delivered, impedance = _given(readings.delivered_ua), _given(readings.impedance_ohm)
    if not stimulator:
        delivered = impedance = Quality.NOT_FITTED
    elif readings.impedance_ohm is None:
        impedance = _STALE  # nothing flows: there is nothing to measure it by
    qualities = (  # in the order of Sensor
        readings.tip_quality,
        readings.hose_quality if hose_sensor else Quality.NOT_FITTED,
        _given(readings.room_celsius),
        _given(readings.supply_kpa),
        _given(readings.exhaust_kpa),
        _given(readings.flow_mg_s),
        delivered,
        impedance,
    )
    told = sum(one << place for one, place in zip(qualities, _SENSORS, strict=True))
    for which, quality in readings.simulated_qualities:
        told += (quality - (told >> 4 * which & 0xF)) << 4 * which
    return told


@cache
def _fitted(capabilities: Capability) -> tuple[bool, bool]:
    """Whether there is a hose sensor, and a stimulator."""
    stimulator = Capability.STIMULATOR_CURRENT | Capability.STIMULATOR_VOLTAGE
    return bool(capabilities & Capability.HOSE_SENSOR), bool(capabilities & stimulator)


def _given(value: float | None) -> Quality:
    return _OK if value is not None else _OUT_OF_RANGE


def _u16(value: float | None) -> int:
    if value is None:
        return 0
    whole = round(value)
    return whole if 0 <= whole <= 0xFFFF else max(0, min(0xFFFF, whole))


def _remaining_ms(device: Device, now_ms: int) -> int:
    freeze = device.freeze
    if freeze is None:
        return 0
    if freeze.plan.timing is Timing.FROM_TARGET and freeze.at_target_ms is None:
        return freeze.plan.freeze_ms  # its clock has not begun
    return max(0, freeze.end_ms - now_ms)

"""What the device says of itself: telemetry, and the answer to HELLO."""

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
    stimulating = device.state is DeviceState.STIMULATING
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
    return (
        Actuator.VALVE_OPEN.value * readings.valve_open
        | Actuator.EXHAUST_OPEN.value * readings.exhaust_open
        | Actuator.WARMING.value * readings.warming
        | Actuator.STIMULATOR_ON.value * readings.stimulator_on
        | Actuator.SUPPLY_ISOLATED.value * readings.supply_isolated
        | Actuator.PEDAL_DOWN.value * readings.pedal_down
        | Actuator.ARMED.value * (token is not None and now_ms <= token.expires_ms)
        | Actuator.LOCAL_START.value * device.local_start
    )


def _qualities(device: Device) -> int:
    readings, capabilities = device.readings, device.settings.capabilities
    hose = readings.hose_quality if capabilities & Capability.HOSE_SENSOR else Quality.NOT_FITTED
    stimulator = capabilities & (Capability.STIMULATOR_CURRENT | Capability.STIMULATOR_VOLTAGE)
    delivered, impedance = _given(readings.delivered_ua), _given(readings.impedance_ohm)
    if not stimulator:
        delivered = impedance = Quality.NOT_FITTED
    elif readings.impedance_ohm is None:
        impedance = Quality.STALE  # nothing flows: there is nothing to measure it by
    return (
        readings.tip_quality << 4 * Sensor.TIP
        | hose << 4 * Sensor.HOSE
        | _given(readings.room_celsius) << 4 * Sensor.ROOM
        | _given(readings.supply_kpa) << 4 * Sensor.SUPPLY
        | _given(readings.exhaust_kpa) << 4 * Sensor.EXHAUST
        | _given(readings.flow_mg_s) << 4 * Sensor.FLOW
        | delivered << 4 * Sensor.DELIVERED
        | impedance << 4 * Sensor.IMPEDANCE
    )


def _given(value: float | None) -> Quality:
    return Quality.OK if value is not None else Quality.OUT_OF_RANGE


def _u16(value: float | None) -> int:
    return 0 if value is None else max(0, min(0xFFFF, round(value)))


def _remaining_ms(device: Device, now_ms: int) -> int:
    freeze = device.freeze
    if freeze is None:
        return 0
    if freeze.plan.timing is Timing.FROM_TARGET and freeze.at_target_ms is None:
        return freeze.plan.freeze_ms  # its clock has not begun
    return max(0, freeze.end_ms - now_ms)

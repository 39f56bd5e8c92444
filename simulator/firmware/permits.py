"""May it start? The checks of ARM, made again at START. Each answers DONE or the first reason why
not, with the value that the answer carries."""

from drivers.link.codes import (
    Action,
    Capability,
    DeviceState,
    Quality,
    Result,
    SimulatedInput,
)
from drivers.link.device import RESTART_AFTER_MS, lease_left_ms
from simulator.firmware import simulated
from simulator.firmware.interlocks.blocks import BLOCKS_GAS, BLOCKS_STIMULATOR
from simulator.firmware.model import Device
from simulator.firmware.settings import (
    LEASE_FREEZE_MS,
    LEASE_STIMULATION_MS,
    LOWEST_TELEMETRY_TO_START,
)

Ruling = tuple[Result, int]

_FREEZE_FROM = (DeviceState.IDLE, DeviceState.THAWING, DeviceState.MAINTENANCE)
_STIMULATE_FROM = (DeviceState.IDLE, DeviceState.MAINTENANCE)


def may_freeze(device: Device, now_ms: int) -> Ruling:
    """Whether gas may go on now."""
    if now_ms >= RESTART_AFTER_MS:
        return Result.BUSY, 0
    if device.state not in _FREEZE_FROM or device.exercise is not None:
        return Result.WRONG_STATE, device.state
    if device.faults & BLOCKS_GAS:
        return Result.FAULT_STANDS, device.faults & BLOCKS_GAS
    ruling = _probe(device)
    if ruling[0] is not Result.DONE:
        return ruling
    readings = device.readings
    if readings.tip_celsius is None or readings.tip_quality is not Quality.OK:
        return Result.SENSOR_INVALID, readings.tip_quality
    if readings.supply_kpa is None:
        own = Quality.OUT_OF_RANGE
        return Result.SENSOR_INVALID, simulated.quality(device, SimulatedInput.SUPPLY, own)
    low, high = device.settings.supply_start_kpa
    if not low <= readings.supply_kpa <= high:
        return Result.SUPPLY_OUT_OF_RANGE, round(readings.supply_kpa)
    return _host(device, LEASE_FREEZE_MS, now_ms)


def may_stimulate(device: Device, now_ms: int) -> Ruling:
    """Whether the stimulator may go on now."""
    if not device.settings.capabilities & (
        Capability.STIMULATOR_CURRENT | Capability.STIMULATOR_VOLTAGE
    ):
        return Result.NOT_FITTED, 0
    if now_ms >= RESTART_AFTER_MS:
        return Result.BUSY, 0
    if device.state not in _STIMULATE_FROM or device.exercise is not None:
        return Result.WRONG_STATE, device.state
    if device.faults & BLOCKS_STIMULATOR:
        return Result.FAULT_STANDS, device.faults & BLOCKS_STIMULATOR
    ruling = _probe(device)
    if ruling[0] is not Result.DONE:
        return ruling
    return _host(device, LEASE_STIMULATION_MS, now_ms)


def may(device: Device, action: Action, now_ms: int) -> Ruling:
    """Whether `action` may start now."""
    check = may_freeze if action is Action.FREEZE else may_stimulate
    return check(device, now_ms)


def _probe(device: Device) -> Ruling:
    probe = device.probe
    if probe is None or device.readings.probe is None:
        return Result.PROBE_MISSING, 0
    # A use that is already counted stays good until the probe is unplugged.
    if device.memory.counted_probe == probe.serial:
        return Result.DONE, 0
    if probe.uses_left == 0 or probe.expires_day < device.settings.today_day:
        return Result.PROBE_UNUSABLE, probe.uses_left
    return Result.DONE, 0


def _host(device: Device, lease_ms: int, now_ms: int) -> Ruling:
    if device.telemetry_per_second < LOWEST_TELEMETRY_TO_START:
        return Result.TELEMETRY_TOO_SLOW, device.telemetry_per_second
    if lease_left_ms(device.link, lease_ms, now_ms) == 0:
        return Result.NO_LEASE, 0
    return Result.DONE, 0

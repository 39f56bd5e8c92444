"""What goes on by itself in each state: freeze timer, arrival at the target, release after the
thaw, ends of stimulation, checks and exercises; and once each control period, the drives."""

from typing import Final

from drivers.link.codes import (
    Capability,
    DeviceState,
    EventCode,
    FreezeEnd,
    Quality,
    TestKind,
    Timing,
)
from drivers.link.device import lease_left_ms
from simulator.firmware import actions
from simulator.firmware.emit import entered, happened, replace
from simulator.firmware.hold import held
from simulator.firmware.interlocks.table import ROWS
from simulator.firmware.interlocks.watch import tripped
from simulator.firmware.model import Device
from simulator.firmware.settings import (
    LEASE_FREEZE_MS,
    STIMULATION_CAP_MS,
    WARMING_CAP_MS,
    WARMING_STOPS_CELSIUS,
)

AT_TARGET_K: Final = 3.0
AT_TARGET_MS: Final = 1_000
RELEASE_CELSIUS: Final = 10.0
RELEASE_MS: Final = 5_000
RAMP_UA: Final = 30
"""A control period: 0.15 mA in 100 ms, under the 0.2 that the step interlock allows."""
LEAK_KPA: Final = 50.0

_LEAK_ROW: Final = next(row for row in ROWS if row.id == "D-leak")


def went_on(device: Device, now_ms: int) -> Device:
    """The device after the timers of its state have been looked at."""
    match device.state:
        case DeviceState.FREEZING:
            return _freezing(device, now_ms)
        case DeviceState.THAWING:
            return _thawing(device, now_ms)
        case DeviceState.STIMULATING:
            run = device.stimulation
            if run is not None and now_ms >= run.on_ms + STIMULATION_CAP_MS:
                return actions.stimulator_off(device, now_ms, FreezeEnd.TIMER)
        case DeviceState.TESTING:
            return _testing(device, now_ms)
        case DeviceState.MAINTENANCE:
            return _exercising(device, now_ms)
        case _:
            pass
    return device


def _freezing(device: Device, now_ms: int) -> Device:
    freeze, tip = device.freeze, device.readings.tip_celsius
    if freeze is None:
        return device
    if freeze.at_target_ms is None:
        near = tip is not None and abs(tip - freeze.plan.target_celsius) <= AT_TARGET_K
        near_ms = (freeze.near_ms if freeze.near_ms is not None else now_ms) if near else None
        if near_ms is not None and now_ms - near_ms >= AT_TARGET_MS:
            end_ms = freeze.end_ms
            if freeze.plan.timing is Timing.FROM_TARGET:
                end_ms = min(end_ms, now_ms + freeze.plan.freeze_ms)
            freeze = replace(freeze, near_ms=near_ms, at_target_ms=now_ms, end_ms=end_ms)
            device = happened(
                replace(device, freeze=freeze),
                now_ms,
                EventCode.AT_TARGET,
                0,
                now_ms - freeze.on_ms,
            )
        elif near_ms != freeze.near_ms:
            device = replace(device, freeze=replace(freeze, near_ms=near_ms))
    return actions.gas_off(device, now_ms, FreezeEnd.TIMER) if now_ms >= freeze.end_ms else device


def _thawing(device: Device, now_ms: int) -> Device:
    if device.drive.warming:
        tip = device.readings.tip_celsius
        if (
            tip is None
            or tip >= WARMING_STOPS_CELSIUS
            or now_ms >= device.warming_from_ms + WARMING_CAP_MS
            or lease_left_ms(device.link, LEASE_FREEZE_MS, now_ms) == 0
        ):
            device = replace(device, drive=replace(device.drive, warming=False))
        return device if device.warm_since_ms is None else replace(device, warm_since_ms=None)
    tip, readings = device.readings.tip_celsius, device.readings
    warm = (
        tip is not None
        and tip > RELEASE_CELSIUS
        and not readings.valve_open
        and not readings.warming
        and readings.probe is not None
    )
    if not warm:
        return device if device.warm_since_ms is None else replace(device, warm_since_ms=None)
    if device.warm_since_ms is None:
        return replace(device, warm_since_ms=now_ms)
    if now_ms - device.warm_since_ms >= RELEASE_MS:
        device = replace(device, warm_since_ms=None)
        return entered(device, now_ms, actions.resting(device))
    return device


def _testing(device: Device, now_ms: int) -> Device:
    run, readings = device.test, device.readings
    if run is None or now_ms < run.from_ms:
        return device
    if run.test == TestKind.SELF:
        if now_ms < run.end_ms:
            return device
        bad = int(readings.tip_quality is not Quality.OK)
        if device.settings.capabilities & Capability.HOSE_SENSOR:
            bad += readings.hose_quality is not Quality.OK
        bad += sum(
            value is None
            for value in (
                readings.room_celsius,
                readings.supply_kpa,
                readings.exhaust_kpa,
                readings.flow_mg_s,
            )
        )
        bad += readings.valve_open
        return actions.test_over(device, now_ms, passed=bad == 0, measured=bad)
    supply = readings.supply_kpa
    if supply is None:
        return actions.test_over(device, now_ms, passed=False, measured=0)
    if run.supply_kpa is None:
        return replace(device, test=replace(run, supply_kpa=supply))
    lost = run.supply_kpa - supply
    if lost > LEAK_KPA:
        device = actions.test_over(device, now_ms, passed=False, measured=round(lost * 100))
        return tripped(device, _LEAK_ROW, lost, now_ms)
    if now_ms >= run.end_ms:
        return actions.test_over(device, now_ms, passed=True, measured=round(lost * 100))
    return device


def _exercising(device: Device, now_ms: int) -> Device:
    exercise = device.exercise
    if exercise is None:
        return device
    alone = lease_left_ms(device.link, LEASE_FREEZE_MS, now_ms) == 0
    return actions.exercise_over(device, now_ms) if alone or now_ms >= exercise.end_ms else device


def driven(device: Device) -> Device:
    """The device with its valve and stimulator moved on by one control period."""
    if device.freeze is not None:
        freeze, duty = held(device.freeze, device.readings.tip_celsius)
        drive = replace(device.drive, valve_duty=duty)
        return replace(device, freeze=freeze, drive=drive)
    run = device.stimulation
    if run is not None and device.drive.amplitude_ua != run.wanted_ua:
        here = device.drive.amplitude_ua
        amplitude = (
            max(run.wanted_ua, 0) if here > run.wanted_ua else min(run.wanted_ua, here + RAMP_UA)
        )
        return replace(device, drive=replace(device.drive, amplitude_ua=amplitude))
    return device

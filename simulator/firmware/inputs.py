"""Inputs that are no sensors: footswitch, hardware stop line, the probe's plug."""

from typing import Final

from drivers.link.codes import (
    Capability,
    DeviceState,
    EventCode,
    PedalRole,
    Result,
    StopSource,
    Timing,
)
from simulator.firmware import actions, permits
from simulator.firmware.emit import happened, replace
from simulator.firmware.model import Device, Plan
from simulator.firmware.settings import PLAN_CAP_MS

PROBE_MS: Final = 100
"""How long another chip, or none, must answer before it counts."""
PEDAL_FREEZE_MS: Final = 120_000


def attended(device: Device, now_ms: int) -> Device:
    """The device after the line and the footswitch have been looked at."""
    readings = device.readings
    if readings.stop_line != device.stop_line:
        device = replace(device, stop_line=readings.stop_line)
        if readings.stop_line:
            device = actions.stopped(device, now_ms, StopSource.HARDWARE_LINE)
    if readings.pedal_down != device.pedal_down:
        device = _pedal(replace(device, pedal_down=readings.pedal_down), now_ms)
    return device


def _pedal(device: Device, now_ms: int) -> Device:
    if not device.settings.capabilities & Capability.FOOTSWITCH:
        return device
    device = happened(device, now_ms, EventCode.PEDAL, int(device.pedal_down))
    if not device.pedal_down:
        return device
    if actions.something_runs(device):
        return actions.stopped(device, now_ms, StopSource.FOOTSWITCH)
    if device.pedal_role is not PedalRole.START_AND_STOP or device.stop_line:
        return device
    # The pedal starts only what the host could: all checks and a live lease.
    if permits.may_freeze(device, now_ms)[0] is not Result.DONE:
        return device
    plan = device.last_plan or Plan(
        device.settings.usual_target_celsius, Timing.FROM_START, PEDAL_FREEZE_MS, PLAN_CAP_MS
    )
    return actions.gas_on(device, now_ms, plan, local=True)


def identified(device: Device, now_ms: int) -> Device:
    """The device after the probe's plug has been looked at: reads the chip anew once another one,
    or none, has answered for 100 ms."""
    seen, known = device.readings.probe, device.probe
    if (seen.serial if seen else None) == (known.serial if known else None):
        return device if device.probe_odd_ms is None else replace(device, probe_odd_ms=None)
    if device.probe_odd_ms is None:
        return replace(device, probe_odd_ms=now_ms)
    if now_ms - device.probe_odd_ms < PROBE_MS:
        return device
    memory = device.memory
    # Unplugged at rest, its procedure is over; in the middle of one its use stays counted.
    if device.state is DeviceState.IDLE:
        memory = replace(memory, counted_probe=None)
    device = replace(device, probe=seen, probe_odd_ms=None, memory=memory)
    if known is not None:
        device = happened(device, now_ms, EventCode.PROBE_DISCONNECTED)
    return device if seen is None else happened(device, now_ms, EventCode.PROBE_CONNECTED)

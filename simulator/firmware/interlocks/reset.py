"""RESET: the operator's acknowledgement of faults whose causes are gone."""

from drivers.link.codes import DeviceState, Result
from simulator.firmware.interlocks.blocks import ENGINEER
from simulator.firmware.interlocks.watch import cleared
from simulator.firmware.model import Device


def reset(device: Device, now_ms: int) -> tuple[Device, Result, int]:
    """Clears every fault that may be cleared now. Answers DONE when none is left; otherwise
    FAULT_STANDS with the bits left over, or MAINTENANCE_ONLY when all of those need an engineer."""
    at_rest = (DeviceState.IDLE, DeviceState.THAWING, DeviceState.MAINTENANCE)
    if device.state not in at_rest or device.drive.valve_duty > 0:
        return device, Result.WRONG_STATE, device.state
    kept = device.faults & device.standing
    if not device.maintenance:
        kept |= device.faults & ENGINEER
    device = cleared(device, device.faults & ~kept, now_ms)
    if not kept:
        return device, Result.DONE, 0
    only_engineer = not kept & device.standing and not kept & ~ENGINEER
    return device, Result.MAINTENANCE_ONLY if only_engineer else Result.FAULT_STANDS, kept

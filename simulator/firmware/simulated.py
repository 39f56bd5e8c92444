"""Inputs that read what SimulateInput says instead of what is there: so the device's own protection
can be tried over a port."""

from typing import Final

from drivers.link.codes import (
    Capability,
    EventCode,
    Quality,
    Result,
    SimulatedInput,
)
from drivers.link.messages import SimulateInput, to_celsius
from simulator.firmware.emit import happened, replace
from simulator.firmware.model import Device, ProbeChip, Readings, SimulatedReading
from simulator.firmware.settings import SIMULATE_CAP_MS

_TEMPERATURES: Final = {
    SimulatedInput.TIP: "tip_celsius",
    SimulatedInput.HOSE: "hose_celsius",
    SimulatedInput.ROOM: "room_celsius",
}
_NUMBERS: Final = {
    SimulatedInput.SUPPLY: "supply_kpa",
    SimulatedInput.EXHAUST: "exhaust_kpa",
    SimulatedInput.FLOW: "flow_mg_s",
    SimulatedInput.DELIVERED: "delivered_ua",
    SimulatedInput.IMPEDANCE: "impedance_ohm",
}
_SWITCHES: Final = {
    SimulatedInput.BROWN_OUT: "brown_out",
    SimulatedInput.VALVE_OPEN: "valve_open",
    SimulatedInput.PEDAL: "pedal_down",
    SimulatedInput.STOP_LINE: "stop_line",
}
_QUALITIES: Final = {
    SimulatedInput.TIP: "tip_quality",
    SimulatedInput.HOSE: "hose_quality",
}
REAL_AGAIN: Final = -1
OTHER_CHIP: Final = ProbeChip(serial="SIMULATED")


def read(readings: Readings, simulated: tuple[SimulatedReading, ...]) -> Readings:
    """`readings` with the simulated ones in their place."""
    changed: dict[str, object] = {}
    qualities = tuple(
        (one.input, one.quality) for one in simulated if one.input <= SimulatedInput.IMPEDANCE
    )
    for one in simulated:
        given = one.quality is Quality.OK
        if one.input in _TEMPERATURES:
            changed[_TEMPERATURES[one.input]] = to_celsius(one.value) if given else None
        elif one.input in _NUMBERS:
            changed[_NUMBERS[one.input]] = one.value if given else None
        elif one.input in _SWITCHES:
            changed[_SWITCHES[one.input]] = bool(one.value)
        elif one.input is SimulatedInput.COMPLIANCE_PULSES:
            changed["compliance_pulses"] = one.value
        else:
            changed["probe"] = OTHER_CHIP if one.value else None
        if one.input in _QUALITIES:
            changed[_QUALITIES[one.input]] = one.quality
    return replace(readings, simulated_qualities=qualities, **changed) if changed else readings


def simulate(device: Device, message: SimulateInput, now_ms: int) -> tuple[Device, Result, int]:
    """Lets one input read as asked for a while, or at once as it is again."""
    if not device.settings.capabilities & Capability.SIMULATED_INPUTS:
        return device, Result.NOT_FITTED, 0
    if message.input not in tuple(SimulatedInput) or message.quality not in tuple(Quality):
        return device, Result.BAD_VALUE, message.input
    if message.for_ms > SIMULATE_CAP_MS:
        return device, Result.BEYOND_LIMIT, SIMULATE_CAP_MS
    if not _allowed(device):
        return device, Result.SWITCH_NEEDED, 0
    which = SimulatedInput(message.input)
    if message.for_ms == 0:
        return _real_again(device, now_ms, (which,)), Result.DONE, 0
    others = tuple(one for one in device.simulated if one.input is not which)
    end_ms = now_ms + message.for_ms
    new = SimulatedReading(which, Quality(message.quality), message.value, end_ms)
    device = replace(device, simulated=(*others, new))
    device = happened(device, now_ms, EventCode.INPUT_SIMULATED, which, message.value)
    return device, Result.DONE, end_ms


def quality(device: Device, which: SimulatedInput, own: Quality) -> Quality:
    """The quality of one sensor: what is simulated, or else its own."""
    return dict(device.readings.simulated_qualities).get(which, own)


def went_on(device: Device, now_ms: int) -> Device:
    """The device with the simulated readings that are over taken away."""
    if not device.simulated:
        return device
    allowed = _allowed(device)
    over = [one.input for one in device.simulated if not allowed or now_ms >= one.until_ms]
    return _real_again(device, now_ms, over)


def all_over(device: Device, now_ms: int) -> Device:
    """The device with all its inputs real again."""
    return _real_again(device, now_ms, [one.input for one in device.simulated])


def _allowed(device: Device) -> bool:
    return device.settings.simulated or device.readings.maintenance_switch


def _real_again(
    device: Device, now_ms: int, inputs: list[SimulatedInput] | tuple[SimulatedInput, ...]
) -> Device:
    for which in inputs:
        left = tuple(one for one in device.simulated if one.input is not which)
        if left != device.simulated:
            device = replace(device, simulated=left)
            device = happened(device, now_ms, EventCode.INPUT_SIMULATED, which, REAL_AGAIN)
    return device

"""Predicates over the stimulator. Limits: safety.md; currents in microampere."""

from typing import Final

from simulator.firmware.model import Device
from simulator.firmware.settings import STIMULATION_CAP_UA

OVER_SHARE: Final = 1.1
RESOLUTION_UA: Final = 20
"""What the read-back cannot tell apart; without it 110 % of almost nothing would trip."""
DIFFERS_SHARE: Final = 0.2
DIFFERS_UA: Final = 100
STEP_UA: Final = 200
COMPLIANCE_PULSES: Final = 2


def both_on(device: Device, now_ms: int) -> float | None:
    """Gas valve and stimulator are both seen on."""
    readings = device.readings
    return 1.0 if readings.valve_open and readings.stimulator_on else None


def open_lead(device: Device, now_ms: int) -> float | None:
    """The current does not get through, two pulses in a row. Pulses."""
    pulses = device.readings.compliance_pulses
    return float(pulses) if pulses >= COMPLIANCE_PULSES else None


def over_current(device: Device, now_ms: int) -> float | None:
    """Delivers more than was set, or not what was set. µA."""
    delivered, wanted = device.readings.delivered_ua, device.drive.amplitude_ua
    if delivered is None:
        return None
    over = delivered > OVER_SHARE * wanted + RESOLUTION_UA or delivered > STIMULATION_CAP_UA
    off = abs(delivered - wanted)
    # At compliance too little gets through: that is the open lead's own row.
    differs = (
        off > DIFFERS_UA and off > DIFFERS_SHARE * wanted and device.readings.compliance_pulses == 0
    )
    return float(delivered) if over or differs else None


def stepped(device: Device, now_ms: int) -> float | None:
    """Delivered current has risen by more than 0.2 mA in 100 ms, as it was set. µA."""
    ring = device.facts.delivered
    if len(ring) < 2 or over_current(device, now_ms) is not None:
        return None
    rise = ring[-1] - ring[0]
    return float(rise) if rise > STEP_UA else None

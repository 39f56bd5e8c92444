"""Keeps the history that the interlocks judge by."""

import math
from typing import Final

from simulator.firmware.emit import replace
from simulator.firmware.model import Device, Facts, Readings
from simulator.firmware.settings import CONTROL_MS

MOVED_K: Final = 0.1
DUTY_LAG_MS: Final = 150.0
_TIPS_KEPT: Final = 3
_DELIVERED_KEPT: Final = 100 // CONTROL_MS + 1
_DUTY_SHARE: Final = 1 - math.exp(-CONTROL_MS / DUTY_LAG_MS)


def observed(device: Device, readings: Readings, now_ms: int) -> Facts:
    """The facts with this moment added. Rings and means move once each control period."""
    facts, tip = device.facts, readings.tip_celsius
    anchor, anchor_ms = facts.anchor_celsius, facts.anchor_ms
    if tip is None or anchor is None or abs(tip - anchor) >= MOVED_K:
        anchor, anchor_ms = tip, now_ms
    if now_ms % CONTROL_MS:
        if anchor is facts.anchor_celsius:
            return facts
        return replace(facts, anchor_celsius=anchor, anchor_ms=anchor_ms)
    delivered: tuple[int, ...] = ()
    if device.stimulation is not None:
        delivered = (*facts.delivered, readings.delivered_ua or 0)[-_DELIVERED_KEPT:]
    return replace(
        facts,
        anchor_celsius=anchor,
        anchor_ms=anchor_ms,
        tips=(*facts.tips, tip)[-_TIPS_KEPT:],
        delivered=delivered,
        duty_mean=facts.duty_mean + (device.drive.valve_duty - facts.duty_mean) * _DUTY_SHARE,
    )

"""Calibration values, in the order of their index: tip offset (hundredths of a kelvin), supply
offset (kPa), flow offset (mg/s), stimulator offset (µA) and gain (hundredths of a percent)."""

from typing import Final

from simulator.firmware.emit import replace
from simulator.firmware.model import Readings

LIMITS: Final = (500, 200, 20, 100, 2_000)
"""Largest value either way that CALIBRATE takes."""

_NONE: Final = (0,) * len(LIMITS)


def calibrated(readings: Readings, values: tuple[int, ...]) -> Readings:
    """`readings` with the stored offsets added."""
    if values == _NONE:
        return readings
    tip, supply, flow, stimulator, gain = values
    delivered = readings.delivered_ua
    if delivered is not None and readings.stimulator_on:
        delivered = max(0, delivered + delivered * gain // 10_000 + stimulator)
    return replace(
        readings,
        tip_celsius=_plus(readings.tip_celsius, tip / 100),
        supply_kpa=_plus(readings.supply_kpa, supply),
        flow_mg_s=_plus(readings.flow_mg_s, flow),
        delivered_ua=delivered,
    )


def _plus(value: float | None, offset: float) -> float | None:
    return None if value is None else value + offset

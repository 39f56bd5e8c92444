"""The hold controller: PI on the measured tip with a lead against the thermocouple's lag, in duty
of the valve."""

from typing import Final

from simulator.firmware.emit import replace
from simulator.firmware.model import FreezeRun
from simulator.firmware.settings import CONTROL_MS

GAIN_PER_K: Final = 0.04
INTEGRAL_PER_K_S: Final = 0.03
INTEGRAL_RANGE: Final = (-0.2, 1.0)
LEAD_S: Final = 0.2
SLOPE_LAG_S: Final = 0.05
LEAST_DUTY: Final = 0.03
"""The valve is never quite shut in a freeze: shut would read as gas off."""

_DT_S: Final = CONTROL_MS / 1_000


def held(freeze: FreezeRun, tip_celsius: float | None) -> tuple[FreezeRun, float]:
    """The run with its controller moved on one control period, and the valve's duty (0-1). Without
    a valid tip the duty is the least: the thermocouple's interlock is about to end the freeze."""
    if tip_celsius is None:
        return replace(freeze, held_celsius=None), LEAST_DUTY
    before = freeze.held_celsius if freeze.held_celsius is not None else tip_celsius
    steep = (tip_celsius - before) / _DT_S
    slope = freeze.slope_k_s + (steep - freeze.slope_k_s) * _DT_S / (SLOPE_LAG_S + _DT_S)
    error = tip_celsius - freeze.plan.target_celsius
    asked = GAIN_PER_K * (error + LEAD_S * slope) + freeze.integral
    duty = min(1.0, max(LEAST_DUTY, asked))
    integral = freeze.integral
    # No wind-up: at a stop of the valve the integral only moves away from it.
    if not (asked > duty and error > 0) and not (asked < duty and error < 0):
        low, high = INTEGRAL_RANGE
        integral = min(high, max(low, integral + INTEGRAL_PER_K_S * error * _DT_S))
    return replace(freeze, held_celsius=tip_celsius, slope_k_s=slope, integral=integral), duty

"""The hold loop that the plant was tuned with: for tables and tests, not the firmware's own."""

from __future__ import annotations

GAIN_PER_K = 0.04
INTEGRAL_PER_K_S = 0.03
LEAD_S = 0.2
SLOPE_LAG_S = 0.05
INTEGRAL_RANGE = (-0.2, 1.0)


class ReferenceHold:
    """PI on the measured tip with a lead against the thermocouple's lag, at 50 Hz.

        slope    += (change of tip per s - slope) * dt / (0.05 s + dt)
        error     = tip - target                  (K, positive when too warm)
        duty      = clip(0.04 * (error + 0.2 s * slope) + integral, 0, 1)
        integral += 0.03 * error * dt             (only while the duty is not clipped outwards;
                                                   kept within -0.2 to 1)

    Holds N2O at -70 °C and CO2 at -60 °C in tissue, water and air. Tissue and water are as steady
    without the lead; in air, where a tip has almost no load, it is what limits the first overshoot.
    """

    def __init__(
        self, target_celsius: float, *, lead_s: float = LEAD_S, dt_s: float = 0.02
    ) -> None:
        self.target_celsius = target_celsius
        self._lead_s = lead_s
        self._dt_s = dt_s
        self._integral = 0.0
        self._slope = 0.0
        self._last: float | None = None

    def duty(self, tip_celsius: float) -> float:
        """The valve's duty for the next step, 0 to 1."""
        dt = self._dt_s
        if self._last is not None:
            raw = (tip_celsius - self._last) / dt
            self._slope += (raw - self._slope) * dt / (SLOPE_LAG_S + dt)
        self._last = tip_celsius
        error = tip_celsius - self.target_celsius
        wanted = GAIN_PER_K * (error + self._lead_s * self._slope) + self._integral
        outwards = (wanted > 1.0 and error > 0.0) or (wanted < 0.0 and error < 0.0)
        if not outwards:
            low, high = INTEGRAL_RANGE
            self._integral += INTEGRAL_PER_K_S * error * dt
            self._integral = min(max(self._integral, low), high)
        return min(max(wanted, 0.0), 1.0)

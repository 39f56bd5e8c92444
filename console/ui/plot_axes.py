# ruff: noqa: N802 - Qt names what it calls
"""The axes of the plot: minutes from the beginning of the session, and °C."""

import math

import pyqtgraph as pg

from console.ui.words import minutes, number


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Labels m:ss from the beginning of the session."""

    origin_s = 0.0

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Whole seconds, minutes or hours from the origin, at least 90 pixels apart."""
        steps = (1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200)
        step = next((one for one in steps if (high - low) / one * 90 <= size), steps[-1])
        first = math.ceil((low - self.origin_s) / step - 1e-6)
        last = math.floor((high - self.origin_s) / step + 1e-6)
        return [(float(step), [self.origin_s + n * step for n in range(first, last + 1)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """m:ss; nothing before the session began."""
        return [
            minutes(value - self.origin_s) if value >= self.origin_s - 0.5 else ""
            for value in values
        ]


class CelsiusAxis(pg.AxisItem):  # type: ignore[misc]
    """Every 20 °C, with a true minus."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """Every 20."""
        return [(20.0, 0.0)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Whole degrees."""
        return [number(value, 0) for value in values]

# ruff: noqa: N802 - Qt names what it calls
"""The axes of the trends: days of this computer's calendar, and plain numbers."""

import math
from datetime import datetime, timedelta
from typing import Final

import pyqtgraph as pg

from console.model.quantities import number

_APART: Final = 120
"""Pixels between two dates."""
_HOURS: Final = (1, 3, 6, 12)
_DAYS: Final = (1, 2, 7, 14, 28, 91, 182, 365, 730, 1_825, 3_650)
_DAY_S: Final = 86_400.0


class DayAxis(pg.AxisItem):  # type: ignore[misc]
    """Local days as the list of sessions writes them; hours where the days are few."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Whole local days or hours."""
        least_s = (high - low) * _APART / max(size, 1.0)
        steps = [*(each * 3_600.0 for each in _HOURS), *(each * _DAY_S for each in _DAYS)]
        step_s = next((each for each in steps if each >= least_s), steps[-1])
        days = max(1, round(step_s / _DAY_S))
        at = datetime.fromtimestamp(low).replace(hour=0, minute=0, second=0, microsecond=0)
        at -= timedelta(days=at.toordinal() % days)
        ticks = []
        while at.timestamp() <= high:
            if at.timestamp() >= low:
                ticks.append(at.timestamp())
            at += timedelta(seconds=step_s)  # of the calendar: a day of 23 hours is a day
        return [(step_s, ticks)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Year, month and day; with hours month and day."""
        form = "%Y-%m-%d" if spacing >= _DAY_S else "%m-%d  %H:%M"
        return [datetime.fromtimestamp(value).strftime(form) for value in values]


class NumberAxis(pg.AxisItem):  # type: ignore[misc]
    """Few numbers, with a true minus."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """1, 2 or 5 of a power of ten, at least 28 pixels apart."""
        least = max(high - low, 1e-9) * 28 / max(size, 28.0)
        power = 10.0 ** math.floor(math.log10(least))
        step = next(one * power for one in (1, 2, 5, 10) if one * power >= least * (1 - 1e-9))
        return [(step, 0.0)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """As many decimals as their distance needs."""
        decimals = max(0, math.ceil(-math.log10(spacing) - 1e-9)) if spacing > 0 else 0
        return [number(value, decimals) for value in values]

"""Where a strip's values lie in pixels, and where its lines and words go. Pure."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF

from console.ui.plot.history import Floats

TICK_APART: Final = 90
"""Pixels between the labels of the time axis, at least."""
LINE_APART: Final = 24
"""Pixels between the labels of the other axis, at least: a line of the smallest text."""
_STEPS_S: Final = (1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200)


@dataclass(frozen=True)
class Area:
    """A rectangle in pixels that shows device times in s from left to right, values upwards."""

    rect: QRectF
    left_s: float
    right_s: float
    low: float
    high: float

    def x(self, at_s: float) -> float:
        """The pixel of a time."""
        share = (at_s - self.left_s) / (self.right_s - self.left_s)
        return self.rect.left() + share * self.rect.width()

    def y(self, value: float) -> float:
        """The pixel of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.rect.bottom() - share * self.rect.height()

    def seconds(self, x: float) -> float:
        """The time at a pixel."""
        share = (x - self.rect.left()) / self.rect.width()
        return self.left_s + share * (self.right_s - self.left_s)

    def polygon(self, xs: Floats, ys: Floats) -> QPolygonF:
        """Points in pixels."""
        px = self.x(0.0) + xs * (self.x(1.0) - self.x(0.0))
        py = self.y(0.0) + ys * (self.y(1.0) - self.y(0.0))
        return QPolygonF([QPointF(x, y) for x, y in zip(px.tolist(), py.tolist(), strict=True)])

    def lines(self, xs: Floats, ys: Floats) -> list[QPolygonF]:
        """The same, broken where a value is not known."""
        missing = np.flatnonzero(np.isnan(ys))
        if not len(missing):
            return [self.polygon(xs, ys)] if len(xs) else []
        edges = [-1, *missing.tolist(), len(ys)]
        parts = [slice(a + 1, b) for a, b in pairwise(edges) if b - a > 1]
        return [self.polygon(xs[part], ys[part]) for part in parts]


def time_ticks(area: Area, origin_s: float) -> list[float]:
    """Whole seconds, minutes or hours from the origin that are in view."""
    span = area.right_s - area.left_s
    fits = (step for step in _STEPS_S if span / step * TICK_APART <= area.rect.width())
    step = next(fits, _STEPS_S[-1])
    first = max(0, math.ceil((area.left_s - origin_s) / step - 1e-6))
    last = math.floor((area.right_s - origin_s) / step + 1e-6)
    return [origin_s + n * step for n in range(first, last + 1)]


def value_ticks(area: Area, step: float) -> list[float]:
    """Multiples of the step in view, fewer where their labels would touch."""
    while area.rect.height() * step / (area.high - area.low) < LINE_APART and step < area.high:
        step *= 2
    first = math.ceil(area.low / step - 1e-6)
    last = math.floor(area.high / step + 1e-6)
    return [n * step for n in range(first, last + 1)]

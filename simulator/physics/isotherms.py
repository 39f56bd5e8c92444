"""How far an isotherm reaches, interpolated in theta between cells.

Between two cells theta runs like ln r round a cylinder or a probe, 1/r round a sphere and r from a
plane wall (steady conduction), so the reading is much finer than the cells.
"""

from __future__ import annotations

import math

import numpy as np

from simulator.physics.field import HeatField
from simulator.physics.grid import Floats


def _coordinate(field: HeatField, radius: Floats) -> Floats:
    shape = field.grid.shape
    if shape == "plane":
        return radius
    if shape == "sphere":
        return -1.0 / radius
    return np.log(radius)


def isotherm_radius(
    field: HeatField, celsius: float, *, wall_theta: float | None = None, column: int | None = None
) -> float:
    """The largest radius (depth for a plane) in metres colder than `celsius`; 0 if none is.

    Searches all columns, or one. `wall_theta` (W/m) lets a reading lie between the wall and the
    first cell; without it the first cell is where a reading begins.
    """
    level = field.curve.theta(celsius)
    first = field.grid.held[1] if field.grid.shape != "block" else 0
    theta = field.theta[first:] if column is None else field.theta[first:, column : column + 1]
    cold = theta <= level
    anywhere = cold.any(axis=0)
    radius = field.grid.radius[first:]
    inner = field.grid.inner
    if not anywhere.any():
        if wall_theta is None or wall_theta > level:
            return 0.0
        if column is None:
            _, _, j0, j1 = field.grid.held
            joints = field.grid.across[first - 1, j0:j1] > 0.0
            theta = theta[:, j0:j1][:, joints]
        coldest = float(theta[0].min())
        x0, x1 = _coordinate(field, np.array([max(inner, 1e-12), radius[0]]))
        share = (level - wall_theta) / (coldest - wall_theta) if coldest > wall_theta else 0.0
        return _length(field, float(x0 + share * (x1 - x0)))
    rows = theta.shape[0]
    last = rows - 1 - np.argmax(cold[::-1], axis=0)
    last = np.where(anywhere, last, -1)
    deepest = int(last.max())
    if deepest == rows - 1:
        return float(radius[-1])
    at = np.flatnonzero(last == deepest)
    x = _coordinate(field, radius[deepest : deepest + 2])
    low, high = theta[deepest, at], theta[deepest + 1, at]
    share = float(np.max((level - low) / (high - low)))
    return _length(field, float(x[0] + share * (x[1] - x[0])))


def _length(field: HeatField, x: float) -> float:
    shape = field.grid.shape
    if shape == "plane":
        return x
    if shape == "sphere":
        return -1.0 / x
    return math.exp(x)


class Place:
    """A place in the material, looked up once and read often; deepcopy it with its field."""

    def __init__(self, field: HeatField, radius: float, *, column: int = 0, wall: bool = False):
        """At a radius (depth) in metres in one column; with `wall` it may lie before the first
        cell. Beyond the ends the temperature is that of the ends."""
        first = field.grid.held[1] if field.grid.shape != "block" else 0
        places = field.grid.radius[first:]
        if wall:
            places = np.concatenate(([max(field.grid.inner, 1e-12)], places))
        x = _coordinate(field, places)
        here = float(_coordinate(field, np.array([max(radius, float(places[0]))]))[0])
        index = min(int(np.searchsorted(x, here, side="right")) - 1, x.size - 2)
        self._curve, self._theta = field.curve, field.theta
        self._row, self._column = first + index - wall, column
        self._off = min(here, float(x[-1])) - float(x[index])
        self._span = float(x[index + 1]) - float(x[index])
        self._at_wall = wall and index == 0

    def celsius(self, wall_theta: float = 0.0) -> float:
        """Its temperature in °C; `wall_theta` (W/m) is the wall's, where that counts."""
        theta, row, column = self._theta, self._row, self._column
        low = wall_theta if self._at_wall else float(theta[row, column])
        slope = (float(theta[row + 1, column]) - low) / self._span
        return self._curve.celsius(slope * self._off + low)


def temperature_at(
    field: HeatField, radius: float, *, wall_theta: float | None = None, column: int = 0
) -> float:
    """Temperature in °C at a radius (depth) in metres in one column: see `Place`."""
    if wall_theta is None:
        return Place(field, radius, column=column).celsius()
    return Place(field, radius, column=column, wall=True).celsius(wall_theta)

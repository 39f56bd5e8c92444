"""Where a heat field comes to rest, found directly instead of by waiting for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulator.physics.field import HeatField
from simulator.physics.grid import Floats

_ROUNDS = 400


def settle(field: HeatField, wall_celsius: Callable[[float, float], float] | float) -> float:
    """Put the field at its steady state; returns the wall's temperature in °C.

    `wall_celsius` is the temperature of the wall, or a function of (temperature of the wall, heat
    that the wall then sends in, W) that is positive where the wall would warm. The state is the one
    that cooling from a thawed start ends in. Raises ArithmeticError when none is found.
    """
    if isinstance(wall_celsius, float | int):
        _solve(field, field.curve.theta(float(wall_celsius)))
        return float(wall_celsius)
    low, high = -273.15, 200.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        theta = field.curve.theta(middle)
        _solve(field, theta)
        heat = field.wall_conductance * theta - field.wall_sum
        if wall_celsius(middle, heat) > 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def imbalance(field: HeatField, theta_wall: float) -> float:
    """How far a steady field's books are from balance: |in over the wall + sources| / |wall|."""
    base, slope = field.sources
    sources = np.where(field.theta > 0.0, base - slope * field.theta, 0.0)
    wall = field.wall_conductance * theta_wall - field.wall_sum
    return float(abs(wall + sources[field.live].sum()) / max(abs(wall), 1e-30))


def _solve(field: HeatField, theta_wall: float) -> None:
    """Steady theta with the wall at theta_wall: thawed cells that turn out frozen are switched."""
    base, slope = field.sources
    thawed = field.live.copy()
    for _ in range(_ROUNDS):
        theta = _linear(
            field, np.where(thawed, base, 0.0), np.where(thawed, slope, 0.0), theta_wall
        )
        still = thawed & (theta > 0.0)
        if (still == thawed).all():
            field.set_theta(theta)
            return
        thawed = still
    raise ArithmeticError("steady: no state at rest was found")


def _linear(field: HeatField, base: Floats, slope: Floats, theta_wall: float) -> Floats:
    """Block tridiagonal elimination, one block a column of the grid."""
    grid, live = field.grid, field.live
    rows, columns = live.shape
    i0, i1, j0, j1 = grid.held
    fixed = np.zeros(live.shape, dtype=bool)
    fixed[i0:i1, j0:j1] = True
    diagonal = -slope.copy()
    diagonal[:-1] -= grid.across
    diagonal[1:] -= grid.across
    diagonal[:, :-1] -= grid.along
    diagonal[:, 1:] -= grid.along
    diagonal[~live] = 1.0
    right = np.where(live, -base, np.where(fixed, theta_wall, 0.0))
    sub: list[Floats] = []
    value: list[Floats] = []
    for j in range(columns):
        block = np.diag(diagonal[:, j])
        joints = grid.across[:, j]
        block[np.arange(1, rows), np.arange(rows - 1)] = np.where(live[1:, j], joints, 0.0)
        block[np.arange(rows - 1), np.arange(1, rows)] = np.where(live[:-1, j], joints, 0.0)
        b = right[:, j]
        if j:
            back = np.where(live[:, j], grid.along[:, j - 1], 0.0)
            block = block - back[:, None] * sub[-1]
            b = b - back * value[-1]
        if j < columns - 1:
            ahead = np.where(live[:, j], grid.along[:, j], 0.0)
            both = np.column_stack((np.diag(ahead), b))
            solved: Floats = np.asarray(np.linalg.solve(block, both), dtype=np.float64)
            sub.append(solved[:, :-1])
            value.append(solved[:, -1])
        else:
            value.append(np.asarray(np.linalg.solve(block, b), dtype=np.float64))
    theta = np.empty(live.shape)
    theta[:, -1] = value[-1]
    for j in range(columns - 2, -1, -1):
        theta[:, j] = value[j] - sub[j] @ theta[:, j + 1]
    return theta

"""The compiled sweep. Importing this module needs numba; nothing imports it unless asked.

Of what makes floating point faster it takes only multiplying and adding at once.
"""
# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

import numba

from simulator.physics.grid import Floats
from simulator.physics.tip import tip_steps

_tip = numba.njit(tip_steps, cache=True)


@numba.njit(cache=True, fastmath={"contract"})
def sweep(
    energy: Floats,
    theta: Floats,
    across: Floats,
    along: Floats,
    inverse: Floats,
    source_base: Floats,
    source_slope: Floats,
    slopes: tuple[float, float, float, float],
    held: tuple[int, int, int, int],
    dt: float,
    theta_wall: float,
    source_s: float,
) -> tuple[float, float]:
    """One step of `HeatField` in place; returns the wall sum in W and the source heat in J.

    `across` is (rows + 1, columns), `along` (rows, columns + 1): zero round the grid.
    """
    slope_unfrozen, slope_mushy, slope_frozen, melt = slopes
    i0, i1, j0, j1 = held
    rows, columns = energy.shape
    added = 0.0
    if source_s > 0.0:
        for i in range(rows):
            for j in range(columns):
                if energy[i, j] > 0.0:
                    heat = source_s * (source_base[i, j] - source_slope[i, j] * theta[i, j])
                    energy[i, j] += heat
                    added += heat
    for i in range(i0, i1):
        for j in range(j0, j1):
            theta[i, j] = theta_wall
    last = columns - 1
    for i in range(rows):
        # Joints of nothing stand round the grid, so that no cell is at an edge of it.
        low, high = max(i - 1, 0), min(i + 1, rows - 1)
        for j in range(1, last):
            t = theta[i, j]
            heat = across[i, j] * (theta[low, j] - t) + across[i + 1, j] * (theta[high, j] - t)
            heat += along[i, j] * (theta[i, j - 1] - t) + along[i, j + 1] * (theta[i, j + 1] - t)
            energy[i, j] += dt * heat
        for j in range(0, columns, max(last, 1)):
            t = theta[i, j]
            before, after = max(j - 1, 0), min(j + 1, last)
            heat = across[i, j] * (theta[low, j] - t) + across[i + 1, j] * (theta[high, j] - t)
            heat += along[i, j] * (theta[i, before] - t) + along[i, j + 1] * (theta[i, after] - t)
            energy[i, j] += dt * heat
    for i in range(rows):
        for j in range(columns):
            e = energy[i, j] * inverse[i, j]
            t = slope_unfrozen * e
            t += (slope_mushy - slope_unfrozen) * min(e, 0.0)
            t += (slope_frozen - slope_mushy) * min(e + melt, 0.0)
            theta[i, j] = t
    wall = 0.0
    if i1 > i0:
        for j in range(j0, j1):
            if i1 < rows:
                wall += across[i1, j] * theta[i1, j]
            if i0 > 0:
                wall += across[i0, j] * theta[i0 - 1, j]
        for i in range(i0, i1):
            if j0 > 0:
                wall += along[i, j0] * theta[i, j0 - 1]
            if j1 < columns:
                wall += along[i, j1] * theta[i, j1]
    return wall, added


@numba.njit(cache=True, fastmath={"contract"})
def follow(
    energy: Floats,
    theta: Floats,
    across: Floats,
    along: Floats,
    inverse: Floats,
    source_base: Floats,
    source_slope: Floats,
    slopes: tuple[float, float, float, float],
    held: tuple[int, int, int, int],
    count: int,
    dt: float,
    due: float,
    every: float,
    celsius: float,
    conductance: float,
    wall: float,
    tip: tuple[float, ...],
) -> tuple[float, float, float, float, float, float]:
    """`count` steps with the tip: tip °C, wall sum W, source due s, wall, source and |all| in J."""
    wall_j = source_j = exchanged = 0.0
    for _ in range(count):
        celsius, mean = _tip(celsius, dt, conductance, wall, *tip)
        heat = (conductance * mean - wall) * dt
        wall_j += heat
        exchanged += abs(heat)
        due += dt
        source_s = 0.0
        if due > every - 1e-9:
            source_s = due
            due = 0.0
        wall, added = sweep(
            energy,
            theta,
            across,
            along,
            inverse,
            source_base,
            source_slope,
            slopes,
            held,
            dt,
            mean,
            source_s,
        )
        source_j += added
        exchanged += abs(added)
    return celsius, wall, due, wall_j, source_j, exchanged

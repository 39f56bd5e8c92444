"""The compiled sweep. Importing this module needs numba; nothing imports it unless asked."""
# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

import numba

from simulator.physics.grid import Floats
from simulator.physics.tip import tip_steps

_tip = numba.njit(tip_steps, cache=True)


@numba.njit(cache=True, fastmath=False)
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
    """One step of `HeatField` in place; returns the wall sum in W and the source heat in J."""
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
    for i in range(rows):
        if i + 1 < rows:
            for j in range(columns):
                energy[i, j] += dt * across[i, j] * (theta[i + 1, j] - theta[i, j])
        if i > 0:
            for j in range(columns):
                energy[i, j] -= dt * across[i - 1, j] * (theta[i, j] - theta[i - 1, j])
        # Two passes, each of independent writes, so that the compiler can take several at once.
        for j in range(columns - 1):
            energy[i, j] += dt * along[i, j] * (theta[i, j + 1] - theta[i, j])
        for j in range(1, columns):
            energy[i, j] -= dt * along[i, j - 1] * (theta[i, j] - theta[i, j - 1])
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
                wall += across[i1 - 1, j] * theta[i1, j]
            if i0 > 0:
                wall += across[i0 - 1, j] * theta[i0 - 1, j]
        for i in range(i0, i1):
            if j0 > 0:
                wall += along[i, j0 - 1] * theta[i, j0 - 1]
            if j1 < columns:
                wall += along[i, j1 - 1] * theta[i, j1]
    return wall, added


@numba.njit(cache=True, fastmath=False)
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

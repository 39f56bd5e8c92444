"""The heat equation with freezing on a `Grid`: explicit, conservative, in place.

State is the enthalpy of each cell in joules above the thawed liquidus. Heat flows by theta (see
`material`), so no conductivity is averaged at faces. Perfusion and metabolism act above the
liquidus only. Every joule that enters is counted, so `energy_residual` tells how well the books
balance after any run.
"""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np

from simulator.physics.grid import Floats, Grid
from simulator.physics.kernels import Cells, Stepper, stepper
from simulator.physics.material import Curve, Material
from simulator.physics.tip import Drive, Tip, curve_numbers, tip_steps

_SOURCE_INTERVAL_S = 0.1
_SOURCE_SHARE = 0.02  # perfusion may move a cell by this share of its distance at once


class HeatField:
    """Temperatures round a wall that somebody else holds at a temperature.

    `step` must be called with dt_s no longer than `longest_step_s`. `wall_conductance` G (m) and
    `wall_sum` S (W) give the heat that the wall sends in: G * theta_wall - S, for whoever models
    the wall; they are exact for the next step.
    """

    def __init__(
        self,
        grid: Grid,
        material: Material,
        initial_celsius: float | None = None,
        *,
        backend: str = "auto",
    ) -> None:
        """Start uniform at `initial_celsius` (default: the arterial temperature).

        backend: "numpy", "numba", or "auto" (numba where it can be imported). Raises ValueError
        for another word and ImportError for "numba" without numba.
        """
        self.grid = grid
        self.material = material
        self.curve = curve = Curve(material)
        self._curve_numbers = curve_numbers(curve)
        self.initial_celsius = (
            material.arterial_celsius if initial_celsius is None else initial_celsius
        )
        shape = grid.volume.shape
        i0, i1, j0, j1 = grid.held
        self._live = np.ones(shape, dtype=bool)
        self._live[i0:i1, j0:j1] = False
        if grid.shape == "probe":
            self._live[i0:i1, j0:] = False
        self._volume = np.where(self._live, grid.volume, 0.0)
        self.energy_j: Floats = np.ascontiguousarray(
            grid.volume * curve.enthalpy(self.initial_celsius)
        )
        self.theta: Floats = np.empty(shape)
        self._perfusion = self._volume * material.perfusion_w_m3k
        self._refresh_sources()
        self.longest_step_s = self._limit()
        self._stepper: Stepper = stepper(backend, self._cells())
        self.backend = self._stepper.name
        self._source_due_s = 0.0
        self._source_every_s = self._source_interval()
        self._start_j = self._total()
        self._wall_j = self._source_j = self._injected_j = self._exchanged_j = 0.0
        self.wall_conductance = self._stepper.wall_conductance
        self.wall_sum = self._stepper.update()

    def step(self, dt_s: float, theta_wall: float = 0.0) -> None:
        """Move on by dt_s with the wall at theta_wall (W/m)."""
        heat = (self.wall_conductance * theta_wall - self.wall_sum) * dt_s
        self._wall_j += heat
        self._exchanged_j += abs(heat)
        self._source_due_s += dt_s
        source_s = 0.0
        if self._source_due_s > self._source_every_s - 1e-9 and self._has_sources:
            source_s, self._source_due_s = self._source_due_s, 0.0
        self.wall_sum, added = self._stepper.step(dt_s, theta_wall, source_s)
        if source_s:
            self._source_j += added
            self._exchanged_j += abs(added)

    def follow(self, tip: Tip, drive: Drive, dt_s: float) -> None:
        """Move tip and tissue on together by dt_s, in as many steps as the grid needs."""
        count = max(1, math.ceil(dt_s / self.longest_step_s - 1e-9))
        step = dt_s / count
        numbers = (*tip.numbers(drive), *self._curve_numbers)
        compiled = getattr(self._stepper, "follow", None)
        if compiled is None:
            conductance = self.wall_conductance
            for _ in range(count):
                tip.celsius, theta = tip_steps(
                    tip.celsius, step, conductance, self.wall_sum, *numbers
                )
                self.step(step, theta)
            return
        every = self._source_every_s if self._has_sources else math.inf
        tip.celsius, self.wall_sum, self._source_due_s, wall, source, exchanged = compiled(
            count,
            step,
            self._source_due_s,
            every,
            tip.celsius,
            self.wall_conductance,
            self.wall_sum,
            numbers,
        )
        self._wall_j += wall
        self._source_j += source
        self._exchanged_j += exchanged

    def __deepcopy__(self, memo: dict[int, Any]) -> HeatField:
        """A field of its own in the same state: its inner loop works on its own arrays."""
        twin = HeatField.__new__(HeatField)
        memo[id(self)] = twin
        for name, value in self.__dict__.items():
            if name in ("grid", "material", "curve"):
                setattr(twin, name, value)
            elif name != "_stepper":
                setattr(twin, name, copy.deepcopy(value, memo))
        twin._stepper = stepper(self.backend, twin._cells())
        return twin

    def set_theta(self, theta: Floats) -> None:
        """Put every cell at a theta, (rows, columns) in W/m, and open the books anew."""
        curve, volume = self.curve, self.grid.volume
        above = np.maximum(theta, 0.0) / curve.slope_unfrozen
        below = np.minimum(theta - curve.theta_solidus, 0.0) / curve.slope_frozen
        mushy = np.clip(theta, curve.theta_solidus, 0.0)
        if curve.slope_mushy > 0.0:
            mushy = mushy / curve.slope_mushy
        else:
            mushy = np.where(theta < 0.0, -curve.melt_j_m3, 0.0)
        self.energy_j[...] = (above + mushy + below) * volume
        self._start_j = self._total()
        self._wall_j = self._source_j = self._injected_j = self._exchanged_j = 0.0
        self.wall_sum = self._stepper.update()

    def inject(self, joules: float, row: int = 0) -> None:
        """Put heat into one row of cells, shared by volume; negative takes it out."""
        share = self._volume[row] / self._volume[row].sum()
        self.energy_j[row] += joules * share
        self._injected_j += joules
        self._exchanged_j += abs(joules)
        self.wall_sum = self._stepper.update()

    def add_exchange(self, rows: slice, columns: slice, w_m3k: float) -> None:
        """Add a perfusion of w_m3k (W/m3K at arterial temperature) to some cells: a vessel."""
        self._perfusion[rows, columns] += self._volume[rows, columns] * w_m3k
        self._refresh_sources()
        self._source_every_s = self._source_interval()

    def reset_exchange(self) -> None:
        """Take all added exchange away again."""
        np.multiply(self._volume, self.material.perfusion_w_m3k, out=self._perfusion)
        self._refresh_sources()
        self._source_every_s = self._source_interval()

    def celsius(self) -> Floats:
        """Temperatures of all cells, (rows, columns); held and dead cells are meaningless."""
        theta, curve = self.theta, self.curve
        above = curve.liquidus + np.maximum(theta, 0.0) / curve.k_unfrozen
        mushy = np.clip(theta, curve.theta_solidus, 0.0) / curve.k_mushy
        below = np.minimum(theta - curve.theta_solidus, 0.0) / curve.k_frozen
        return np.asarray(above + mushy + below)

    def frozen_volume(self) -> float:
        """Volume of ice, m3 (per m2 for a plane, per m for a cylinder): solid share summed."""
        if self.curve.melt_j_m3 == 0.0:
            return 0.0
        ice = np.clip(-self.energy_j, 0.0, self.curve.melt_j_m3 * self._volume)
        return float(ice.sum() / self.curve.melt_j_m3)

    @property
    def live(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Which cells are material, (rows, columns): not held and not inside the shaft."""
        return self._live

    @property
    def sources(self) -> tuple[Floats, Floats]:
        """Per cell: heat in W at the liquidus, and its loss per W/m of theta above it (m)."""
        return self._source_base, self._source_slope

    @property
    def energy_residual(self) -> float:
        """|gain - all that entered| over the heat exchanged so far; 0 before anything moved."""
        if self._exchanged_j == 0.0:
            return 0.0
        entered = self._wall_j + self._source_j + self._injected_j
        return abs(self._total() - self._start_j - entered) / self._exchanged_j

    @property
    def wall_heat_j(self) -> float:
        """Heat that came in over the wall since the start, J (negative: taken out by the cold)."""
        return self._wall_j

    def _cells(self) -> Cells:
        return Cells(self.grid, self.curve, self.energy_j, self.theta, *self.sources)

    def _total(self) -> float:
        return float(self.energy_j[self._live].sum())

    def _refresh_sources(self) -> None:
        m = self.material
        base = self._perfusion * (m.arterial_celsius - m.liquidus_celsius)
        self._source_base: Floats = base + self._volume * m.metabolism_w_m3
        self._source_slope: Floats = self._perfusion / m.k_unfrozen_w_mk
        self._has_sources = bool(self._source_base.any() or self._source_slope.any())
        if hasattr(self, "_stepper"):
            self._stepper.sources(self._source_base, self._source_slope)

    def _source_interval(self) -> float:
        rate = np.max(self._perfusion[self._live] / self._volume[self._live])
        rate /= self.material.c_unfrozen_j_m3k
        return min(_SOURCE_INTERVAL_S, _SOURCE_SHARE / float(rate)) if rate > 0.0 else 0.1

    def _limit(self) -> float:
        """Stable is a step under 2 / the largest eigenvalue, and Gershgorin bounds that.

        A joint counts for its own cell and for the neighbour, one to the wall for its cell alone.
        """
        g = self.grid
        weight = np.where(self._live, 1.0, 0.5)
        total = np.zeros(g.volume.shape)
        total[:-1] += g.across * weight[1:]
        total[1:] += g.across * weight[:-1]
        total[:, :-1] += g.along * weight[:, 1:]
        total[:, 1:] += g.along * weight[:, :-1]
        fastest = max(self.curve.slope_frozen, self.curve.slope_mushy, self.curve.slope_unfrozen)
        live = self._live & (total > 0.0)
        return float(np.min(g.volume[live] / total[live]) / fastest)


_VESSEL_M = (6.0e-3, 7.0e-3)  # a ring: the model is axisymmetric
_VESSEL_W_M3K = 4.0e5  # a wall film of 450 W/m2K on 1 mm of thawed tissue, sqrt(k w)


def add_vessel(field: HeatField, size: float) -> None:
    """Let blood at arterial temperature flow in a ring 6 to 7 mm from the axis; 0: none."""
    field.reset_exchange()
    if size > 0.0:
        near = np.flatnonzero(field.grid.radius > _VESSEL_M[0])[0]
        far = max(int(np.searchsorted(field.grid.radius, _VESSEL_M[1])), int(near) + 1)
        field.add_exchange(slice(int(near), far), slice(None), size * _VESSEL_W_M3K)

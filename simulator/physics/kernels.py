"""The inner loop of the heat field, once in plain NumPy and once compiled by numba where it is.

Both walk the same algorithm in the same order of steps: hold the wall, let heat flow across and
along, add sources when due, renew theta, and sum what touches the wall. They agree to 1e-9.
"""

from __future__ import annotations

import importlib.util
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np

from simulator.physics.grid import Floats, Grid
from simulator.physics.material import Curve


class Cells(NamedTuple):
    """What an inner loop works on, in place: the arrays are its owner's, (rows, columns).

    energy_j is the state, theta (W/m) follows from it; source_base (W) and source_slope (m) as
    `HeatField.sources` has them.
    """

    grid: Grid
    curve: Curve
    energy_j: Floats
    theta: Floats
    source_base: Floats
    source_slope: Floats


class Stepper(Protocol):
    """What `HeatField` needs of an inner loop; it works on its `Cells`.

    One that has a method `follow` also takes the tip along (see `HeatField.follow`).
    """

    name: str
    wall_conductance: float

    def step(self, dt_s: float, theta_wall: float, source_s: float) -> tuple[float, float]:
        """Advance; sources act for source_s (0: not now). Returns wall sum W, source heat J."""
        ...

    def update(self) -> float:
        """Renew theta from energy; returns the wall sum in W."""
        ...

    def sources(self, base: Floats, slope: Floats) -> None:
        """Take new source arrays."""
        ...


def available_backends() -> tuple[str, ...]:
    """The words that `HeatField` accepts here, apart from "auto"."""
    return ("numpy", "numba") if importlib.util.find_spec("numba") else ("numpy",)


def stepper(backend: str, cells: Cells) -> Stepper:
    """The inner loop by name; "auto" takes numba where it can be imported."""
    if backend == "auto":
        backend = available_backends()[-1]
    if backend == "numpy":
        return _NumpyStepper(cells)
    if backend == "numba":
        return _NumbaStepper(cells)
    raise ValueError(f"backend: {backend!r} is none of auto, numpy, numba")


class _Wall:
    """The joints between held and live cells, as strips of one row or one column each."""

    def __init__(self, grid: Grid, theta: Floats) -> None:
        i0, i1, j0, j1 = grid.held
        self.strips: list[tuple[Floats, Floats]] = []
        rows, columns = theta.shape
        if i1 > i0:
            if i1 < rows:
                self._add(grid.across[i1 - 1, j0:j1], theta[i1, j0:j1])
            if i0 > 0:
                self._add(grid.across[i0 - 1, j0:j1], theta[i0 - 1, j0:j1])
            if j0 > 0:
                self._add(grid.along[i0:i1, j0 - 1], theta[i0:i1, j0 - 1])
            if j1 < columns:
                self._add(grid.along[i0:i1, j1 - 1], theta[i0:i1, j1])
        self.conductance = float(sum(g.sum() for g, _ in self.strips))

    def _add(self, joints: Floats, theta: Floats) -> None:
        """Only the stretch with a joint: the insulated shaft has none."""
        used = np.flatnonzero(joints)
        if used.size:
            part = slice(int(used[0]), int(used[-1]) + 1)
            self.strips.append((np.ascontiguousarray(joints[part]), theta[part]))

    def total(self) -> float:
        total = 0.0
        for joints, theta in self.strips:
            total += float(joints.dot(theta))
        return total


class _Joints:
    """All joints in one direction: each cell with the one `stride` places on, views made once."""

    def __init__(self, cells: Cells, scratch: Floats, conductance: Floats, stride: int) -> None:
        energy, theta = cells.energy_j.reshape(-1), cells.theta.reshape(-1)
        self._conductance = conductance
        self._prepared = np.empty_like(conductance)
        self._flow = scratch[:-stride]
        self._theta_here, self._theta_next = theta[:-stride], theta[stride:]
        self._energy_here, self._energy_next = energy[:-stride], energy[stride:]

    def prepare(self, dt_s: float) -> None:
        """Make ready for steps of dt_s."""
        np.multiply(self._conductance, dt_s, out=self._prepared)

    def flow(self) -> None:
        """Let heat flow for the dt_s that was prepared."""
        flow = self._flow
        np.subtract(self._theta_next, self._theta_here, out=flow)
        np.multiply(flow, self._prepared, out=flow)
        np.add(self._energy_here, flow, out=self._energy_here)
        np.subtract(self._energy_next, flow, out=self._energy_next)


class _NumpyStepper:
    """About twenty whole-array operations a step, none of which allocates."""

    name = "numpy"

    def __init__(self, cells: Cells) -> None:
        grid, curve = cells.grid, cells.curve
        self._energy = cells.energy_j.reshape(-1)
        self._theta = cells.theta.reshape(-1)
        i0, i1, j0, j1 = grid.held
        self._held = cells.theta[i0:i1, j0:j1] if i1 > i0 else None
        self._wall = _Wall(grid, cells.theta)
        self.wall_conductance = self._wall.conductance
        columns = grid.volume.shape[1]
        across = np.ascontiguousarray(grid.across).reshape(-1)
        along = np.zeros(grid.volume.shape)
        along[:, :-1] = grid.along
        volume = grid.volume.reshape(-1)
        self._a_unfrozen = curve.slope_unfrozen / volume
        self._a_mushy = (curve.slope_mushy - curve.slope_unfrozen) / volume
        self._a_frozen = (curve.slope_frozen - curve.slope_mushy) / volume
        self._melt = curve.melt_j_m3 * volume
        self._scratch = np.empty(volume.size)
        self._joint_dt = 0.0
        self._joints = [_Joints(cells, self._scratch, across, columns)]
        if columns > 1:
            along = along.reshape(-1)[:-1].copy()
            self._joints.append(_Joints(cells, self._scratch, along, 1))
        self.sources(cells.source_base, cells.source_slope)

    def sources(self, base: Floats, slope: Floats) -> None:
        """Take new source arrays."""
        self._source_base = base.reshape(-1)
        self._source_slope = slope.reshape(-1)

    def update(self) -> float:
        """Renew theta from energy; returns the wall sum in W."""
        energy, theta, scratch = self._energy, self._theta, self._scratch
        np.multiply(energy, self._a_unfrozen, out=theta)
        np.minimum(energy, 0.0, out=scratch)
        np.multiply(scratch, self._a_mushy, out=scratch)
        np.add(theta, scratch, out=theta)
        np.add(energy, self._melt, out=scratch)
        np.minimum(scratch, 0.0, out=scratch)
        np.multiply(scratch, self._a_frozen, out=scratch)
        np.add(theta, scratch, out=theta)
        return self._wall.total()

    def step(self, dt_s: float, theta_wall: float, source_s: float) -> tuple[float, float]:
        """See `Stepper`."""
        if dt_s != self._joint_dt:
            for joints in self._joints:
                joints.prepare(dt_s)
            self._joint_dt = dt_s
        added = self._add_sources(source_s) if source_s else 0.0
        if self._held is not None:
            self._held.fill(theta_wall)
        for joints in self._joints:
            joints.flow()
        return self.update(), added

    def _add_sources(self, source_s: float) -> float:
        heat = self._source_base - self._source_slope * self._theta
        heat *= self._energy > 0.0
        heat *= source_s
        self._energy += heat
        return float(heat.sum())


class _NumbaStepper:
    """One compiled sweep a step."""

    name = "numba"

    def __init__(self, cells: Cells) -> None:
        plain = _NumpyStepper(cells)
        self._plain = plain
        self._kernel = _compiled()
        self.wall_conductance = plain.wall_conductance
        grid, curve = cells.grid, cells.curve
        self._cells = (
            cells.energy_j,
            cells.theta,
            np.pad(grid.across, ((1, 1), (0, 0))),
            np.pad(grid.along, ((0, 0), (1, 1))),
            1.0 / grid.volume,
        )
        self._fixed = (
            (curve.slope_unfrozen, curve.slope_mushy, curve.slope_frozen, curve.melt_j_m3),
            grid.held,
        )
        self.sources(cells.source_base, cells.source_slope)

    def sources(self, base: Floats, slope: Floats) -> None:
        """Take new source arrays."""
        self._plain.sources(base, slope)
        field = (*self._cells, base, slope, *self._fixed)
        self._sweep = partial(self._kernel.sweep, *field)
        self.follow = partial(self._kernel.follow, *field)
        """`_numba_kernel.follow` on this field."""

    def update(self) -> float:
        """Renew theta from energy; returns the wall sum in W."""
        return self._plain.update()

    def step(self, dt_s: float, theta_wall: float, source_s: float) -> tuple[float, float]:
        """See `Stepper`."""
        wall, added = self._sweep(dt_s, theta_wall, source_s)
        return float(wall), float(added)


def _compiled() -> Any:
    from simulator.physics import _numba_kernel  # noqa: PLC0415  optional accelerator

    return _numba_kernel

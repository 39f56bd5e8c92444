"""Finite-volume grids: cells, the conductances between them, and the cells held by the probe.

Every geometry becomes the same thing: `rows` x `columns` cells of a volume, joined to the next row
(radially) and to the next column (along the axis) by geometric conductances in metres, so that the
heat flow is conductance x difference of theta. A rectangle of cells may be *held*: their theta is
given from outside (a wall, or the metal of the probe). One-dimensional geometries have one column.
"""

from __future__ import annotations

import math
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from simulator.physics.corners import RIM, SHAFT, share

Floats = npt.NDArray[np.float64]
Shape1D = Literal["plane", "cylinder", "sphere"]

_MM = 1e-3
_CONTACT_M = 0.08e-3


class Grid(msgspec.Struct, frozen=True):
    """Cells ready for the solver; lengths in metres, all arrays float64.

    `volume` is (rows, columns) in m3 (per m2 of wall for a plane, per m for a cylinder);
    `across` is (rows - 1, columns), `along` (rows, columns - 1), conductances in m. `held` is
    (first row, end row, first column, end column); held cells have volume 1, which nobody reads.
    `radius` and `axial` are the cell centres, (rows,) and (columns,); `inner` is the radius of the
    held wall, `middle` the column at mid-length of the active tip.
    """

    shape: Literal["plane", "cylinder", "sphere", "probe", "block"]
    volume: Floats
    across: Floats
    along: Floats
    held: tuple[int, int, int, int]
    radius: Floats
    axial: Floats
    inner: float
    middle: int = 0


def stretched_edges(
    start: float, cell: float, uniform: float, end: float, stretch: float = 1.15
) -> Floats:
    """Edges from `start`: cells of `cell` for a length `uniform`, then each longer by `stretch`.

    The last edge is the first at or beyond `end`. Same unit throughout.
    """
    count = max(1, round(uniform / cell))
    edges = [start + cell * i for i in range(count + 1)]
    size = cell
    while edges[-1] < end - 1e-12:
        size *= stretch
        edges.append(edges[-1] + size)
    return np.asarray(edges)


def line_grid(shape: Shape1D, edges: Floats, *, wall: bool) -> Grid:
    """A one-dimensional grid on `edges` (metres, ascending; edges[0] is the wall or the hole).

    With `wall` a held cell stands before the first one, joined to it by the half cell of material;
    without, the first face is insulated and heat comes only by `HeatField.inject`.
    """
    centre = 0.5 * (edges[1:] + edges[:-1])
    inner = float(edges[0])
    if shape == "plane":
        volume = np.diff(edges)
        joints = 1.0 / np.diff(centre)
        first = 1.0 / (centre[0] - inner)
    elif shape == "cylinder":
        volume = math.pi * np.diff(edges**2)
        joints = 2.0 * math.pi / np.log(centre[1:] / centre[:-1])
        first = 2.0 * math.pi / math.log(centre[0] / inner) if inner > 0.0 else 0.0
    else:
        volume = 4.0 / 3.0 * math.pi * np.diff(edges**3)
        joints = 4.0 * math.pi / (1.0 / centre[:-1] - 1.0 / centre[1:])
        first = 4.0 * math.pi / (1.0 / inner - 1.0 / centre[0]) if inner > 0.0 else 0.0
    held = (0, 0, 0, 0)
    if wall:
        volume = np.concatenate(([1.0], volume))
        joints = np.concatenate(([first], joints))
        centre = np.concatenate(([inner], centre))
        held = (0, 1, 0, 1)
    return Grid(
        shape=shape,
        volume=volume.reshape(-1, 1),
        across=joints.reshape(-1, 1),
        along=np.zeros((volume.size, 0)),
        held=held,
        radius=centre,
        axial=np.zeros(1),
        inner=inner,
    )


def probe_grid(
    *,
    radius_mm: float = 0.7,
    length_mm: float = 6.0,
    cell_mm: float = 0.25,
    uniform_mm: float = 4.5,
    reach_mm: float = 25.0,
    stretch: float = 1.15,
    contact: float = 1.0,
) -> Grid:
    """Round a flat-ended probe: an active tip of `length_mm`, an insulated shaft behind it.

    The tip's flat end is at axial 0, tissue in front of it has negative axial positions. Cells are
    about `cell_mm` up to `uniform_mm` from the active tip, then grow by `stretch` out to
    `reach_mm`, where the far side is insulated. `contact` puts (1 / contact - 1) x 0.08 mm of the
    material between metal and tissue (0.08 mm of ice is a contact of 25,000 W/m2K), which is less
    than none where it is above 1.
    """
    if not 0.5 <= contact <= 1.5:
        raise ValueError(f"contact: {contact} is outside 0.5 to 1.5")
    gap = (1.0 / contact - 1.0) * _CONTACT_M
    inside = max(1, round(radius_mm / cell_mm))
    bore = np.linspace(0.0, radius_mm, inside + 1)
    outside = stretched_edges(radius_mm, cell_mm, uniform_mm, radius_mm + reach_mm, stretch)
    radial = np.concatenate((bore[:-1], outside)) * _MM
    ahead = -stretched_edges(0.0, cell_mm, uniform_mm, reach_mm, stretch)[::-1]
    active = max(1, round(length_mm / cell_mm))
    tip = np.linspace(0.0, length_mm, active + 1)
    behind = stretched_edges(length_mm, cell_mm, uniform_mm, length_mm + reach_mm, stretch)
    axial = np.concatenate((ahead[:-1], tip[:-1], behind)) * _MM
    first = ahead.size - 1
    grid = _block(radial, axial)
    rho, dz = grid.radius, np.diff(axial)
    edge = radius_mm * _MM
    volume, across, along = grid.volume, grid.across, grid.along
    # The metal: held, joined to tissue only over the side and the flat end of the active tip.
    volume[:inside, first:] = 1.0
    across[:inside, first:] = 0.0
    along[:inside, first - 1 :] = 0.0
    end = first + active
    high = np.diff(radial)
    side = np.full(active, math.log(rho[inside] / edge))
    front = np.full(inside, 0.5 * dz[first - 1])
    # At its rim and where the shaft begins theta is too steep for the cells: see `corners`.
    beside = 0.5 * complex(dz[first], high[inside])
    ahead_of = 0.5 * complex(-dz[first - 1], -high[inside - 1])
    aslant = complex(ahead_of.real, beside.imag)
    side[0] /= share(RIM, 2.0 * beside.real, beside, beside.real)
    front[-1] /= share(RIM, 2j * ahead_of.imag, ahead_of, 1j * ahead_of.imag)
    along[inside, first - 1] *= share(RIM, 2j * beside.imag, beside, aslant)
    across[inside - 1, first - 1] *= share(RIM, 2.0 * ahead_of.real, aslant, ahead_of)
    beside = 0.5 * complex(dz[end - 1], high[inside])
    side[-1] /= share(SHAFT, 2.0 * beside.real, beside, beside.real)
    past = complex(-0.5 * dz[end], beside.imag)
    along[inside, end - 1] *= share(SHAFT, 2j * beside.imag, beside, past)
    if min(side.min() * edge, front.min()) + gap <= 0.0:
        raise ValueError(f"contact: {contact} is too good for cells of {cell_mm} mm")
    across[inside - 1, first:end] = 2.0 * math.pi * dz[first:end] / (side + gap / edge)
    area = math.pi * np.diff(radial[: inside + 1] ** 2)
    along[:inside, first - 1] = area / (front + gap)
    return Grid(
        shape="probe",
        volume=volume,
        across=across,
        along=along,
        held=(0, inside, first, axial.size - 1),
        radius=rho,
        axial=grid.axial,
        inner=edge,
        middle=first + active // 2,
    )


def block_grid(radial: Floats, axial: Floats, *, rim: bool) -> Grid:
    """A plain cylinder of cells on the given edges in metres, insulated all round.

    With `rim` a held row stands outside the last radial edge, joined to it by the half cell.
    """
    grid = _block(radial, axial)
    if not rim:
        return grid
    dz = np.diff(axial)
    joint = 2.0 * math.pi * dz / math.log(float(radial[-1]) / float(grid.radius[-1]))
    rows = grid.radius.size
    return Grid(
        shape="block",
        volume=np.vstack((grid.volume, np.ones((1, dz.size)))),
        across=np.vstack((grid.across, joint.reshape(1, -1))),
        along=np.vstack((grid.along, np.zeros((1, dz.size - 1)))),
        held=(rows, rows + 1, 0, dz.size),
        radius=np.append(grid.radius, radial[-1]),
        axial=grid.axial,
        inner=0.0,
    )


def _block(radial: Floats, axial: Floats) -> Grid:
    rho = 0.5 * (radial[1:] + radial[:-1])
    zeta = 0.5 * (axial[1:] + axial[:-1])
    area = math.pi * np.diff(radial**2)
    dz = np.diff(axial)
    return Grid(
        shape="block",
        volume=np.outer(area, dz),
        across=np.outer(2.0 * math.pi / np.log(rho[1:] / rho[:-1]), dz),
        along=np.outer(area, 1.0 / np.diff(zeta)),
        held=(0, 0, 0, 0),
        radius=rho,
        axial=zeta,
        inner=0.0,
    )

"""CASE.toml: what a researcher asks of the tissue model, checked before anything runs.

Every refusal is a ValueError whose text begins with the key that is wrong.
"""

from __future__ import annotations

import math
import re
from typing import Literal

import msgspec

from drivers.inputs.files import toml_table
from drivers.inputs.text import Line, TextError
from simulator.physics.material import Material

Geometry = Literal["plane", "cylinder", "sphere", "probe"]
Kind = Literal["temperature", "film", "line_sink", "point_sink"]

_COLDEST, _HOTTEST = -273.15, 200.0
_LONGEST_S = 86_400.0
_FINEST_PROBE_MM = 0.25
STRETCH_LINE, STRETCH_PROBE = 1.05, 1.15
_MOST_UPDATES = 1e12  # of a cell: a day of plain NumPy
_MOST_CELLS = 1e7  # a gigabyte
_STEP_UPDATES = 500.0  # what starting a step costs, in updates of a cell
_STEADY_ROUNDS = 100.0  # of the search for the state at rest, and of that for the wall's film
_FILM_ROUNDS = 60.0


class Boundary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happens at the wall; only the keys of its kind are read.

    celsius is the wall's temperature, or the coolant's behind a film. A film has film_w_m2k, on a
    probe conductance_w_k and capacity_j_k of the whole tip. sink_w_m (W per metre) belongs to
    line_sink, sink_w_sqrt_s (W over the root of s) to point_sink.
    """

    kind: Kind = "temperature"
    celsius: float = -70.0
    film_w_m2k: float | None = None
    conductance_w_k: float | None = None
    capacity_j_k: float | None = None
    sink_w_m: float | None = None
    sink_w_sqrt_s: float | None = None


class Tissue(Material, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`Material` with the defaults of a case file: a sharp front at 0 °C, nothing perfused."""

    liquidus_celsius: float = 0.0
    solidus_celsius: float = 0.0
    perfusion_w_m3k: float = 0.0
    metabolism_w_m3: float = 0.0


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a validation case should answer, and how near: shares of 1, and kelvin."""

    source: str
    frozen_radius_mm: list[float] | None = None
    isotherm_radius_mm: dict[str, list[float]] | None = None
    temperature_celsius: list[list[float | None]] | None = None
    tip_celsius: list[float] | None = None
    within_share: float = 0.01
    within_kelvin: float = 0.3


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case; times in s, lengths in mm from the wall (plane), the axis or the centre.

    cell_mm and reach_mm choose the grid; left out, `case.run` chooses.
    """

    geometry: Geometry
    radius_mm: float | None = None
    length_mm: float = 6.0
    initial_celsius: float = 37.0
    times_s: list[float] = []
    points_mm: list[float] = []
    isotherms_celsius: list[float] = []
    steady: bool = False
    cell_mm: float | None = None
    reach_mm: float | None = None
    boundary: Boundary = Boundary()
    tissue: Tissue = Tissue()
    expected: Expected | None = None
    title: str = ""

    @property
    def wall_mm(self) -> float:
        """Radius of the wall; 0 for a plane."""
        return 0.0 if self.geometry == "plane" or self.radius_mm is None else self.radius_mm


class Sizes(msgspec.Struct, frozen=True):
    """The grid of a case in mm: cells of `cell` for a length `uniform`, growing on to `reach`.

    `uniform` and `reach` are distances from the wall.
    """

    cell: float
    uniform: float
    reach: float


def grid_sizes(case: Case) -> Sizes:
    """The sizes that a case asks for, or that follow from how far heat gets in its times.

    With D the largest diffusivity and t the last time, heat gets about sqrt(D t): cells are a
    120th of that (a 40th of it for the first time, if smaller), the far side is ten times it away;
    for a steady case sqrt(k / w) takes its place.
    """
    m, wall = case.tissue, case.wall_mm
    if case.steady:
        far = near = 1e3 * math.sqrt(m.k_unfrozen_w_mk / m.perfusion_w_m3k)
    else:
        far = 1e3 * math.sqrt(_fastest_m2_s(m) * case.times_s[-1])
        near = 1e3 * math.sqrt(_fastest_m2_s(m) * case.times_s[0])
    asked = None if case.reach_mm is None else case.reach_mm - wall
    if case.geometry == "probe":
        cell = case.cell_mm or min(_FINEST_PROBE_MM, wall / 2.0)
        reach = max(25.0, (8.0 if case.steady else 2.0) * far) if asked is None else asked
        return Sizes(cell, 4.5, reach)
    cell = case.cell_mm or min(far / 120.0, near / 40.0)
    return Sizes(cell, min(1.5 * far, 400.0 * cell), 10.0 * far if asked is None else asked)


def parse_case(text: str | bytes) -> Case:
    """Read and check a CASE.toml. Raises ValueError naming the key for anything else."""
    try:
        case = msgspec.convert(toml_table(text), Case)
    except msgspec.ValidationError as error:
        raise ValueError(_plain(error)) from None
    try:
        Line().accepted(case.title)
    except TextError as error:
        raise ValueError(f"title: it {error}") from None
    _check(case)
    return case


def _plain(error: msgspec.ValidationError) -> str:
    """Turn msgspec's words into: key, colon, what is wrong."""
    message, _, path = str(error).partition(" - at `$")
    key = path.rstrip("`").lstrip(".").replace("[...]", "")
    missing = re.search(r"(?:missing required|unknown) field `(\w+)`", message)
    if missing:
        key = f"{key}.{missing[1]}" if key else missing[1]
        return f"{key}: {'missing' if 'missing' in message else 'unknown key'}"
    if ":" in message and not key:
        return message
    if message.split(":")[0].isidentifier():  # our own, from a struct's checks
        return f"{key}.{message}" if key else message
    return f"{key or 'case'}: {message[:1].lower()}{message[1:]}"


def _check(case: Case) -> None:
    for name in ("radius_mm", "length_mm", "cell_mm", "reach_mm"):
        value = getattr(case, name)
        if value is not None:
            _number(name, value, 0.001, 1000.0)
    _number("initial_celsius", case.initial_celsius, _COLDEST, _HOTTEST)
    if case.geometry != "plane" and case.radius_mm is None:
        raise ValueError(f"radius_mm: missing, a {case.geometry} needs it")
    if not case.steady and not case.times_s:
        raise ValueError("times_s: missing, give at least one time or steady = true")
    last = 0.0
    for time in case.times_s:
        _number("times_s", time, 1e-6, _LONGEST_S)
        if time <= last:
            raise ValueError("times_s: must ascend")
        last = time
    for point in case.points_mm:
        _number("points_mm", point, 0.0, 1e6)
        if point < case.wall_mm - 1e-9:
            raise ValueError(f"points_mm: {point:g} lies inside radius_mm {case.wall_mm:g}")
    for level in case.isotherms_celsius:
        _number("isotherms_celsius", level, _COLDEST, _HOTTEST)
    if case.reach_mm is not None and case.reach_mm <= case.wall_mm:
        raise ValueError("reach_mm: must lie beyond radius_mm")
    _check_boundary(case)
    if case.steady and case.tissue.perfusion_w_m3k == 0.0:
        raise ValueError(
            "steady: without tissue.perfusion_w_m3k the ice never stops growing, give times_s"
        )
    _check_work(case)


def _check_work(case: Case) -> None:
    """Refuse what would run for more than a day or not fit into memory, before it has a grid."""
    sizes = grid_sizes(case)
    if case.geometry == "probe":
        out = _cells(sizes, STRETCH_PROBE)
        rows = case.wall_mm / sizes.cell + out
        columns = case.length_mm / sizes.cell + 2.0 * out
    else:
        rows, columns = _cells(sizes, STRETCH_LINE), 1.0
    if case.steady:
        searches = _FILM_ROUNDS if case.boundary.kind == "film" else 1.0
        updates = searches * _STEADY_ROUNDS * columns * rows**3
    else:
        neighbours = 4.0 if case.geometry == "probe" else 2.0
        step_s = (1e-3 * sizes.cell) ** 2 / (neighbours * _fastest_m2_s(case.tissue))
        updates = case.times_s[-1] / step_s * (rows * columns + _STEP_UPDATES)
    if rows * columns > _MOST_CELLS:
        work = f"would take {rows * columns:.0e} cells, at most {_MOST_CELLS:.0e} can finish"
    elif updates > _MOST_UPDATES:
        work = f"would take {updates:.0e} updates of a cell, at most {_MOST_UPDATES:.0e} can finish"
    else:
        return
    if case.cell_mm is not None:
        raise ValueError(f"cell_mm: {case.cell_mm:g} {work}; make it larger")
    key = "steady" if case.steady else "times_s"
    raise ValueError(f"{key}: on cells of {sizes.cell:.2g} mm {work}; give a larger cell_mm")


def _cells(sizes: Sizes, stretch: float) -> float:
    """About how many cells lie between the wall and the far side."""
    rest = max(0.0, sizes.reach - sizes.uniform)
    growing = math.log1p(rest * (stretch - 1.0) / (stretch * sizes.cell)) / math.log(stretch)
    return sizes.uniform / sizes.cell + growing


def _fastest_m2_s(tissue: Tissue) -> float:
    """The larger of the two diffusivities."""
    return max(
        tissue.k_frozen_w_mk / tissue.c_frozen_j_m3k,
        tissue.k_unfrozen_w_mk / tissue.c_unfrozen_j_m3k,
    )


def _check_boundary(case: Case) -> None:
    boundary = case.boundary
    _number("boundary.celsius", boundary.celsius, _COLDEST, _HOTTEST)
    for name in ("film_w_m2k", "conductance_w_k", "capacity_j_k", "sink_w_m", "sink_w_sqrt_s"):
        value = getattr(boundary, name)
        if value is not None:
            _number(f"boundary.{name}", value, 0.0, 1e9)
    homes = {"line_sink": "cylinder", "point_sink": "sphere"}
    home = homes.get(boundary.kind)
    if home and case.geometry != home:
        raise ValueError(f"boundary.kind: a {boundary.kind} sits in a {home}")
    if home and case.steady:
        raise ValueError(f"steady: a {boundary.kind} is not run to steady state, give times_s")
    needed = {
        "temperature": (),
        "film": ("conductance_w_k", "capacity_j_k")
        if case.geometry == "probe"
        else ("film_w_m2k",),
        "line_sink": ("sink_w_m",),
        "point_sink": ("sink_w_sqrt_s",),
    }[boundary.kind]
    for name in needed:
        if getattr(boundary, name) is None:
            raise ValueError(f"boundary.{name}: missing, kind {boundary.kind} needs it")
    if boundary.kind == "film" and case.geometry == "probe" and not boundary.capacity_j_k:
        raise ValueError("boundary.capacity_j_k: must be above 0")


def _number(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # nan is never inside
        raise ValueError(f"{name}: {value:g} is outside {low:g} to {high:g}")

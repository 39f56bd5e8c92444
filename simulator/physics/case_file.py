"""CASE.toml: what a researcher asks of the tissue model, checked before anything runs.

Every refusal is a ValueError whose text begins with the key that is wrong.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from simulator.physics.material import Material

Geometry = Literal["plane", "cylinder", "sphere", "probe"]
Kind = Literal["temperature", "film", "line_sink", "point_sink"]

_COLDEST, _HOTTEST = -273.15, 200.0
_LONGEST_S = 86_400.0


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


def parse_case(text: str | bytes) -> Case:
    """Read and check a CASE.toml. Raises ValueError naming the key for anything else."""
    try:
        case = msgspec.toml.decode(text, type=Case)
    except msgspec.ValidationError as error:
        raise ValueError(_plain(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"not TOML: {error}") from None
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

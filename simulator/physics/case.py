"""Runs a `Case` on the tissue core and answers what it asked for."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import msgspec

from simulator.physics.case_file import (
    STRETCH_LINE,
    STRETCH_PROBE,
    Case,
    grid_sizes,
    parse_case,
)
from simulator.physics.case_history import History
from simulator.physics.field import HeatField
from simulator.physics.grid import Grid, line_grid, probe_grid, stretched_edges
from simulator.physics.isotherms import isotherm_radius, temperature_at
from simulator.physics.steady import imbalance, settle
from simulator.physics.tip import Drive, Tip

__all__ = ["Case", "CaseResult", "case_grid", "parse_case", "run"]

Progress = Callable[[float], None]

_REPORTS = 200


class CaseResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer; lists run over times_s (one entry, time None, for a steady case).

    temperature_celsius has a row per time and an entry per point. tip_celsius only for a probe.
    """

    times_s: list[float | None]
    frozen_radius_mm: list[float]
    isotherm_radius_mm: dict[str, list[float]]
    temperature_celsius: list[list[float]]
    energy_residual: float
    elapsed_s: float
    tip_celsius: list[float] | None = None


def run(
    case: Case,
    progress: Progress | None = None,
    *,
    backend: str = "auto",
    clock: Callable[[], float] = time.perf_counter,
    history: History | None = None,
) -> CaseResult:
    """Run a checked case. `progress` hears shares from 0 to 1; `clock` only measures elapsed_s.

    `history` is filled with what lies between the answers; the answers stay the same.
    """
    started = clock()
    field = HeatField(case_grid(case), case.tissue, case.initial_celsius, backend=backend)
    answers = _Answers(case, field, history)
    if case.steady:
        wall = _settle(case, field)
        answers.add(None, wall)
        residual = imbalance(field, field.curve.theta(wall))
    else:
        _march(case, field, answers, progress, history)
        residual = field.energy_residual
    if progress:
        progress(1.0)
    return answers.result(residual, clock() - started)


def case_grid(case: Case) -> Grid:
    """The grid of a case, with the cells of `grid_sizes`."""
    sizes, wall_mm = grid_sizes(case), case.wall_mm
    if case.geometry == "probe":
        return probe_grid(
            radius_mm=wall_mm,
            length_mm=case.length_mm,
            cell_mm=sizes.cell,
            uniform_mm=sizes.uniform,
            reach_mm=sizes.reach,
            stretch=STRETCH_PROBE,
        )
    end = wall_mm + sizes.reach
    edges = stretched_edges(wall_mm, sizes.cell, sizes.uniform, end, STRETCH_LINE) * 1e-3
    return line_grid(case.geometry, edges, wall=True)


def _settle(case: Case, field: HeatField) -> float:
    boundary = case.boundary
    if boundary.kind == "temperature":
        return settle(field, boundary.celsius)
    film = _film_w_k(case)
    return settle(field, lambda wall, heat: film * (boundary.celsius - wall) - heat)


def _march(
    case: Case,
    field: HeatField,
    answers: _Answers,
    progress: Progress | None,
    history: History | None,
) -> None:
    wall = _wall(case, field)
    end = case.times_s[-1]
    now, told = 0.0, 0.0
    for stop in case.times_s:
        count = max(1, math.ceil((stop - now) / field.longest_step_s - 1e-9))
        step, start = (stop - now) / count, now
        for i in range(count):
            theta = wall.theta(start + i * step, step)
            field.step(step, theta)
            if start + (i + 1) * step >= told:
                told += end / _REPORTS
                if progress:
                    progress((start + (i + 1) * step) / end)
                if history is not None:
                    history.moment(start + (i + 1) * step, answers.radii_mm(wall.celsius()))
        now = stop
        answers.add(now, wall.celsius())


class _Wall:
    """A wall held at a temperature; others say what theta makes it behave as they do."""

    def __init__(self, case: Case, field: HeatField) -> None:
        self.case, self.field = case, field
        self.held = field.curve.theta(case.boundary.celsius)

    def theta(self, now_s: float, dt_s: float) -> float:
        del now_s, dt_s
        return self.held

    def celsius(self) -> float:
        return self.field.curve.celsius(self.held)


class _FilmWall(_Wall):
    """A wall without mass behind a film: what comes over the film goes into the tissue."""

    def __init__(self, case: Case, field: HeatField) -> None:
        super().__init__(case, field)
        self.film = _film_w_k(case)

    def theta(self, now_s: float, dt_s: float) -> float:
        del now_s, dt_s
        self.held = self._balance()
        return self.held

    def celsius(self) -> float:
        return self.field.curve.celsius(self._balance())

    def _balance(self) -> float:
        """Solve film (coolant - T) = G theta(T) - S, piece by piece of theta(T)."""
        field, curve = self.field, self.field.curve
        conductance, wall_sum = field.wall_conductance, field.wall_sum
        total = self.film * self.case.boundary.celsius + wall_sum
        # theta = k (T - T0): at the liquidus theta is 0, at the solidus theta_solidus.
        excess = total - self.film * curve.liquidus
        if excess >= 0.0:
            return excess / (conductance + self.film / curve.k_unfrozen)
        at_solidus = self.film * curve.solidus + conductance * curve.theta_solidus
        if total >= at_solidus:
            return excess / (conductance + self.film / curve.k_mushy)
        below = (total - at_solidus) / (conductance + self.film / curve.k_frozen)
        return curve.theta_solidus + below


class _SinkWall(_Wall):
    """A wall that takes out a given heat."""

    def theta(self, now_s: float, dt_s: float) -> float:
        boundary, field = self.case.boundary, self.field
        watts = boundary.sink_w_m or 0.0
        if boundary.kind == "point_sink":
            span = (now_s + dt_s) ** 1.5 - now_s**1.5
            watts = (boundary.sink_w_sqrt_s or 0.0) * span / (1.5 * dt_s)
        self.held = (field.wall_sum - watts) / field.wall_conductance
        return self.held


class _TipWall(_Wall):
    """The lumped metal of a probe's tip behind a film."""

    def __init__(self, case: Case, field: HeatField) -> None:
        super().__init__(case, field)
        boundary = case.boundary
        self.tip = Tip(
            case.initial_celsius,
            capacity_j_k=boundary.capacity_j_k or 0.0,
            film_w_k=0.0,
            shaft_w_k=boundary.conductance_w_k or 0.0,
        )
        self.drive = Drive(shaft_celsius=boundary.celsius)

    def theta(self, now_s: float, dt_s: float) -> float:
        del now_s
        field = self.field
        return self.tip.advance(
            dt_s, self.drive, field.curve, field.wall_conductance, field.wall_sum
        )

    def celsius(self) -> float:
        return self.tip.celsius


def _wall(case: Case, field: HeatField) -> _Wall:
    kind = case.boundary.kind
    if kind == "temperature":
        return _Wall(case, field)
    if kind == "film":
        return _TipWall(case, field) if case.geometry == "probe" else _FilmWall(case, field)
    return _SinkWall(case, field)


def _film_w_k(case: Case) -> float:
    """Film times wall area: of 1 m2 of a plane, 1 m of a cylinder, a whole sphere or tip."""
    boundary, radius = case.boundary, 1e-3 * case.wall_mm
    if case.geometry == "probe":
        return boundary.conductance_w_k or 0.0
    area = {"plane": 1.0, "cylinder": 2.0 * math.pi * radius}
    return (boundary.film_w_m2k or 0.0) * area.get(case.geometry, 4.0 * math.pi * radius**2)


class _Answers:
    def __init__(self, case: Case, field: HeatField, history: History | None) -> None:
        self.case, self.field, self.history = case, field, history
        self.times: list[float | None] = []
        self.frozen: list[float] = []
        self.isotherms: dict[str, list[float]] = {
            str(float(level)): [] for level in case.isotherms_celsius
        }
        self.temperatures: list[list[float]] = []
        self.tips: list[float] = []

    def add(self, now_s: float | None, wall_celsius: float) -> None:
        case, field = self.case, self.field
        theta = field.curve.theta(wall_celsius)
        self.times.append(now_s)
        for name, radius in self.radii_mm(wall_celsius).items():
            (self.frozen if name == "ice" else self.isotherms[name]).append(radius)
        column = field.grid.middle
        self.temperatures.append(
            [
                temperature_at(field, 1e-3 * point, wall_theta=theta, column=column)
                for point in case.points_mm
            ]
        )
        self.tips.append(wall_celsius)
        if self.history is not None:
            self.history.profile(now_s, field, case.wall_mm, wall_celsius)

    def radii_mm(self, wall_celsius: float) -> dict[str, float]:
        """Of the ice ("ice") and of each isotherm (by its °C) now."""
        theta = self.field.curve.theta(wall_celsius)
        radii = {"ice": self._frozen_mm(theta)}
        for level in self.isotherms:
            radius = isotherm_radius(self.field, float(level), wall_theta=theta)
            radii[level] = 1e3 * radius
        return radii

    def _frozen_mm(self, theta_wall: float) -> float:
        """From the volume of ice where the front is sharp, else the liquidus isotherm."""
        case, field = self.case, self.field
        sharp = case.tissue.liquidus_celsius == case.tissue.solidus_celsius
        if case.geometry == "probe" or not sharp or case.steady:
            return 1e3 * isotherm_radius(field, field.curve.liquidus, wall_theta=theta_wall)
        volume, wall = field.frozen_volume(), 1e-3 * case.wall_mm
        if volume == 0.0:
            return 0.0
        if case.geometry == "plane":
            return 1e3 * volume
        if case.geometry == "cylinder":
            return 1e3 * math.sqrt(wall**2 + volume / math.pi)
        return 1e3 * math.cbrt(wall**3 + volume * 0.75 / math.pi)

    def result(self, residual: float, elapsed_s: float) -> CaseResult:
        return CaseResult(
            times_s=self.times,
            frozen_radius_mm=self.frozen,
            isotherm_radius_mm=self.isotherms,
            temperature_celsius=self.temperatures,
            energy_residual=residual,
            elapsed_s=elapsed_s,
            tip_celsius=self.tips if self.case.geometry == "probe" else None,
        )

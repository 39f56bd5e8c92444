"""The tissue model alone, driven by a measured tip temperature: the host's ice-ball estimate.

It knows the book's tissue and the readings that were given to it, nothing of the simulated plant.
"""

from __future__ import annotations

import copy
import math

from simulator.physics.field import HeatField
from simulator.physics.grid import probe_grid
from simulator.physics.isotherms import isotherm_radius, temperature_at
from simulator.physics.material import Material


class TipDriven:
    """Tissue round a probe whose tip temperature is told.

    For a band run three of them, with scale factors for conductivity and perfusion under, at and
    over 1. Numbers are those of the model: no measurement stands behind them.
    """

    def __init__(
        self,
        *,
        conductivity_scale: float = 1.0,
        perfusion_scale: float = 1.0,
        initial_celsius: float = 37.0,
        radius_mm: float = 0.7,
        length_mm: float = 6.0,
        cell_mm: float = 0.5,
        material: Material | None = None,
        backend: str = "numpy",
    ) -> None:
        """Tissue at initial_celsius; `material` None is the book's. Scales must be above 0."""
        book = Material() if material is None else material
        scaled = book.scaled(conductivity=conductivity_scale, perfusion=perfusion_scale)
        grid = probe_grid(radius_mm=radius_mm, length_mm=length_mm, cell_mm=cell_mm)
        self._field = HeatField(grid, scaled, initial_celsius, backend=backend)
        self._radius_mm = radius_mm
        self._tip_celsius = initial_celsius
        self.elapsed_s = 0.0

    def advance(self, dt_s: float, tip_celsius: float) -> None:
        """Move on by dt_s while the tip went evenly from its last temperature to tip_celsius.

        Any dt_s from 0 to 60 s; longer gaps and readings outside -150 to 100 °C raise ValueError:
        a model fed with holes would look like one that knows.
        """
        if not 0.0 <= dt_s <= 60.0:
            raise ValueError(f"dt_s: {dt_s} is outside 0 to 60 s")
        if not -150.0 <= tip_celsius <= 100.0:
            raise ValueError(f"tip_celsius: {tip_celsius} is outside -150 to 100 °C")
        field = self._field
        count = math.ceil(dt_s / field.longest_step_s)
        start = self._tip_celsius
        for i in range(count):
            now = start + (tip_celsius - start) * (i + 0.5) / count
            field.step(dt_s / count, field.curve.theta(now))
        self._tip_celsius = tip_celsius
        self.elapsed_s += dt_s

    def thaw_s(self, above_celsius: float, for_s: float, longest_s: float) -> float | None:
        """Seconds of passive thaw until the tip has been above a temperature for `for_s`.

        The gas is taken as shut from now on: nothing flows through the wall, and the tip is as
        warm as the tissue at it. None if that takes longer than `longest_s`. This model stays as
        it is; the answer costs about a thousandth of the time it tells.
        """
        field = copy.deepcopy(self._field)
        step_s, conductance = field.longest_step_s, field.wall_conductance
        enough = field.curve.theta(above_celsius)
        passed = above = 0.0
        while passed < longest_s:
            theta = field.wall_sum / conductance
            above = above + step_s if theta > enough else 0.0
            if above > for_s:
                return passed
            field.step(step_s, theta)
            passed += step_s
        return None

    @property
    def ice_edge_mm(self) -> float:
        """Largest diameter of the liquidus (-1 °C) isotherm, 0 where there is no ice."""
        return 2.0 * self._radius(self._field.curve.liquidus)

    @property
    def minus20_mm(self) -> float:
        """Largest diameter of the -20 °C isotherm, 0 where nothing is that cold."""
        return 2.0 * self._radius(-20.0)

    @property
    def minus20_reach_mm(self) -> float:
        """How far -20 °C stands out from the probe's surface, at its widest."""
        return max(0.0, self._radius(-20.0) - self._radius_mm)

    def temperature_at(self, distance_from_surface_mm: float) -> float:
        """Temperature in °C at a distance from the probe's side, at mid-length of its tip."""
        if distance_from_surface_mm < 0.0:
            raise ValueError(f"distance_from_surface_mm: {distance_from_surface_mm} is below 0")
        return temperature_at(
            self._field,
            1e-3 * (self._radius_mm + distance_from_surface_mm),
            wall_theta=self._field.curve.theta(self._tip_celsius),
            column=self._field.grid.middle,
        )

    def _radius(self, celsius: float) -> float:
        theta = self._field.curve.theta(self._tip_celsius)
        return 1e3 * isotherm_radius(self._field, celsius, wall_theta=theta)

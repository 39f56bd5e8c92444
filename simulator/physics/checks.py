"""The validations that are not case files: a mode's decay, the energy ledger, the gas tables."""

from __future__ import annotations

import math

import numpy as np

from simulator.physics.field import HeatField
from simulator.physics.gas import Gas, gas_table
from simulator.physics.grid import Floats, block_grid, probe_grid
from simulator.physics.material import Material

BESSEL_FACTOR = 0.502807  # exp(-alpha ((j01 / R)^2 + (pi / Z)^2) t), R 10 mm, Z 20 mm, t 60 s
_J01 = 2.404825558
_RADIUS_M, _LENGTH_M, _SECONDS = 0.010, 0.020, 60.0
_ATMOSPHERE_KPA = 101.325


def bessel_cosine_factors() -> Floats:
    """V8: what is left of J0(j01 r / R) cos(pi z / Z) after 60 s, cell by cell from the axis out.

    A cylinder with a cold rim and insulated ends, nothing freezes, no perfusion; unitless.
    """
    edges = np.linspace(0.0, _RADIUS_M, 41), np.linspace(0.0, _LENGTH_M, 41)
    grid = block_grid(*edges, rim=True)
    material = Material(
        liquidus_celsius=-50.0, solidus_celsius=-50.0, perfusion_w_m3k=0.0, metabolism_w_m3=0.0
    )
    field = HeatField(grid, material, 0.0, backend="numpy")
    zero = field.curve.theta(0.0)
    angle = np.linspace(0.0, math.pi, 2001)
    radial = np.cos(np.outer(grid.radius / _RADIUS_M * _J01, np.sin(angle)))
    bessel = np.trapezoid(radial, angle) / math.pi
    mode = np.outer(bessel, np.cos(math.pi * grid.axial / _LENGTH_M))
    mode[-1] = 0.0
    field.set_theta(zero + 5.0 * mode)
    count = math.ceil(_SECONDS / field.longest_step_s)
    for _ in range(count):
        field.step(_SECONDS / count, zero)
    left: Floats = (field.theta - zero)[:-1, 0] / (5.0 * mode)[:-1, 0]
    return left


def ledger_run(backend: str = "numpy") -> HeatField:
    """V12: the field after a freeze and a thaw with sources, a vessel and injections."""
    field = HeatField(probe_grid(cell_mm=0.5), Material(), 37.0, backend=backend)
    field.add_exchange(slice(10, 12), slice(0, None), 5e4)
    cold, warm = field.curve.theta(-70.0), field.curve.theta(30.0)
    for step in range(3000):
        field.step(0.04, cold if step < 1500 else warm)
        if step % 500 == 0:
            field.inject(0.5, row=5)
    return field


def gas_points() -> list[tuple[str, float, float, str]]:
    """V13: what, expected, found, unit (°C or bar) of the gas tables."""
    n2o, co2 = gas_table(Gas.N2O), gas_table(Gas.CO2)
    return [
        ("N2O boils", -88.466, n2o.saturation_celsius(_ATMOSPHERE_KPA), "°C"),
        ("N2O vapour at 20 °C", 50.525, n2o.saturation_kpa(20.0) / 100.0, "bar"),
        ("CO2 sublimes", -78.465, co2.saturation_celsius(_ATMOSPHERE_KPA), "°C"),
    ]

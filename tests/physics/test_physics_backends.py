"""Plain NumPy and the accelerator are one model: the same numbers to 1e-9, everywhere."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from physics_hold import FULL, SHUT, freeze, run

from simulator.physics import Actuators, Gas, Medium, Plant, TipDriven
from simulator.physics.field import HeatField, add_vessel
from simulator.physics.grid import Floats, probe_grid
from simulator.physics.kernels import available_backends
from simulator.physics.material import Material
from simulator.physics.tip import Drive, Tip

_WITHIN = 1e-9
_WET = Drive(liquid_w=30.0, vapour_w_k=0.4, vapour_film_w_k=0.02, vapour_celsius=-80.0)
_DRY = Drive(liquid_w=1.0, vapour_w_k=0.4, vapour_film_w_k=0.02, vapour_celsius=-60.0)
_WARM = Drive(heater_w=8.0)


def apart(one: Floats, other: Floats) -> float:
    """Largest difference as a share of the largest number."""
    return float(np.max(np.abs(one - other)) / np.max(np.abs(one)))


def test_the_accelerator_is_here() -> None:
    """Or nothing below compares anything."""
    assert available_backends() == ("numpy", "numba")


def test_a_field_held_by_its_wall() -> None:
    def left(backend: str) -> Floats:
        field = HeatField(probe_grid(cell_mm=0.5), Material(), 37.0, backend=backend)
        add_vessel(field, 1.0)
        for step in range(1000):
            field.step(0.04, field.curve.theta(-70.0 if step < 600 else 30.0))
        assert field.backend == backend
        return np.append(field.celsius()[field.live], field.wall_heat_j)

    assert 0.0 <= apart(left("numpy"), left("numba")) <= _WITHIN


@pytest.mark.parametrize("cell_mm", [0.5, 0.3])
def test_a_field_that_follows_its_tip(cell_mm: float) -> None:
    def left(backend: str) -> Floats:
        field = HeatField(probe_grid(cell_mm=cell_mm), Material(), 37.0, backend=backend)
        tip = Tip(37.0, capacity_j_k=0.025, film_w_k=0.8, shaft_w_k=3e-4)
        seen = []
        for drive in (_WET, _DRY, _WARM):
            for _ in range(300):
                field.follow(tip, drive, 0.02)
                seen.append(tip.celsius)
        assert min(seen) < -40.0
        assert field.energy_residual < 1e-9
        return np.concatenate((seen, field.celsius()[field.live], [field.wall_heat_j]))

    assert apart(left("numpy"), left("numba")) <= _WITHIN


def test_the_host_s_tissue() -> None:
    def left(backend: str) -> Floats:
        model = TipDriven(backend=backend)
        model.advance(5.0, -70.0)
        model.advance(20.0, -70.0)
        edges = [model.ice_edge_mm, model.minus20_mm, model.temperature_at(1.5)]
        model.advance(20.0, 10.0)
        return np.array([*edges, model.ice_edge_mm, model.temperature_at(0.1)])

    assert apart(left("numpy"), left("numba")) <= _WITHIN


@pytest.mark.parametrize(("gas", "medium"), [(Gas.N2O, Medium.TISSUE), (Gas.CO2, Medium.WATER)])
def test_the_whole_plant(gas: Gas, medium: Medium) -> None:
    """Held by the loop, shut, warmed: readings and truth, noise and all."""

    def left(backend: str) -> Floats:
        plant = Plant(gas, seed=5, medium=medium, backend=backend)
        tips = freeze(plant, 12.0, -60.0).tips
        run(plant, 2.0, FULL)
        run(plant, 3.0, SHUT)
        run(plant, 2.0, Actuators(valve_duty=0.0, warming=True))
        sensed, truth = plant.sense(), msgspec.structs.astuple(plant.truth)
        assert sensed.tip_celsius is not None
        readings = [sensed.tip_celsius, sensed.exhaust_kpa, sensed.flow_mg_s]
        return np.array([*tips, *readings, *truth], dtype=float)

    plain, compiled = left("numpy"), left("numba")
    assert np.all(np.abs(plain - compiled) <= _WITHIN * np.maximum(np.abs(plain), 1.0))

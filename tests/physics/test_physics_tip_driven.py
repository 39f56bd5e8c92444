"""The host's tissue model: it follows the plant when given the plant's tip."""

from __future__ import annotations

import pytest
from physics_hold import FULL, SHUT, run

from simulator.physics import Gas, Plant, TipDriven


def test_follows_the_book_plant_through_freeze_and_thaw() -> None:
    plant, model = Plant(Gas.N2O, backend="numpy"), TipDriven(backend="numpy")
    for actuators in (FULL, SHUT):
        for _ in range(60 * 20):
            plant.advance(0.05, actuators)
            model.advance(0.05, plant.truth.tip_celsius)
        truth = plant.truth
        assert model.ice_edge_mm == pytest.approx(truth.ice_edge_mm, rel=0.01, abs=0.05)
        assert model.minus20_mm == pytest.approx(truth.minus20_mm, rel=0.01, abs=0.05)
        assert model.minus20_reach_mm == pytest.approx(truth.minus20_reach_mm, abs=0.05)


def test_temperature_rises_outwards_from_tip_to_body() -> None:
    model = TipDriven(backend="numpy")
    for _ in range(600):
        model.advance(0.1, -70.0)
    readings = [model.temperature_at(mm) for mm in (0.0, 0.5, 1.0, 2.0, 4.0, 20.0)]
    assert readings == sorted(readings)
    assert readings[0] == pytest.approx(-70.0, abs=0.01)
    assert readings[-1] == pytest.approx(37.0, abs=0.3)
    reach = model.minus20_reach_mm
    assert model.temperature_at(reach) == pytest.approx(-20.0, abs=1.0)


def test_a_gap_counts_as_an_even_fall_between_its_ends() -> None:
    gap, steps = TipDriven(backend="numpy"), TipDriven(backend="numpy")
    gap.advance(20.0, -70.0)
    for step in range(1, 201):
        steps.advance(0.1, 37.0 - 107.0 * step / 200.0)
    assert gap.ice_edge_mm == pytest.approx(steps.ice_edge_mm, rel=0.005)
    assert gap.temperature_at(1.0) == pytest.approx(steps.temperature_at(1.0), abs=0.2)
    assert gap.elapsed_s == pytest.approx(steps.elapsed_s)


def test_scale_factors_make_a_band_round_the_book() -> None:
    edges = []
    for scale in (0.8, 1.0, 1.2):
        model = TipDriven(conductivity_scale=scale, perfusion_scale=2.0 - scale, backend="numpy")
        for _ in range(1200):
            model.advance(0.1, -70.0)
        edges.append(model.ice_edge_mm)
    assert edges[0] < edges[1] < edges[2]


@pytest.mark.parametrize(
    ("dt_s", "tip"), [(-1.0, 0.0), (61.0, 0.0), (0.1, float("nan")), (0.1, -400.0)]
)
def test_holes_and_nonsense_are_refused(dt_s: float, tip: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        TipDriven(backend="numpy").advance(dt_s, tip)


def test_run_helper_counts_seconds() -> None:
    assert run(Plant(Gas.N2O, backend="numpy"), 1.0, SHUT) == 1.0

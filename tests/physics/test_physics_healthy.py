"""What a healthy run looks like: the figures of the design page, within 1-2 K and 5 %."""

from __future__ import annotations

import itertools

import pytest
from physics_hold import FULL, SHUT, freeze, run

from simulator.physics import Actuators, Gas, Medium, Plant, Quality


@pytest.fixture(scope="module")
def three_freezes() -> dict[str, list[float]]:
    """Three 2:00 freezes with 0:45 thaws at -70, then the thaw to +10 °C."""
    plant = Plant(Gas.N2O, backend="numpy")
    seen: dict[str, list[float]] = {
        "edge": [], "lowest": [], "to_target": [], "hold": [], "after2": [], "after5": [],
        "plateau": [], "minus20": [],
    }  # fmt: skip
    for cycle in range(3):
        one = freeze(plant, 120.0)
        assert one.to_target_s is not None
        seen["edge"].append(plant.truth.ice_edge_mm)
        seen["minus20"].append(plant.truth.minus20_mm)
        seen["lowest"].append(one.lowest_celsius)
        seen["to_target"].append(one.to_target_s)
        seen["hold"] += [min(one.tips[-3000:]), max(one.tips[-3000:])]
        run(plant, 2.0, SHUT)
        seen["after2"].append(plant.truth.tip_celsius)
        run(plant, 3.0, SHUT)
        seen["after5"].append(plant.truth.tip_celsius)
        if cycle < 2:
            run(plant, 10.0, SHUT)
            seen["plateau"].append(plant.truth.tip_celsius)
            run(plant, 30.0, SHUT)
            seen["plateau"].append(plant.truth.tip_celsius)
    thaw = run(plant, 300.0, SHUT, lambda p: p.truth.tip_celsius > 10.0)
    seen["thaw"] = [thaw + 5.0]
    return seen


def test_ice_edges_of_three_freezes(three_freezes: dict[str, list[float]]) -> None:
    assert three_freezes["edge"] == pytest.approx([10.0, 11.3, 12.1], rel=0.05)
    grown = three_freezes["minus20"]
    assert all(later > earlier for earlier, later in itertools.pairwise(grown))


def test_hold_is_quick_steady_and_never_under_minus_76(
    three_freezes: dict[str, list[float]],
) -> None:
    assert min(three_freezes["lowest"]) > -76.0
    assert max(three_freezes["to_target"]) < 40.0
    assert min(three_freezes["hold"]) > -71.5
    assert max(three_freezes["hold"]) < -68.5


def test_passive_thaw_jumps_then_stands(three_freezes: dict[str, list[float]]) -> None:
    assert three_freezes["after2"][0] == pytest.approx(-22.0, abs=2.0)
    assert three_freezes["after5"][0] == pytest.approx(-11.0, abs=2.0)
    assert all(-8.5 < tip < -1.0 for tip in three_freezes["plateau"])


def test_plus_ten_comes_late_after_three(three_freezes: dict[str, list[float]]) -> None:
    assert three_freezes["thaw"][0] == pytest.approx(195.0, rel=0.05)


def test_plus_ten_after_one_freeze() -> None:
    plant = Plant(Gas.N2O, backend="numpy")
    freeze(plant, 120.0)
    thaw = run(plant, 300.0, SHUT, lambda p: p.truth.tip_celsius > 10.0)
    assert thaw == pytest.approx(125.0, rel=0.05)
    assert plant.truth.ice_edge_mm == 0.0


@pytest.mark.parametrize("cell_mm", [0.5, 0.25])
def test_full_flow_unheld(cell_mm: float) -> None:
    plant = Plant(Gas.N2O, cell_mm=cell_mm, backend="numpy")
    cold = run(plant, 20.0, FULL, lambda p: p.truth.tip_celsius < -70.0)
    assert cold < 9.0
    run(plant, 120.0 - cold, FULL)
    assert plant.truth.tip_celsius == pytest.approx(-75.0, abs=1.0)
    reading = plant.sense()
    assert reading.flow_mg_s == pytest.approx(305.0, rel=0.05)
    assert reading.exhaust_kpa == pytest.approx(150.0, abs=10.0)
    assert reading.supply_kpa == pytest.approx(4950.0, abs=110.0)


def test_first_second_is_as_steep_as_a_thermocouple_shows() -> None:
    plant = Plant(Gas.N2O, backend="numpy", cell_mm=0.25)
    steepest = steepest_shown = 0.0
    for _ in range(200):
        tip, shown = plant.truth.tip_celsius, plant._thermocouple.lagged_celsius
        plant.advance(0.005, FULL)
        steepest = max(steepest, (tip - plant.truth.tip_celsius) / 0.005)
        lag = plant._thermocouple
        steepest_shown = max(steepest_shown, (shown - lag.lagged_celsius) / 0.005)
    assert 200.0 < steepest < 450.0
    assert steepest_shown == pytest.approx(60.0, abs=12.0)


def test_co2_settles_where_its_solid_lets_it() -> None:
    plant = Plant(Gas.CO2, backend="numpy")
    run(plant, 120.0, FULL)
    assert plant.truth.tip_celsius == pytest.approx(-68.0, abs=1.5)


@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize(("gas", "target"), [(Gas.N2O, -70.0), (Gas.CO2, -60.0)])
def test_the_loop_holds_in_every_medium(gas: Gas, target: float, medium: Medium) -> None:
    plant = Plant(gas, backend="numpy", medium=medium)
    seen = freeze(plant, 40.0, target)
    assert seen.lowest_celsius > target - 6.0
    last = seen.tips[-750:]
    assert min(last) > target - 2.0
    assert max(last) < target + 2.0
    before = plant.truth.tip_celsius
    run(plant, 5.0, SHUT)
    assert plant.truth.tip_celsius > before + 15.0  # a healthy valve lets it rise at once


def test_convection_stops_the_ice_in_water() -> None:
    plant = Plant(Gas.N2O, backend="numpy", medium=Medium.WATER)
    run(plant, 100.0, FULL)
    before = plant.truth.ice_edge_mm
    run(plant, 30.0, FULL)
    assert 5.0 < before < plant.truth.ice_edge_mm < 1.07 * before


def test_active_thaw_warms_the_tip_while_ice_remains() -> None:
    plant = Plant(Gas.N2O, backend="numpy")
    freeze(plant, 120.0)
    warm = Actuators(valve_duty=0.0, warming=True)
    run(plant, 5.0, warm)
    assert plant.truth.tip_celsius > 30.0
    assert plant.truth.ice_edge_mm / 2.0 > 4.5  # a warm tip is not thawed ice
    gone = run(plant, 120.0, warm, lambda p: p.truth.ice_edge_mm == 0.0)
    assert 35.0 < gone + 5.0 < 80.0


def test_sensors_before_anything() -> None:
    reading = Plant(Gas.N2O, seed=3, backend="numpy").sense()
    assert reading.tip_quality is Quality.OK
    assert reading.tip_celsius == pytest.approx(37.0, abs=1.0)
    assert reading.supply_kpa == pytest.approx(5052.5, abs=20.0)
    assert reading.exhaust_kpa == pytest.approx(101.3, abs=2.0)
    assert reading.flow_mg_s < 2.0
    assert not reading.valve_open


def test_a_240_s_freeze_leaves_the_hose_above_zero() -> None:
    plant = Plant(Gas.N2O, backend="numpy", medium=Medium.AIR)
    run(plant, 240.0, FULL)
    reading = plant.sense()
    assert reading.hose_celsius is not None
    assert reading.hose_celsius > 0.0


def test_a_seed_repeats_to_the_bit_and_another_does_not() -> None:
    def readings(seed: int) -> list[object]:
        plant = Plant(Gas.N2O, seed=seed, backend="numpy")
        out: list[object] = []
        for _ in range(100):
            plant.advance(0.02, FULL)
            out.append(plant.sense())
            assert plant.sense() == out[-1]  # looking changes nothing
        return out

    assert readings(5) == readings(5)
    assert readings(5) != readings(6)


def test_probe_cannot_move_while_frozen_and_starts_fresh_tissue() -> None:
    plant = Plant(Gas.N2O, backend="numpy")
    run(plant, 10.0, FULL)
    with pytest.raises(ValueError, match="do not move"):
        plant.set_medium(Medium.AIR)
    run(plant, 60.0, Actuators(valve_duty=0.0, warming=True))
    plant.set_medium(Medium.TISSUE)
    assert plant.truth.tip_celsius == pytest.approx(37.0)


@pytest.mark.parametrize("dt_s", [0.0, -0.02, 2.0, float("nan")])
def test_a_step_that_makes_no_sense_is_refused(dt_s: float) -> None:
    with pytest.raises(ValueError, match="dt_s"):
        Plant(Gas.N2O, backend="numpy").advance(dt_s, FULL)

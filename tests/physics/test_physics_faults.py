"""Each fault of the design page looks as that page says."""

from __future__ import annotations

import pytest
from physics_hold import FULL, SHUT, freeze, run

from simulator.physics import KNOBS, Actuators, Faults, Gas, Medium, Plant, Quality
from simulator.physics.gas import gas_table


def plant_with(gas: Gas = Gas.N2O, **sizes: float) -> Plant:
    plant = Plant(gas, backend="numpy")
    for name, size in sizes.items():
        plant.faults[name] = size
    return plant


@pytest.mark.parametrize(("blocked", "bar"), [(0.5, 2.4), (0.8, 5.6), (0.9, 11.0)])
def test_blocked_exhaust_raises_pressure_and_tip(blocked: float, bar: float) -> None:
    plant = plant_with(exhaust_blocked=blocked)
    run(plant, 30.0, FULL)
    reading = plant.sense()
    assert reading.exhaust_kpa == pytest.approx(100.0 * bar, rel=0.05)
    boiling = gas_table(Gas.N2O).saturation_celsius(reading.exhaust_kpa)
    assert boiling < plant.truth.tip_celsius < boiling + 10.0


def test_an_exhaust_that_is_all_but_shut_never_holds_more_than_its_line() -> None:
    plant = plant_with()
    run(plant, 15.0, FULL)
    plant.faults["exhaust_blocked"] = 0.99
    pressures = []
    for _ in range(500):
        plant.advance(0.02, FULL)
        pressures.append(plant.sense().exhaust_kpa)
    assert max(pressures) < 4500.0
    assert pressures[-1] == pytest.approx(3_960.0, rel=0.05)
    assert abs(pressures[-1] - pressures[-50]) < 20.0  # settled, not hunting


def test_plug_of_ice_first_cools_then_warms() -> None:
    plant = plant_with()
    run(plant, 30.0, FULL)
    before = plant.truth.tip_celsius
    plant.faults.set("orifice_blocked", 1.0, ramp_s=40.0)
    coldest = before
    for _ in range(40):
        run(plant, 1.0, FULL)
        coldest = min(coldest, plant.truth.tip_celsius)
    assert coldest < before - 0.5
    assert plant.truth.tip_celsius > -20.0
    assert plant.sense().flow_mg_s < 5.0


def test_dry_ice_plugs_co2_and_never_n2o() -> None:
    flows = {}
    for gas in Gas:
        plant = plant_with(gas, dry_ice_plug=3.0)
        run(plant, 25.0, FULL)
        flows[gas] = plant.sense().flow_mg_s
    assert flows[Gas.N2O] > 250.0
    assert flows[Gas.CO2] < 30.0
    plant = plant_with(Gas.CO2, dry_ice_plug=3.0)
    run(plant, 25.0, FULL)
    plant.faults.clear()
    run(plant, 60.0, SHUT)
    run(plant, 1.0, FULL)
    assert plant.sense().flow_mg_s > 200.0


def test_empty_cylinder_falls_while_it_flows() -> None:
    plant = plant_with(supply_empty=1.0)
    run(plant, 1.0, SHUT)
    before = plant.sense().supply_kpa
    run(plant, 15.0, FULL)
    assert plant.sense().supply_kpa < 3800.0 < before
    plant.faults.clear()
    run(plant, 0.1, SHUT)
    assert plant.sense().supply_kpa == pytest.approx(5052.0, abs=20.0)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("vapour_only", 2550.0, 2620.0),
        ("cylinder_cold", 3450.0, 3560.0),
        ("cylinder_hot", 6900.0, 7050.0),
        ("cylinder_overfilled", 7600.0, 8050.0),
    ],
)
def test_cylinders(name: str, low: float, high: float) -> None:
    plant = plant_with(**{name: KNOBS[name].usual})
    run(plant, 2.0, SHUT)
    assert low < plant.sense().supply_kpa < high


def test_vapour_only_falls() -> None:
    plant = plant_with(vapour_only=2600.0)
    run(plant, 1.0, SHUT)
    before = plant.sense().supply_kpa
    run(plant, 60.0, FULL)
    assert plant.sense().supply_kpa < before - 50.0


def test_changing_the_cylinder_cures_it() -> None:
    plant = plant_with(vapour_only=2600.0)
    run(plant, 1.0, SHUT)
    plant.change_cylinder(2500.0)
    run(plant, 1.0, SHUT)
    assert plant.sense().supply_kpa == pytest.approx(5052.0, abs=20.0)
    assert plant.truth.contents_g == pytest.approx(2500.0, abs=1.0)
    assert "vapour_only" not in plant.faults
    with pytest.raises(ValueError, match="contents_g"):
        plant.change_cylinder(-1.0)


def test_pressure_tells_temperature_not_contents() -> None:
    readings = []
    for contents_g in (1000.0, 3000.0):
        readings.append(Plant(contents_g=contents_g, backend="numpy").sense().supply_kpa)
    assert readings[0] == pytest.approx(readings[1], abs=15.0)


@pytest.mark.parametrize(("gas", "target"), [(Gas.N2O, -70.0), (Gas.CO2, -60.0)])
def test_siphon_overdoses_and_chills_the_hose(gas: Gas, target: float) -> None:
    held = plant_with(gas, siphon=1.0)
    freeze(held, 30.0, target)
    hose = held.sense().hose_celsius
    assert hose is not None
    assert hose < -20.0
    full, healthy = plant_with(gas, siphon=1.0), plant_with(gas)
    for plant in (full, healthy):
        run(plant, 5.0, FULL)
    assert full.sense().flow_mg_s > 1.2 * healthy.sense().flow_mg_s
    assert full._cooler.drive.liquid_w > 2.0 * healthy._cooler.drive.liquid_w


def test_leak_shows_with_the_valve_shut() -> None:
    leaky, sound = plant_with(supply_leak=2.0), plant_with()
    for plant in (leaky, sound):
        run(plant, 30.0, Actuators(valve_duty=0.0, supply_isolated=True))
    assert sound.sense().supply_kpa == pytest.approx(5052.0, abs=15.0)
    assert leaky.sense().supply_kpa < 5052.0 - 50.0
    assert leaky.truth.released_g == pytest.approx(60.0, abs=0.5)


def test_poor_recuperator_is_slow_and_ends_near_minus_59() -> None:
    plant = plant_with(recuperator_poor=1.0)
    first = freeze(plant, 45.0)
    assert first.lowest_celsius > -55.0
    second = freeze(plant, 75.0)
    assert second.lowest_celsius == pytest.approx(-59.0, abs=2.0)


def test_valve_stuck() -> None:
    opened = plant_with(valve_stuck_open=1.0)
    run(opened, 10.0, SHUT)
    assert opened.truth.tip_celsius < -60.0
    assert opened.sense().valve_open
    run(opened, 20.0, Actuators(valve_duty=0.0, supply_isolated=True))
    assert opened.sense().flow_mg_s < 3.0
    closed = plant_with(valve_stuck_closed=1.0)
    run(closed, 10.0, FULL)
    assert closed.truth.tip_celsius > 36.0
    assert not closed.sense().valve_open


def test_active_thaw_that_fails_leaves_ice_at_60_s() -> None:
    plant = plant_with(warming_fails=1.0)
    freeze(plant, 60.0)
    run(plant, 60.0, Actuators(valve_duty=0.0, warming=True))
    assert plant.truth.ice_edge_mm > 3.0
    assert plant.truth.tip_celsius < 0.0


@pytest.mark.parametrize(
    ("name", "quality"),
    [("thermocouple_open", Quality.OPEN), ("thermocouple_short", Quality.SHORT)],
)
def test_broken_thermocouple_has_no_value(name: str, quality: Quality) -> None:
    plant = plant_with(**{name: 1.0})
    run(plant, 0.1, SHUT)
    reading = plant.sense()
    assert reading.tip_celsius is None
    assert reading.tip_quality is quality
    del plant.faults[name]
    run(plant, 0.1, SHUT)
    assert plant.sense().tip_celsius == pytest.approx(37.0, abs=1.0)


def test_lying_thermocouples() -> None:
    plant = plant_with(thermocouple_reversed=1.0)
    run(plant, 30.0, FULL)
    shown = plant.sense().tip_celsius
    assert shown == pytest.approx(2.0 * 20.0 - plant.truth.tip_celsius, abs=2.0)

    plant = plant_with(thermocouple_stuck=1.0)
    run(plant, 0.1, FULL)
    first = plant.sense().tip_celsius
    run(plant, 20.0, FULL)
    assert plant.sense().tip_celsius == first

    plant = plant_with(thermocouple_drift=0.5)
    run(plant, 20.0, SHUT)
    assert plant.sense().tip_celsius == pytest.approx(37.0 + 10.0, abs=1.0)


def test_noise_is_ten_times_itself() -> None:
    def spread(**faults: float) -> float:
        plant = plant_with(**faults)
        values = []
        for _ in range(400):
            plant.advance(0.02, SHUT)
            value = plant.sense().tip_celsius
            assert value is not None
            values.append(value)
        mean = sum(values) / len(values)
        return float((sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5)

    assert spread() == pytest.approx(0.2, rel=0.15)
    assert spread(thermocouple_noise=10.0) == pytest.approx(2.0, rel=0.15)


def test_shaft_leak_bubbles_in_water_only() -> None:
    for medium, seen in ((Medium.WATER, True), (Medium.TISSUE, False)):
        plant = Plant(medium=medium, backend="numpy")
        assert not plant.bubbles
        plant.faults["shaft_leak"] = 0.2
        run(plant, 1.0, FULL)
        assert plant.bubbles is seen


def test_shaft_leak_takes_cold_from_the_tip() -> None:
    tips = []
    for leak in (0.0, 0.5):
        plant = plant_with(shaft_leak=leak)
        run(plant, 30.0, FULL)
        tips.append(plant.truth.tip_celsius)
    assert tips[1] > tips[0] + 2.0


def test_warm_vessel_shrinks_the_ball_and_goes_away() -> None:
    edges = []
    for size in (0.0, 1.0):
        plant = plant_with(warm_vessel=size) if size else plant_with()
        run(plant, 120.0, FULL)
        edges.append(plant.truth.ice_edge_mm)
    assert edges[1] < 0.95 * edges[0]
    plant.faults.clear()
    run(plant, 120.0, FULL)
    assert plant.truth.ice_edge_mm > edges[1] + 1.0


def test_every_knob_can_be_turned_at_its_usual_size_without_breaking_the_plant() -> None:
    for name, knob in KNOBS.items():
        plant = plant_with(**{name: knob.usual})
        run(plant, 0.5, FULL)
        assert -95.0 < plant.truth.tip_celsius < 45.0, name


def test_ramps_sizes_and_names() -> None:
    faults = Faults()
    faults.set("exhaust_blocked", 0.8, ramp_s=10.0)
    seen = []
    for _ in range(12):
        faults.advance(1.0)
        seen.append(faults["exhaust_blocked"])
    assert seen[4] == pytest.approx(0.4)
    assert seen[-1] == 0.8
    settled = faults.version
    faults.advance(1.0)
    assert faults.version == settled  # nothing to read anew once a ramp has ended
    faults.set("exhaust_blocked", 0.0, ramp_s=4.0)
    faults.advance(2.0)
    assert faults["exhaust_blocked"] == pytest.approx(0.4)
    faults["exhaust_blocked"] = 0.1
    faults.advance(5.0)
    assert faults["exhaust_blocked"] == 0.1
    with pytest.raises(KeyError, match="known"):
        faults["no_such"] = 1.0
    for size in (1.5, -0.1, float("nan")):
        with pytest.raises(ValueError, match="exhaust_blocked"):
            faults["exhaust_blocked"] = size
    with pytest.raises(ValueError, match="ramp"):
        faults.set("exhaust_blocked", 0.5, ramp_s=-1.0)
    assert list(faults) == ["exhaust_blocked"]
    faults.clear()
    assert not faults

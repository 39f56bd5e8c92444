"""Patients, nerves, tissues and probes."""

from __future__ import annotations

import copy

import pytest
from physics_hold import FULL, SHUT, freeze, run

from simulator.physics import Gas, Medium, Plant
from simulator.physics.material import Material
from simulator.physics.patient import Felt, Nerve, Patient, draw_patient
from simulator.physics.presets import probe_kinds, tissue_sources, tissues


def test_draws_repeat_and_stay_within_a_fifth_of_the_book() -> None:
    seen = [draw_patient(seed) for seed in range(200)]
    assert seen[7] == draw_patient(7)
    assert len({patient.conductivity for patient in seen}) == 200
    for name in ("conductivity", "perfusion", "contact"):
        values = [getattr(patient, name) for patient in seen]
        assert 0.8 <= min(values) < 0.85
        assert 1.15 < max(values) <= 1.2


def test_book_patient_is_the_plain_material() -> None:
    assert Patient().tissue(Material()) == Material()
    assert tissues()["generic"] == Material()


def test_tissue_starts_as_warm_as_the_patient_and_a_phantom_as_warm_as_its_bench() -> None:
    fever = Plant(patient=Patient(initial_celsius=38.0), tissue=tissues()["muscle"])
    assert fever.truth.tip_celsius == pytest.approx(38.0)
    assert fever.temperature_at(2.0) == pytest.approx(38.0)
    for name, celsius in (("gel", 37.0), ("gel22", 22.0)):
        assert Plant(tissue=tissues()[name]).temperature_at(2.0) == pytest.approx(celsius)


def test_patients_differ_in_ice() -> None:
    edges = []
    for patient in (Patient(conductivity=0.8, contact=0.8), Patient(conductivity=1.2)):
        plant = Plant(patient=patient, backend="numpy")
        run(plant, 60.0, FULL)
        edges.append(plant.truth.ice_edge_mm)
    assert edges[1] > 1.1 * edges[0]


def test_nerve_is_felt_by_distance_and_silent_when_cold() -> None:
    nerve = Nerve(Patient(nerve_mm=2.4))
    threshold = nerve.sensory_threshold_ma()
    assert threshold == pytest.approx(0.5, abs=0.03)
    assert nerve.feels(0.4) is Felt.NOTHING
    assert nerve.feels(0.55) is Felt.USUAL_AREA
    assert nerve.feels(5.0) is Felt.PAINFUL
    assert not nerve.twitches(2.0)
    assert Nerve(Patient(motor_mm=3.0)).twitches(0.7)
    nerve.moved(2.4)
    touching = nerve.sensory_threshold_ma()
    assert touching is not None
    assert touching < 0.1
    assert nerve.sensory_threshold_ma(0.1) > touching  # shorter pulses need more
    nerve.advance(1.0, 5.0)
    assert nerve.feels(2.0) is Felt.NOTHING
    nerve.advance(60.0, 36.0)
    assert nerve.feels(0.2) is not Felt.NOTHING


def test_other_area_is_felt_elsewhere() -> None:
    nerve = Nerve(Patient(nerve_mm=5.0, other_mm=2.0))
    assert nerve.feels(0.6) is Felt.ELSEWHERE


def test_pain_goes_with_time_below_minus_20() -> None:
    nerve = Nerve(Patient(baseline_pain=8))
    assert nerve.pain == 8
    nerve.advance(30.0, -15.0)
    nerve.advance(60.0, 36.0)
    assert nerve.pain == 8  # warmer than -20 is unpredictable: here it does nothing lasting
    nerve.advance(20.0, -25.0)
    nerve.advance(60.0, 36.0)
    assert 0 < nerve.pain < 5
    nerve.advance(60.0, -40.0)
    nerve.advance(60.0, 36.0)
    assert nerve.pain == 0
    assert nerve.sensory_threshold_ma() is None


def test_nerve_in_the_plant_is_frozen_with_it() -> None:
    plant = Plant(backend="numpy")
    assert plant.nerve.pain == 7
    freeze(plant, 120.0)
    truth = plant.truth
    assert truth.nerve_celsius < -20.0
    assert 60.0 < truth.nerve_below_s < 120.0
    run(plant, 240.0, SHUT)
    assert plant.truth.nerve_celsius > 20.0
    assert plant.nerve.pain <= 1
    plant.move_probe(-1.0)
    assert plant.nerve.distance_mm == pytest.approx(2.5)
    assert plant.truth.tip_celsius == pytest.approx(37.0)


def test_at_least_five_probes_each_with_its_own_ice() -> None:
    kinds = probe_kinds()
    assert {1.4, 0.9, 1.3, 2.0} <= {round(2.0 * kind.radius_mm, 3) for kind in kinds.values()}
    assert len({kind.serial for kind in kinds.values()}) == len(kinds) >= 5
    assert kinds["long"] == Plant(backend="numpy").probe
    edges = {}
    for name, kind in kinds.items():
        plant = Plant(probe=kind, backend="numpy")
        seen = freeze(plant, 60.0)
        assert seen.to_target_s is not None, name
        assert seen.to_target_s < 40.0, name
        assert seen.lowest_celsius > -76.0, name
        edges[name] = plant.truth.ice_edge_mm
    assert edges["short"] < edges["needle"] < edges["fine"] < edges["wide"]
    assert len({round(edge, 2) for edge in edges.values()}) == len(kinds)


@pytest.mark.parametrize("name", ["generic", "muscle", "fat", "gel", "gel22"])
def test_tissues_freeze_and_have_a_source(name: str) -> None:
    assert len(tissue_sources()[name]) > 10
    plant = Plant(tissue=tissues()[name], backend="numpy")
    run(plant, 30.0, FULL)
    assert plant.truth.ice_edge_mm > 2.0


def test_checkpoint_goes_on_as_the_original_does() -> None:
    plant = Plant(Gas.CO2, seed=4, backend="numpy", medium=Medium.WATER)
    plant.faults.set("exhaust_blocked", 0.3, ramp_s=20.0)
    run(plant, 5.0, FULL)
    twin = copy.deepcopy(plant)
    run(plant, 5.0, SHUT)
    run(twin, 5.0, SHUT)
    assert twin.sense() == plant.sense()
    assert twin.truth == plant.truth
    run(plant, 5.0, FULL)
    assert twin.truth != plant.truth


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ({"cell_mm": 5.0}, "cell_mm"),
        ({"room_celsius": 90.0}, "room_celsius"),
        ({"contents_g": 9000.0}, "contents_g"),
        ({"patient": Patient(contact=3.0)}, "contact"),
    ],
)
def test_plants_that_cannot_be_are_refused(keys: dict[str, object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Plant(backend="numpy", **keys)  # type: ignore[arg-type]

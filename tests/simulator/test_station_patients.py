"""Whom the simulated probe stands in: a patient by seed, who feels, twitches and hurts."""

import pytest
from firmware_bed import Bed

from drivers.link.codes import DeviceState, EventCode, Gas, Result, Sensor
from drivers.link.messages import SetAmplitude, StimulationOff
from simulator.bench import Bench
from simulator.firmware import Drive
from simulator.options import main
from simulator.physics.material import Material
from simulator.physics.patient import Felt, Patient, draw_patient
from simulator.station import Station
from simulator.voice import Voice

TARGETS = {Gas.N2O: -70.0, Gas.CO2: -60.0}
LOWEST = {Gas.N2O: (-76.0, -68.0), Gas.CO2: (-66.0, -58.0)}
CORNERS = {
    "little heat": Patient(conductivity=0.8, perfusion=0.8, initial_celsius=36.0, contact=0.8),
    "much heat": Patient(conductivity=1.2, perfusion=1.2, initial_celsius=38.0, contact=1.2),
    "most ice": Patient(conductivity=1.2, perfusion=0.8, initial_celsius=36.0, contact=1.2),
    "least ice": Patient(conductivity=0.8, perfusion=1.2, initial_celsius=38.0, contact=0.8),
}


def opened(station: Station) -> Bed:
    """A host with an open session on it."""
    bed = Bed(firmware=station.firmware)
    bed.hello()
    bed.run(1_000)
    return bed


def asked(station: Station, bed: Bed, amplitude_ua: int, rate: int = 500, kind: int = 1) -> Voice:
    """What the patient says once that much is delivered."""
    assert bed.stimulate(rate=rate, kind=kind).result == Result.DONE
    assert bed.ask(SetAmplitude(amplitude_ua)) is Result.DONE
    bed.run(3_000)
    said = station.bench.voice()
    assert bed.ask(StimulationOff()) is Result.DONE
    bed.run(500)
    return said


def stimulated(station: Station, amplitude_ua: int, rate: int = 500, kind: int = 1) -> Voice:
    """The same on a console just switched on."""
    return asked(station, opened(station), amplitude_ua, rate, kind)


def test_the_seed_draws_the_patient_and_the_book_needs_saying() -> None:
    assert Bench(Gas.N2O, seed=7).plant.patient == draw_patient(7)
    assert Bench(Gas.N2O, seed=8).plant.patient == draw_patient(8)
    assert Station(Gas.CO2, seed=7, patient=Patient()).bench.plant.patient == Patient()


def test_each_nerve_of_a_patient_is_drawn_for_itself_and_the_body_is_one() -> None:
    bench, nerves = Bench(Gas.N2O, seed=7), set()
    for number in (2, 3, 1):
        bench.place_probe(number)
        here = bench.plant.patient
        assert here == draw_patient(7, number)
        assert here.tissue(Material()) == draw_patient(7).tissue(Material())
        nerves.add((here.nerve_mm, here.motor_mm, here.sensory_ma))
    assert len(nerves) == 3


def test_a_nerve_that_the_probe_is_placed_at_is_warm_and_was_never_frozen() -> None:
    bench = Bench(Gas.N2O, seed=7)
    bench.plant.nerve.advance(60.0, -40.0)
    assert bench.voice().pain == 0
    bench.place_probe(2)
    assert bench.voice().pain == draw_patient(7, 2).baseline_pain
    assert bench.plant.tip_celsius == pytest.approx(37.0, abs=1.0)
    for _ in range(3):
        bench.advance(1_000, Drive(valve_duty=1.0))
    assert bench.plant.tip_celsius < 0.0
    with pytest.raises(ValueError, match="frozen fast"):
        bench.place_probe(3)


def test_a_phantom_is_the_same_for_every_seed_and_has_nobody_to_ask() -> None:
    for seed in (1, 2):
        bench = Bench(Gas.N2O, seed=seed, tissue="gel22")
        assert bench.plant.patient == Patient()
        assert bench.plant.tip_celsius == pytest.approx(22.0)
        assert bench.voice() == Voice()


def test_a_nerve_is_felt_from_its_threshold_on() -> None:
    near = Patient(nerve_mm=1.5, other_mm=9.0, motor_mm=9.0)  # threshold 0.23 mA
    quiet = stimulated(Station(Gas.N2O, patient=near), 150)
    assert quiet == Voice(pain=7)
    assert stimulated(Station(Gas.N2O, patient=near), 350).felt is Felt.USUAL_AREA
    assert stimulated(Station(Gas.N2O, patient=near), 1_600).felt is Felt.PAINFUL


def test_another_area_answers_where_the_nerve_is_far() -> None:
    far = Patient(nerve_mm=8.0, other_mm=2.0, motor_mm=9.0)
    assert stimulated(Station(Gas.N2O, patient=far), 600).felt is Felt.ELSEWHERE


def test_a_muscle_twitches_only_by_a_motor_nerve() -> None:
    risky, safe = Patient(motor_mm=2.0), Patient(motor_mm=9.0)
    assert stimulated(Station(Gas.N2O, patient=risky), 1_000, 20, 2).twitch
    assert not stimulated(Station(Gas.N2O, patient=safe), 1_000, 20, 2).twitch


def test_nothing_is_felt_in_water_or_when_nothing_is_delivered() -> None:
    near = Patient(nerve_mm=1.0)
    assert stimulated(Station(Gas.N2O, patient=near), 700).felt is Felt.USUAL_AREA
    assert stimulated(Station(Gas.N2O, patient=near, medium="water"), 700) == Voice(pain=7)
    dead = Station(Gas.N2O, patient=near)
    dead.bench.set_knob("stimulator_offset", -700.0)
    bed = opened(dead)
    assert bed.stimulate().result == Result.DONE
    assert bed.ask(SetAmplitude(700)) is Result.DONE
    bed.run(500)
    assert dead.bench.voice().felt is Felt.NOTHING


def test_moving_the_probe_brings_the_nerve_nearer_but_not_while_it_is_frozen_fast() -> None:
    station = Station(Gas.N2O, patient=Patient(nerve_mm=3.5))
    bed = opened(station)
    assert asked(station, bed, 400).felt is Felt.NOTHING
    station.bench.move_probe(2.5)
    assert asked(station, bed, 400).felt is Felt.USUAL_AREA
    assert bed.start(freeze_ms=30_000).result == Result.DONE
    bed.run(10_000)
    with pytest.raises(ValueError, match="frozen fast"):
        station.bench.move_probe(1.0)


@pytest.mark.slow
def test_pain_goes_with_the_freeze_and_stays_away_after_the_thaw() -> None:
    station = Station(Gas.N2O, patient=Patient(nerve_mm=1.0, baseline_pain=8))
    bed = opened(station)
    assert station.bench.voice().pain == 8
    assert bed.start(freeze_ms=120_000).result == Result.DONE
    bed.run(360_000)
    assert bed.state is DeviceState.IDLE
    assert asked(station, bed, 700) == Voice(pain=0)


OUTERMOST = [(gas, corner) for gas in (Gas.N2O, Gas.CO2) for corner in CORNERS]
SHARE = [(Gas.CO2, "least ice")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("gas", "corner"),
    [pytest.param(*row, marks=() if row in SHARE else pytest.mark.seeds) for row in OUTERMOST],
)
def test_the_outermost_patients_are_healthy(gas: Gas, corner: str) -> None:
    station = Station(gas, seed=1, patient=CORNERS[corner])
    bed = opened(station)
    edges = []
    for _ in range(3):
        assert bed.start(target=TARGETS[gas], freeze_ms=120_000).result == Result.DONE
        bed.run(120_000)
        truth = station.bench.plant.truth
        edges.append(truth.ice_edge_mm)
        assert truth.minus20_mm < truth.ice_edge_mm
        bed.run(45_000)
    bed.run(315_000)  # free within six minutes of gas-off
    assert bed.state is DeviceState.IDLE
    assert not bed.events(EventCode.FAULT_RAISED)
    assert max(after for _, _, after in bed.events(EventCode.AT_TARGET)) < 40_000
    assert 7.0 < edges[0] < 12.0
    assert edges[0] < edges[1] < edges[2] < 14.0
    tips = [t.celsius(Sensor.TIP) for _, t in bed.telemetry if t.state == DeviceState.FREEZING]
    low, high = LOWEST[gas]
    assert low < min(tip for tip in tips if tip is not None) < high


def test_a_tissue_that_is_not_known_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--stdio", "--tissue", "bone"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "bone" in error
    with pytest.raises(ValueError, match="tissue: 'bone' is none of generic"):
        Bench(Gas.N2O, tissue="bone")

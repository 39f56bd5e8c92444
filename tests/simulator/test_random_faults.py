"""Procedures with random faults on the whole device: whatever is turned, physics stays physics.

No value that is not a number, no mass below nothing, no tip colder than its gas can make it, no
clock that drifts, no joule that is lost. Ten simulated minutes here, two hours in the full counts.
"""

import math
import random

import pytest
from firmware_bed import Bed

from drivers.link.codes import Action, DeviceState, Gas, Result, Timing
from drivers.link.messages import Answer, Arm, Reset, StartFreeze, Thaw, to_centikelvin
from simulator.knobs import KNOBS
from simulator.physics import Gas as PlantGas
from simulator.physics.gas import AMBIENT_KPA, gas_table
from simulator.station import DueFault, Station

TARGETS = {Gas.N2O: -70.0, Gas.CO2: -60.0}
PROCEDURE_MS = 240_000
LOOK_MS = 500
NOT_TURNED = ("maintenance_switch", "clock_drift")  # neither is a fault of a procedure's physics
COLDEST_K = 0.5
"""Below what the gas boils at in a chamber at room pressure: rounding of the tables."""


def turned(chance: random.Random) -> DueFault:
    """Some knob, to some size that it can have, at once or slowly."""
    name = chance.choice([name for name in KNOBS if name not in NOT_TURNED])
    knob = KNOBS[name]
    size = 1.0 if knob.unit == "on" else chance.uniform(knob.low, knob.high)
    if name == "hang":
        size = chance.uniform(100.0, 3_000.0)
    ramp_s = chance.choice([0.0, chance.uniform(1.0, 20.0)]) if knob.ramps else 0.0
    return DueFault(name, size, 0, ramp_s)


def assert_physical(station: Station, gas: Gas) -> None:
    plant = station.bench.plant
    truth, sensed = plant.truth, plant.sense()
    values = [truth.tip_celsius, truth.ice_edge_mm, truth.contents_g, truth.released_g,
              truth.cylinder_celsius, truth.nerve_celsius, sensed.supply_kpa, sensed.exhaust_kpa,
              sensed.flow_mg_s, sensed.hose_celsius or 0.0]  # fmt: skip
    assert all(math.isfinite(value) for value in values)
    assert sensed.tip_celsius is None or math.isfinite(sensed.tip_celsius)
    assert min(truth.contents_g, truth.released_g, truth.ice_edge_mm, sensed.flow_mg_s) >= 0.0
    table = gas_table(PlantGas.N2O if gas is Gas.N2O else PlantGas.CO2)
    assert truth.tip_celsius > table.saturation_celsius(AMBIENT_KPA) - COLDEST_K
    assert truth.tip_celsius < 45.0
    assert truth.minus20_mm <= truth.ice_edge_mm
    field = plant._field
    assert field is None or abs(field.energy_residual) < 1e-9


def started(bed: Bed, target: float, freeze_ms: int) -> None:
    """Tries to; a line with faults or a device with a reason may say no."""
    bed.beat()
    token = bed.send(Arm(Action.FREEZE))
    if isinstance(token, Answer) and token.result == Result.DONE:
        expires = bed.firmware.now_ms + 250
        plan = (to_centikelvin(target), Timing.FROM_START, 0, freeze_ms, 240_000)
        bed.send(StartFreeze(token.value, expires, *plan))


def procedure(seed: int, length_ms: int = PROCEDURE_MS) -> None:
    """Four minutes of freezes, thaws and faults, the console reset after each of its trips."""
    chance = random.Random(f"faults {seed}")
    gas = chance.choice([Gas.N2O, Gas.CO2])
    probe = chance.choice(["long", "short", "needle", "wide"])
    station = Station(gas, seed=seed, probe=probe)
    bed = Bed(station=station)
    released_g = 0.0
    for step in range(length_ms // LOOK_MS):
        if step % 20 == 0:
            if chance.random() < 0.4:
                for name in station.knobs():
                    station.clear(name)
            station.turn(turned(chance))
        if step % 4 == 0:
            if bed.firmware.device.link.session != bed.session:
                bed.hello()
            if bed.state is DeviceState.IDLE and bed.faults:
                bed.send(Reset())
            if bed.state in (DeviceState.IDLE, DeviceState.THAWING):
                if bed.state is DeviceState.THAWING and chance.random() < 0.3:
                    bed.send(Thaw(chance.choice([0, 1])))
                else:
                    started(bed, TARGETS[gas], 1_000 * chance.randint(2, 60))
        before_ms = station.firmware.world_ms
        bed.run(LOOK_MS)
        assert station.firmware.world_ms - before_ms == LOOK_MS
        assert station.bench.plant.elapsed_s * 1_000 == pytest.approx(
            station.firmware.world_ms, abs=50
        )
        assert station.bench.plant.truth.released_g >= released_g
        released_g = station.bench.plant.truth.released_g
        assert_physical(station, gas)


@pytest.mark.parametrize("seed", range(5))
def test_ten_minutes_of_random_faults(seed: int) -> None:
    procedure(seed, 120_000)


@pytest.mark.seeds
@pytest.mark.parametrize("seed", range(30))
def test_two_hours_of_random_faults(seed: int) -> None:
    procedure(seed)

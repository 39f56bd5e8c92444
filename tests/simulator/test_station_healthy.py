"""A healthy console raises nothing: tissue, water and air, both gases, refreezes after 45 s."""

import pytest
from firmware_bed import Bed

from drivers.link.codes import DeviceState, EventCode, FreezeEnd, Gas, Result, Sensor
from simulator.station import Station

TARGETS = {Gas.N2O: -70.0, Gas.CO2: -60.0}
OVERSHOOT = {Gas.N2O: -76.0, Gas.CO2: -68.0}


def healthy(gas: Gas, medium: str, seed: int, freezes: int, freeze_ms: int) -> None:
    bed = Bed(firmware=Station(gas, seed=seed, medium=medium).firmware)
    bed.hello()
    bed.run(1_000)
    for _ in range(freezes):
        assert bed.start(target=TARGETS[gas], freeze_ms=freeze_ms).result == Result.DONE
        bed.run(freeze_ms + 45_000)
    for _ in range(24):
        if bed.state is DeviceState.IDLE:
            break
        bed.run(10_000)
    assert not bed.events(EventCode.FAULT_RAISED)
    assert bed.state is DeviceState.IDLE
    ends = bed.events(EventCode.FREEZE_ENDED)
    assert [why for _, why, _ in ends] == [FreezeEnd.TIMER] * freezes
    arrivals = [after for _, _, after in bed.events(EventCode.AT_TARGET)]
    assert len(arrivals) == freezes
    assert max(arrivals) < 20_000
    tips = [t.celsius(Sensor.TIP) for _, t in bed.telemetry if t.state == DeviceState.FREEZING]
    assert min(tip for tip in tips if tip is not None) > OVERSHOOT[gas]


@pytest.mark.parametrize("medium", ["tissue", "water", "air"])
@pytest.mark.parametrize("gas", [Gas.N2O, Gas.CO2])
def test_two_freezes(gas: Gas, medium: str) -> None:
    healthy(gas, medium, seed=1, freezes=2, freeze_ms=30_000)


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed", [2, *(pytest.param(seed, marks=pytest.mark.seeds) for seed in (3, 4))]
)
def test_three_long_freezes(seed: int) -> None:
    healthy(Gas.N2O if seed % 2 else Gas.CO2, "tissue", seed, freezes=3, freeze_ms=120_000)


@pytest.mark.seeds
@pytest.mark.parametrize("seed", range(100))
def test_a_hundred_seeds(seed: int) -> None:
    gas = Gas.N2O if seed % 2 else Gas.CO2
    medium = ("tissue", "tissue", "water", "air")[seed // 2 % 4]
    healthy(gas, medium, seed, freezes=3, freeze_ms=120_000)

"""Which probe is plugged in: what its chip says, how it is spent, and that each can be held."""

import msgspec
import pytest
from firmware_bed import Bed

from drivers.link.codes import DeviceState, EventCode, Gas, Result
from drivers.link.messages import Probe, ReadProbe
from simulator.firmware import ProbeChip
from simulator.options import main
from simulator.physics.presets import probe_kinds
from simulator.station import Station

TARGETS = {Gas.N2O: -70.0, Gas.CO2: -60.0}
SHARE = [(Gas.N2O, "needle")]


def plugged(name: str, gas: Gas = Gas.N2O) -> Bed:
    bed = Bed(firmware=Station(gas, probe=name).firmware)
    bed.hello()
    bed.run(1_000)
    return bed


def said(bed: Bed) -> Probe:
    answer = bed.send(ReadProbe())
    assert isinstance(answer, Probe)
    return answer


@pytest.mark.parametrize("name", probe_kinds())
def test_its_chip_says_who_it_is(name: str) -> None:
    kind, probe = probe_kinds()[name], said(plugged(name))
    assert probe.present
    assert probe.model.rstrip(b"\0").decode() == kind.model
    assert probe.serial.rstrip(b"\0").decode() == kind.serial
    assert probe.diameter_um == round(2e3 * kind.radius_mm)
    assert probe.tip_length_um == round(1e3 * kind.length_mm)
    assert (probe.uses_left, probe.expires_day) == (kind.uses, kind.expires_day)


def test_the_usual_probe_is_the_chip_that_the_firmware_knows() -> None:
    probe = Station(Gas.N2O).bench.read().probe
    assert msgspec.to_builtins(probe) == msgspec.to_builtins(ProbeChip())


def test_one_use_is_one_procedure() -> None:
    bed = plugged("needle")
    for _ in range(2):
        assert bed.start(freeze_ms=10_000).result == Result.DONE
        bed.run(30_000)
    assert said(bed).uses_left == 0
    bed.run(120_000)
    assert bed.state is DeviceState.IDLE


def test_a_probe_without_limit_stays_so() -> None:
    bed = plugged("wide")
    assert bed.start(freeze_ms=10_000).result == Result.DONE
    bed.run(2_000)
    assert said(bed).uses_left == 255


@pytest.mark.slow
@pytest.mark.parametrize(
    ("gas", "name"),
    [
        pytest.param(gas, name, marks=() if (gas, name) in SHARE else pytest.mark.seeds)
        for gas in TARGETS
        for name in probe_kinds()
    ],
)
def test_each_is_held_at_its_target_without_an_alarm(gas: Gas, name: str) -> None:
    bed = plugged(name, gas)
    for _ in range(2):
        assert bed.start(target=TARGETS[gas], freeze_ms=60_000).result == Result.DONE
        bed.run(105_000)
    bed.run(300_000)
    assert not bed.events(EventCode.FAULT_RAISED)
    arrivals = [after for _, _, after in bed.events(EventCode.AT_TARGET)]
    assert len(arrivals) == 2
    assert max(arrivals) < 40_000
    assert bed.state is DeviceState.IDLE


def test_a_probe_that_is_not_known_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--stdio", "--probe", "spoon"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "spoon" in error

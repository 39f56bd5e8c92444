"""Every scenario that comes with the simulator does on the device what its title says."""

from collections.abc import Iterable
from typing import Any

import pytest
from firmware_bed import Bed

from drivers.link.codes import DeviceState, EventCode, Fault, Gas, Result, Sensor
from drivers.link.messages import SetAmplitude
from simulator.options import GASES, main
from simulator.physics.patient import Felt
from simulator.scenario import Scenario, found, shipped
from simulator.station import Station

F = Fault
LONG_S = 44
TARGETS = {Gas.N2O: -70.0, Gas.CO2: -60.0}
TRIPS = [
    # scenario, freezes in s (3 s thaw between them), fault, s from the last gas-on (least, most)
    ("blocked-exhaust", (3, 40), F.EXHAUST_BLOCKED, 20.2, 26),
    ("cylinder-runs-empty", (3, 60), F.SUPPLY_LOW, 30, 55),
    ("dry-ice-plug", (80,), F.FAILS_TO_COOL, 45, 65),
    ("hot-overfilled-cylinder", (), F.SUPPLY_EXTREME, 0, 1),
    ("link-drops", (40,), F.LEASE_LOST, 30.9, 31.1),
    ("orifice-ice", (50,), F.ORIFICE_BLOCKED, 35, 45),
    ("probe-unplugged", (3, 25), F.PROBE_MISSING, 20.1, 20.3),
    ("siphon-cylinder", (10,), F.SIPHON, 1, 5),
    ("thermocouple-lost", (35,), F.THERMOCOUPLE_OPEN, 30.1, 30.3),
    ("valve-stuck-closed", (20,), F.FAILS_TO_COOL, 15, 15.2),
    ("valve-stuck-open", (12,), F.FLOW_WHEN_SHUT, 14, 16),
]
QUIET = {
    "bad-line": (),
    "cold-cylinder": (),
    "device-restarts": (35,),
    "gel-bench": (5,),
    "healthy-co2": (10,),
    "healthy-n2o": (10,),
    "leaking-supply": (5,),
    "motor-nerve-near": (),
    "nerve-not-found": (),
    "noisy-line": (10,),
    "open-lead": (),
    "poor-recuperator": (30,),
    "thermocouple-drifts": (45,),
    "warm-vessel": (15,),
}


def opened(name: str) -> tuple[Station, Bed]:
    """A console with that scenario on it, and a host's session."""
    scenario = found(name)
    station = Station(
        GASES[scenario.gas or "n2o"],
        seed=scenario.seed,
        probe=scenario.probe,
        tissue=scenario.tissue,
        patient=scenario.patient_of(scenario.seed),
        faults=scenario.faults,
    )
    bed = Bed(station=station)
    bed.hello()
    bed.run(1_000)
    return station, bed


def frozen(station: Station, bed: Bed, freezes: tuple[int, ...]) -> int:
    """Makes the freezes, up to a trip; world ms of the last gas-on."""
    begun = bed.firmware.world_ms
    target = TARGETS[station.firmware.device.settings.gas]
    for index, seconds in enumerate(freezes):
        if index:
            bed.run(3_000)
        begun = bed.firmware.world_ms
        assert bed.start(target=target, freeze_ms=1_000 * seconds).result == Result.DONE
        for _ in range(seconds + 3):
            bed.run(1_000)
            if bed.faults or (index < len(freezes) - 1 and bed.state is DeviceState.THAWING):
                break
    return begun


def test_each_is_tried_here_and_has_a_title() -> None:
    assert sorted(shipped()) == sorted([*QUIET, *(name for name, *_ in TRIPS)])
    assert all(20 < len(title) < 100 for title in shipped().values())


def shared(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """The long ones are left to the full seeded counts."""
    return [
        pytest.param(*row, marks=pytest.mark.seeds) if sum(row[1]) > LONG_S else row for row in rows
    ]


@pytest.mark.parametrize(("name", "freezes", "fault", "least_s", "most_s"), shared(TRIPS))
def test_it_trips_the_device_in_its_freeze_for_its_reason(
    name: str, freezes: tuple[int, ...], fault: Fault, least_s: float, most_s: float
) -> None:
    station, bed = opened(name)
    begun = frozen(station, bed, freezes)
    assert bed.faults == fault
    bed.run(6_000)  # by then a line that was dead carries the event
    [(raised, *_)] = bed.events(EventCode.FAULT_RAISED)
    if freezes:
        assert least_s <= (raised - begun) / 1_000 <= most_s


@pytest.mark.parametrize(("name", "freezes"), shared(QUIET.items()))
def test_it_trips_nothing_on_the_device(name: str, freezes: tuple[int, ...]) -> None:
    station, bed = opened(name)
    boot = station.summary()["boot_id"]
    frozen(station, bed, freezes)
    assert not bed.faults
    sensed = station.bench.plant.sense()
    tips = [t.celsius(Sensor.TIP) for _, t in bed.telemetry if t.state == DeviceState.FREEZING]
    coldest = min((tip for tip in tips if tip is not None), default=99.0)
    match name:
        case "healthy-n2o" | "healthy-co2" | "noisy-line":
            assert len(bed.events(EventCode.AT_TARGET)) == 1
        case "cold-cylinder":
            assert sensed.supply_kpa < 3_800.0
        case "leaking-supply":
            assert sensed.supply_kpa < 5_052.0 - 25.0
        case "poor-recuperator":
            assert -62.0 < coldest < -45.0
        case "thermocouple-drifts":
            assert sensed.tip_celsius is not None
            assert sensed.tip_celsius > station.bench.plant.tip_celsius + 2.0
        case "device-restarts":
            assert station.summary()["boot_id"] != boot
            assert bed.state is not DeviceState.FREEZING
        case "gel-bench":
            assert station.bench.voice().pain is None
        case "warm-vessel":
            assert station.knobs() == {"warm_vessel": 1.0}


@pytest.mark.parametrize(
    ("name", "rate", "kind", "amplitude_ua"),
    [
        ("nerve-not-found", 500, 1, 500),
        ("motor-nerve-near", 20, 2, 1_000),
        ("open-lead", 500, 1, 500),
    ],
)
def test_the_stimulator_finds_what_it_says(
    name: str, rate: int, kind: int, amplitude_ua: int
) -> None:
    station, bed = opened(name)
    assert bed.stimulate(rate=rate, kind=kind).result == Result.DONE
    assert bed.ask(SetAmplitude(amplitude_ua)) is Result.DONE
    bed.run(2_000)
    said = station.bench.voice()
    assert bed.faults == (F.STIMULATOR_OPEN_LEAD if name == "open-lead" else F(0))
    assert said.twitch is (name == "motor-nerve-near")
    if name == "nerve-not-found":
        assert said.felt is Felt.NOTHING


def test_a_scenario_for_one_gas_is_refused_with_the_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--stdio", "--gas", "n2o", "--scenario", "dry-ice-plug"]) == 2
    assert "dry-ice-plug is a scenario for co2" in capsys.readouterr().err


def test_they_are_listed_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--scenarios"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == sorted(shipped())
    assert main(["--stdio", "--scenario", "gremlins"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert all(name in error for name in shipped())


def test_the_default_is_a_healthy_console() -> None:
    assert found("healthy-n2o").faults == Scenario().faults == ()

"""Scenario files, and the faults given on the command line."""

import pytest

from simulator.options import fault_of, main
from simulator.physics.patient import draw_patient
from simulator.scenario import Scenario, ScenarioError, found, parsed
from simulator.station import DueFault

GOOD = """
title = "all of it"
[device]
gas = "co2"
seed = 7
probe = "needle"
[patient]
medium = "water"
tissue = "muscle"
nerve_mm = 9.0
baseline_pain = 3
[[fault]]
name = "exhaust_blocked"
size = 0.9
at_s = 60.5
ramp_s = 5.0
[[fault]]
name = "siphon"
freeze = 2
at_s = 1.5
[lesson]
title = "for the trainer"
"""


def test_a_scenario_is_read() -> None:
    faults = (
        DueFault("exhaust_blocked", 0.9, 60_500, 5.0),
        DueFault("siphon", None, 1_500, 0.0, 2),
    )
    numbers = {"nerve_mm": 9.0, "baseline_pain": 3}
    good = Scenario("co2", 7, 0.5, "water", faults, "muscle", "needle", "all of it", numbers)
    assert parsed(GOOD, "x") == good
    assert parsed("", "x") == Scenario()


def test_its_patient_is_the_seeds_but_for_what_it_names() -> None:
    at = parsed(GOOD, "x").patient_of(7)
    assert at is not None
    for nerve in (1, 2):
        patient, drawn = at(nerve), draw_patient(7, nerve)
        assert (patient.nerve_mm, patient.baseline_pain) == (9.0, 3)
        assert (patient.conductivity, patient.motor_mm) == (drawn.conductivity, drawn.motor_mm)
    assert parsed("", "x").patient_of(7) is None


def test_a_shipped_one_is_found_by_name() -> None:
    assert found("blocked-exhaust").faults[0].name == "exhaust_blocked"


@pytest.mark.parametrize(
    "text",
    [
        "[patient]\nnerve_mm = -1.0",
        "[patient]\nnerve_mm = 'near'",
        "[patient]\nconductivity = nan",
        "[patient]\ntissue = 'gel'\nnerve_mm = 2.0",
        "[[fault]]\nname = 'siphon'\nfreeze = -1",
        "[[fault]]\nname = 'exhaust_blocked'\nramp_s = -1.0",
        "[[fault]]\nname = 'thermocouple_open'\nramp_s = 3.0",
        "gas =",
        "[device]\ngas = 'xenon'",
        "[device]\nseed = 'one'",
        "[device]\ncolour = 'red'",
        "[patient]\nmedium = 'jelly'",
        "[patient]\ntissue = 'bone'",
        "[device]\nprobe = 'spoon'",
        "[[fault]]\nname = 'gremlins'",
        "[[fault]]\nname = 'exhaust_blocked'\nsize = 3.0",
        "[[fault]]\nname = 'exhaust_blocked'\nat_s = -1.0",
        "[[fault]]\nname = 'exhaust_blocked'\nat_s = nan",
    ],
)
def test_nonsense_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(ScenarioError, match=r"^scenario bad\.toml: "):
        parsed(text, "bad.toml")


def test_faults_on_the_command_line() -> None:
    assert fault_of("siphon") == DueFault("siphon", None, 0)
    assert fault_of("exhaust_blocked=0.8@60.25") == DueFault("exhaust_blocked", 0.8, 60_250)
    assert fault_of("reboot@5") == DueFault("reboot", None, 5_000)
    assert fault_of("link_drop=0.3@5~10") == DueFault("link_drop", 0.3, 5_000, 10.0)
    assert fault_of("orifice_blocked~40") == DueFault("orifice_blocked", None, 0, 40.0)


@pytest.mark.parametrize("fault", ["exhaust_blocked~x", "exhaust_blocked~-1", "siphon~5", "hang~5"])
def test_a_ramp_that_cannot_be_is_one_line(fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--stdio", "--fault", fault]) == 2
    error = capsys.readouterr().err
    assert error.startswith("cryoprobe simulate: ")
    assert error.count("\n") == 1

"""`cryoprobe run` of a plan with stimulation: the simulated patient is asked, its answer is marked
as its own, and the site is frozen or not accordingly."""

import signal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from e2e_command import Command, cryoprobe, cryoprobe_here, plan_file
from e2e_line import Tap
from e2e_screen import plan
from e2e_simulator import Simulator
from e2e_wait import until
from test_e2e_seeds import NoEstimator

from console import config, headless
from console.control.client import ControlClient
from console.control.replay import check
from console.model.plan import Plan, StimulationPlan
from console.patient_beside import PatientBeside
from console.records import read_session
from drivers.link.codes import WelcomeFlag
from drivers.link.frame import Frame, decode, encode
from drivers.link.messages import Welcome, pack, read
from simulator.control_client import Control

FASTEST = "sim://n2o?speed=600"
PLAN = msgspec.structs.replace(plan((5, 0)), stimulation=StimulationPlan())
(SITE,) = PLAN.sites
OTHER = msgspec.structs.replace(SITE, nerve="sural")
TWO_NERVES = msgspec.structs.replace(PLAN, sites=(SITE, OTHER))


def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, port: str = FASTEST, chosen: Plan = PLAN
) -> dict[str, Any]:
    monkeypatch.setattr(headless.runner, "Estimator", NoEstimator)
    return headless.run(chosen, port, records=folder, open_channel=Control)


def answers(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(test["kind"], test["answer"], test["answered_by"]) for test in result["stimulation"]]


def test_a_patient_who_feels_it_and_does_not_move_is_frozen_nerve_after_nerve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(tmp_path, monkeypatch, chosen=TWO_NERVES)
    assert (result["outcome"], result["reason"]) == ("completed", None)
    assert answers(result) == 2 * [
        ("sensory", "felt in the usual pain area", "simulated patient"),
        ("motor", "no contraction", "simulated patient"),
    ]
    sensory, motor, of_other, _ = result["stimulation"]
    assert sensory["amplitude"] == pytest.approx(sensory["delivered"], abs=0.01)
    assert 0.1 <= sensory["amplitude"] <= 0.5
    assert motor["amplitude"] == 1.0
    assert of_other["amplitude"] != sensory["amplitude"], "another nerve"
    assert [cycle["site"] for cycle in result["cycles"]] == ["left saphenous", "left sural"]
    for cycle in result["cycles"]:
        assert cycle["start_tip_celsius"] == pytest.approx(36.0, abs=0.5), "fresh tissue"

    session = read_session(Path(result["journal"]).parent)
    told = [each.event.text for each in session.events]
    marked = [text for text in told if "test: " in text]
    assert len(marked) == 4
    assert all(text.endswith(", by the simulated patient.") for text in marked)
    assert "control" not in session.journals[0].header.port
    found = check(session.journals, config.limits(), as_recorded=True)
    assert (found.first_difference, found.notes) == (None, ())


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [
        ("nerve-not-found", "Sensory test: not felt by 0.50 mA: reposition the probe"),
        (
            "motor-nerve-near",
            "A muscle contracts here: move the probe and test again, or give a reason",
        ),
    ],
)
def test_a_site_that_is_not_confirmed_is_not_frozen(
    scenario: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(tmp_path, monkeypatch, f"{FASTEST}&scenario={scenario}")
    assert (result["outcome"], result["reason"]) == ("refused", reason)
    assert result["cycles"] == []
    assert result["stimulation"]


@pytest.mark.seeds
def test_a_site_whose_motor_loss_is_consented_to_is_frozen_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = msgspec.structs.replace(SITE, motor_loss_consented=True)
    chosen = msgspec.structs.replace(PLAN, sites=(taken,))
    result = run(tmp_path, monkeypatch, f"{FASTEST}&scenario=motor-nerve-near", chosen)
    assert result["outcome"] == "completed"
    assert answers(result)[1][:2] == ("motor", "contraction")


@pytest.mark.seeds
def test_an_open_lead_is_told_as_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(tmp_path, monkeypatch, f"{FASTEST}&scenario=open-lead")
    assert result["outcome"] == "refused"
    assert "Sensory test" in result["reason"]
    assert result["stimulation"][0]["answer"] is None


@pytest.mark.seeds
@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.seeds) for seed in range(2, 9))]
)
def test_the_same_patient_says_the_same_at_any_speed(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast, slow = (
        run(tmp_path / str(speed), monkeypatch, f"sim://n2o?seed={seed}&speed={speed}", TWO_NERVES)
        for speed in (600, 50)
    )
    fast.pop("journal")
    slow.pop("journal")
    assert fast == slow


# --- a further site -----------------------------------------------------------------------------

UNASKED = msgspec.structs.replace(TWO_NERVES, stimulation=None)


@pytest.mark.seeds
def test_the_probe_is_placed_for_a_further_site_where_nobody_is_asked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(tmp_path, monkeypatch, chosen=UNASKED)
    assert (result["outcome"], result["stimulation"]) == ("completed", [])
    first, second = (cycle["start_tip_celsius"] for cycle in result["cycles"])
    assert second == pytest.approx(first, abs=0.5)


@pytest.mark.seeds
def test_a_probe_that_cannot_be_placed_freezes_no_further_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FrozenFast(Control):
        def ask(self, **request: object) -> Any:
            if "place" in request:
                raise ValueError("the tip is at -5 °C: frozen fast, do not move")
            return super().ask(**request)

    monkeypatch.setattr(headless.runner, "Estimator", NoEstimator)
    result = headless.run(UNASKED, FASTEST, records=tmp_path, open_channel=FrozenFast)
    why = "The simulated probe is not placed: the tip is at -5 °C: frozen fast, do not move"
    assert (result["outcome"], result["reason"]) == ("aborted", why)
    assert [cycle["site"] for cycle in result["cycles"]] == ["left saphenous"]


# --- who is not asked ---------------------------------------------------------------------------


def stimulated(folder: Path) -> Path:
    path = plan_file(folder, [(5.0, 0.0)])
    path.write_text(path.read_text(encoding="utf-8") + "[stimulation]\n", encoding="utf-8")
    return path


def test_without_a_way_to_hear_the_patient_it_does_not_even_connect(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder, path = tmp_path / "records", stimulated(tmp_path)
    for told, words in (
        (("--port", "/dev/cryoprobe"), "/dev/cryoprobe: [stimulation] takes the answer of the sim"),
        (("--port", "/dev/cryoprobe", "--control", tmp_path / "gone"), "no simulator answers"),
        (("--port", "/dev/cryoprobe", "--control", path), "not a control file"),
        (("--port", "sim://n2o", "--control", tmp_path / "gone"), "in the address"),
    ):
        done = cryoprobe_here(capfd, "run", path, *told, "--records", folder)
        assert done.code == 2
        assert words in done.one_line()
    plain = plan_file(tmp_path, [(5.0, 0.0)])
    done = cryoprobe_here(capfd, "run", plain, "--port", "sim://n2o", "--control", path)
    assert done.code == 2
    assert "no [stimulation] and one site" in done.one_line()
    assert not folder.exists()


class RealTap(Tap):
    """Takes the mark SIMULATED off what the console says of itself."""

    _rest = b""

    def passed(self, data: bytes) -> bytes:
        *whole, self._rest = (self._rest + data).split(b"\0")
        return b"".join(self._real(each) for each in whole)

    @staticmethod
    def _real(raw: bytes) -> bytes:
        found = decode(raw)
        message = read(found) if isinstance(found, Frame) else None
        if not isinstance(found, Frame) or not isinstance(message, Welcome):
            return raw + b"\0"
        real = msgspec.structs.replace(message, flags=message.flags & ~WelcomeFlag.SIMULATED)
        return encode(msgspec.structs.replace(found, payload=pack(real)))


def test_a_real_console_is_refused_whoever_offers_to_answer(
    simulator: Simulator, tmp_path: Path
) -> None:
    tap = RealTap(simulator.port, tmp_path / "tapped")
    try:
        done = cryoprobe(
            "run", stimulated(tmp_path), "--port", tap.port, "--control", simulator.link,
            "--records", tmp_path / "records",
        )  # fmt: skip
    finally:
        tap.close()
    assert done.code == 2
    assert "is a real console" in done.one_line()
    assert simulator.log("stimulator", 1) == []


@pytest.mark.seeds
def test_a_simulator_that_runs_already_is_asked_by_its_own_channel(
    simulator: Simulator, tmp_path: Path
) -> None:
    command = Command(
        "run", stimulated(tmp_path), "--port", simulator.port, "--control", simulator.link,
        "--records", tmp_path / "records", "--json",
    )  # fmt: skip
    until(lambda: simulator.log("stimulator", 1), "the sensory test runs")
    command.signalled(signal.SIGINT)
    done = command.ended(30)
    assert done.code == 1
    assert done.json["outcome"] == "aborted"
    assert not simulator.device()["stimulator_on"]


# --- beside the window --------------------------------------------------------------------------


def test_the_patient_of_a_simulator_that_the_control_process_starts_is_heard_beside_it(
    tmp_path: Path,
) -> None:
    link, records = tmp_path / "control", tmp_path / "records"
    client = ControlClient(
        "sim://n2o", records=records, control=link,
        on_message=lambda message: None, on_gone=lambda words: None,
    )  # fmt: skip
    beside = PatientBeside(Control)
    beside.turn_to(link)
    client.start()
    try:
        until(lambda: beside.hear(True) is not None, "the patient is heard")
    finally:
        beside.hear(False)
        client.close()
    (folder,) = records.glob("2*")
    assert read_session(folder).journals[0].header.port == "sim://n2o"

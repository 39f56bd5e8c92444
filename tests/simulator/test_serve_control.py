"""The control channel: who may use it, what it does, what it refuses."""

import json
import stat
import sys
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import pytest
from serve_bed import Host, controlled, device, listening, simulator, until

from simulator.control_client import Control
from simulator.firmware import ProbeChip


@pytest.fixture
def control(tmp_path: Path):  # type: ignore[no-untyped-def]
    link = tmp_path / "control"
    with simulator("--tcp", ":0", "--control", str(link)) as process:
        listening(process)
        client = controlled(link)
        yield client
        client.close()
    assert not link.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="file modes")
def test_the_link_file_is_for_its_owner_alone(control: Control, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "control").stat().st_mode) == 0o600


def test_a_wrong_key_is_turned_away_and_the_right_one_still_works(
    control: Control, tmp_path: Path
) -> None:
    said = json.loads((tmp_path / "control").read_text())
    with pytest.raises(AuthenticationError):
        Client(said["address"], authkey=b"wrong")
    another = Control(tmp_path / "control")
    assert another.ask(get="knobs") == {}
    another.close()


def test_it_tells_truth_knobs_and_device(control: Control) -> None:
    truth = control.ask(get="truth")
    assert truth["medium"] == "tissue"
    assert truth["tip_celsius"] == pytest.approx(37.0, abs=1.0)
    assert "exhaust_blocked" in control.ask(get="known")
    found = device(control)
    assert (found["state"], found["valve_open"], found["lease_left_ms"]) == ("IDLE", False, 0)


def test_knobs_are_set_and_cleared(control: Control) -> None:
    assert control.ask(set={"exhaust_blocked": 0.5, "link_drop": None}) == {
        "exhaust_blocked": 0.5,
        "link_drop": 0.05,
    }
    control.ask(clear="link_drop")
    assert control.ask(set={"exhaust_blocked": 0}) == {}
    assert control.ask(set={"probe_unplugged": 1}) == {"probe_unplugged": 1.0}
    assert ProbeChip().serial  # the chip itself is unharmed
    control.ask(clear="probe_unplugged")
    assert control.ask(get="knobs") == {}


def test_the_medium_is_changed(control: Control) -> None:
    assert control.ask(medium="water") == {"medium": "water"}
    assert control.ask(get="truth")["medium"] == "water"


def test_the_probe_is_moved_and_the_patient_asked(control: Control) -> None:
    said = control.ask(get="patient")
    assert (said["felt"], said["twitch"]) == ("nothing", False)
    assert said["pain"] in range(5, 11)
    assert control.ask(move=-1.5) == {"move": -1.5}
    assert control.ask(medium="air") == {"medium": "air"}
    assert control.ask(place=2) == {"place": 2}
    assert control.ask(get="truth")["medium"] == "tissue"


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"get": "secrets"},
        {"get": ["truth"]},
        {"set": {"gremlins": 1}},
        {"set": {"exhaust_blocked": 5}},
        {"set": {"exhaust_blocked": "much"}},
        {"set": {"exhaust_blocked": True}},
        {"set": [1]},
        {"set": {"exhaust_blocked": 0.5}, "ramp_s": -1},
        {"clear": "gremlins"},
        {"medium": "jelly"},
        {"move": "nearer"},
        {"move": True},
        {"move": 51.0},
        {"place": 0},
        {"place": 101},
        {"place": 1.5},
        {"place": True},
    ],
    ids=str,
)
def test_nonsense_is_refused_in_words(request_: dict[str, object], control: Control) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        control.ask(**request_)
    assert control.ask(get="knobs") == {}


def test_bytes_that_are_no_json_are_refused(control: Control) -> None:
    control._connection.send_bytes(b"\xff\xfe not json")
    assert "error" in json.loads(control._connection.recv_bytes())
    control._connection.send_bytes(b"[1, 2]")
    assert "error" in json.loads(control._connection.recv_bytes())
    assert control.ask(get="knobs") == {}


def test_sim_urls_open_it_and_lockstep_answers_it_while_time_stands(tmp_path: Path) -> None:
    link = tmp_path / "control"
    host = Host(f"sim://n2o?pace=lockstep&control={link}")
    try:
        control = controlled(link)
        assert device(control)["device_ms"] == 0
        host.hello()
        host.run_to(500)
        host.beats = False
        until(lambda: device(control)["device_ms"] >= 500)
        control.ask(set={"reboot": None})
        assert device(control)["device_ms"] == 0
        control.close()
    finally:
        host.close()

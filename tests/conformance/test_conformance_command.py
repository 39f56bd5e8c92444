"""`cryoprobe conform`, `monitor` and `corrupt` as they are typed."""

import hashlib
import json
import os
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from click.testing import Result as Ran
from typer.testing import CliRunner

from console.commands import link
from drivers.conformance import CHECKS, Tier
from drivers.conformance.corrupting import counted
from drivers.link.codes import HelloFlag
from drivers.link.frame import Deframer, Frame, encode
from drivers.link.messages import (
    SCHEMA_HASH,
    VERSION_MAJOR,
    VERSION_MINOR,
    Hello,
    Stop,
    Telemetry,
    pack,
    read,
)
from drivers.monitor import Line, watched_port
from tests.conformance.device import ROOT, bad, conform, console

SIMULATOR = "sim://n2o?speed=4&cell_mm=1"


def typed(*arguments: str) -> Ran:
    app = typer.Typer()
    link.register(app)
    return CliRunner().invoke(app, arguments)


def cannot(ran: Ran, *words: str) -> None:
    """It could not run, and said why in one line."""
    assert ran.exit_code == 2
    assert len(ran.stderr.splitlines()) == 1, ran.stderr
    assert "Traceback" not in ran.output
    for word in words:
        assert word in ran.stderr


# --- conform --------------------------------------------------------------------------------------


def test_the_json_and_the_report_have_the_same_hash(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    ran = typed(
        "conform", "--port", SIMULATOR, "--tier", "codec", "--report", str(report), "--json"
    )
    assert ran.exit_code == 0
    said = json.loads(ran.stdout)
    codec = [check.id for check in CHECKS if check.tier is Tier.CODEC]
    assert [one["id"] for one in said["checks"]] == codec
    assert all(one.keys() == {"id", "tier", "passed", "detail"} for one in said["checks"])
    assert (said["passed"], said["failed"], said["skipped"]) == (len(codec), 0, 0)
    assert said["report_sha256"] == hashlib.sha256(report.read_bytes()).hexdigest()
    assert "SIMULATED N2O SIM-N2O-0001" in report.read_text(encoding="utf-8")


def test_one_check_by_its_id() -> None:
    ran = typed("conform", "--port", SIMULATOR, "--check", "codec.hello")
    assert ran.exit_code == 0
    assert "pass  codec.hello" in ran.stdout
    assert "1 passed, 0 failed, 0 skipped" in ran.stdout


def test_a_failed_check_is_exit_1(tmp_path: Path) -> None:
    with console("the-serial-number-ends-in-spaces", ("--pty", str(tmp_path / "port"))) as port:
        ran = typed("conform", "--port", port, "--tier", "codec", "--json")
    assert ran.exit_code == 1
    said = json.loads(ran.stdout)
    assert [one["id"] for one in said["checks"] if not one["passed"]] == ["codec.welcome"]


def test_a_silent_device_fails_every_check() -> None:
    master, slave = os.openpty()
    try:
        ran = typed("conform", "--port", os.ttyname(slave), "--json")
    finally:
        os.close(master)
        os.close(slave)
    assert ran.exit_code == 1
    said = json.loads(ran.stdout)
    assert said["failed"] == len(CHECKS)
    assert said["checks"][0]["detail"].startswith("not made: ")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--port", "/dev/no-such-port"), "not there"),
        (("--port", SIMULATOR, "--tier", "codec,nothing"), "nothing: no such tier"),
        (("--port", SIMULATOR, "--check", "codec.nothing"), "no such check"),
        (("--port", SIMULATOR, "--tier", "codec", "--check", "safety.end"), "not in tier codec"),
        (("--port", SIMULATOR, "--report", "/no/such/folder/report"), "/no/such/folder"),
        (("--port", "sim://n2o?pace=lockstep", "--tier", "safety"), "pace=wall"),
    ],
)
def test_what_cannot_run_is_one_line_and_exit_2(arguments: tuple[str, ...], word: str) -> None:
    cannot(typed("conform", *arguments), word)


def test_a_check_that_cannot_be_made_is_no_success() -> None:
    ran = typed("conform", "--port", SIMULATOR, "--check", "safety.reboot", "--json")
    cannot(ran, "maintenance switch")
    assert json.loads(ran.stdout)["checks"][0]["passed"] is None


def test_a_real_console_needs_water_and_maintenance(tmp_path: Path) -> None:
    with console("real", ("--pty", str(tmp_path / "port")), switch=False) as port:
        cannot(typed("conform", "--port", port), "--probe-in-water")
        cannot(typed("conform", "--port", port, "--probe-in-water"), "maintenance switch")
        assert typed("conform", "--port", port, "--check", "codec.hello").exit_code == 0


@pytest.mark.slow
@pytest.mark.seeds
def test_a_real_console_in_maintenance_passes(tmp_path: Path) -> None:
    # Nothing hurries it, and in maintenance one check of the codec tier says nothing.
    with console("real", ("--pty", str(tmp_path / "port"))) as port:
        outcomes = conform(port, without=["safety.stimulator-minute"], in_water=True)
    assert set(bad(outcomes)) == {"codec.maintenance-only", "transport.time-stands"}
    assert not any(one.passed is False for one in outcomes)


def test_every_check_names_a_heading_of_the_document() -> None:
    document = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    headings = {line.lstrip("# ") for line in document.splitlines() if line.startswith("#")}
    assert {check.section for check in CHECKS} <= headings
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert all(check.id.startswith(f"{check.tier}.") for check in CHECKS)
    assert all(check.demand.endswith(".") for check in CHECKS)


# --- monitor --------------------------------------------------------------------------------------


def telemetry(state: int, actuators: int = 2) -> bytes:
    message = Telemetry(state, actuators, 0, 31_000, 0, 0, 5_000, 101, 0, 0, 0, 0, 0, 0, 0)
    return encode(Frame(Telemetry.KIND, 1, 0, 50, pack(message)))


def test_a_recording_is_decoded_frame_by_frame(tmp_path: Path) -> None:
    stop = encode(Frame(Stop.KIND, 7, 0x5EED0001, 0, b""))
    unknown = encode(Frame(0xF0, 1, 2, 3, b"\x01"))
    recording = tmp_path / "raw"
    recording.write_bytes(telemetry(1) + b"noise\0" + stop + unknown)
    ran = typed("monitor", "--file", str(recording), "--json")
    assert ran.exit_code == 0
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [one.get("kind") for one in told] == ["Telemetry", None, "Stop", "0xF0"]
    assert told[0]["fields"]["tip_centikelvin"] == 31_000
    assert told[0]["hex"] == telemetry(1).hex()
    assert told[1] == {"hex": b"noise".hex(), "flaw": "TOO_SHORT"}
    assert (told[2]["direction"], told[2]["sequence"]) == ("host", 7)
    text = typed("monitor", "--file", str(recording)).stdout
    assert "IDLE, tip 36.85 °C, supply 50.0 bar, exhaust 1.0 bar, flow 0 mg/s" in text
    assert stop.hex() in text


@pytest.fixture
def terminal() -> Iterator[tuple[int, str]]:
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    yield master, os.ttyname(slave)
    os.close(master)
    os.close(slave)


def test_the_monitor_ends_nothing_that_runs(terminal: tuple[int, str]) -> None:
    master, url = terminal
    seen = watched_port(url, for_s=20)
    for running in (telemetry(2, 3), telemetry(4, 10), telemetry(3, 4), telemetry(5)):
        os.write(master, running)
        assert next(seen).kind == "Telemetry"
        with pytest.raises(BlockingIOError):
            os.read(master, 100)
    os.write(master, telemetry(3))
    told: list[Line] = []
    while not told or told[-1].kind != "Hello":
        told.append(next(seen))
    found = Deframer().feed(os.read(master, 100))
    assert [read(one) for one in found if isinstance(one, Frame)] == [
        Hello(VERSION_MAJOR, VERSION_MINOR, HelloFlag.READ_ONLY, 0, SCHEMA_HASH)
    ]
    seen.close()


def test_what_the_monitor_keeps_it_can_read_again(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    live = typed("monitor", "--port", SIMULATOR, "--for", "4", "--raw", str(raw), "--json")
    assert live.exit_code == 0
    again = typed("monitor", "--file", str(raw), "--json")
    from_device = [line for line in live.stdout.splitlines() if '"host"' not in line]
    assert again.stdout.splitlines() == from_device
    assert any('"Welcome"' in line for line in from_device)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "--port or --file"),
        (("--port", "a", "--file", "b"), "--port or --file"),
        (("--file", "/no/such/file"), "/no/such/file"),
        (("--file", "x", "--for", "1"), "belong to --port"),
        (("--port", SIMULATOR, "--for", "nan"), "no number of seconds"),
        (("--port", "/dev/no-such-port"), "not there"),
        (("--port", SIMULATOR, "--raw", "/no/such/folder/raw"), "/no/such/folder"),
    ],
)
def test_a_monitor_that_cannot_run_says_why(arguments: tuple[str, ...], word: str) -> None:
    cannot(typed("monitor", *arguments), word)


# --- corrupt --------------------------------------------------------------------------------------


def test_no_corrupted_frame_passes() -> None:
    ran = typed("corrupt", "--frames", "200000", "--json")
    assert ran.exit_code == 0
    said = json.loads(ran.stdout)
    assert said["frames"] == 200_000
    assert said["undetected"] == 0
    assert said["flips"] + said["bursts"] + said["truncations"] + said["joins"] == 200_000


def test_the_same_seed_corrupts_the_same_frames() -> None:
    first, second, other = (counted(60_000, seed) for seed in (3, 3, 4))
    for counts in (first, second, other):
        del counts["frames_per_s"], counts["workers"]
    assert first == second != other


def test_a_count_that_cannot_be_made_says_why() -> None:
    cannot(typed("corrupt", "--frames", "0"), "--frames: 0")

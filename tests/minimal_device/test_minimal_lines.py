"""The minimal device on real lines, and a whole procedure of the application against it."""

import contextlib
import json
import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.minimal_device.messages import wire
from tests.minimal_device.minimal_kit import HELLO, SESSION, Said, decode

ROOT = Path(__file__).parents[2]
CRYOPROBE = Path(sys.executable).with_name("cryoprobe")
PLAN = """\
target_celsius = -70.0
timing = "from_start"
thaw_end = "time"
next_freeze = "auto"
[[sites]]
nerve = "saphenous"
side = "left"
[[sites.cycles]]
freeze_s = 10
thaw_s = 10
[[sites.cycles]]
freeze_s = 10
thaw_s = 10
"""


@contextlib.contextmanager
def serving(*wanted: str) -> Iterator[tuple[subprocess.Popen, str]]:
    """The device in a process of its own, and the first line that it prints."""
    command = [sys.executable, "-m", "tests.minimal_device", *wanted]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe) as process:
        try:
            told = b"" if "--stdio" in wanted else process.stdout.readline()
            yield process, told.decode().strip()
        finally:
            process.kill()


def greeted(reads: int, writes: int, within_s: float = 10.0) -> list[Said]:
    """Hello, again and again until the Welcome comes: a device that boots answers nothing."""
    until, heard = time.monotonic() + within_s, b""
    with selectors.DefaultSelector() as selector:
        selector.register(reads, selectors.EVENT_READ)
        while time.monotonic() < until:
            os.write(writes, b"\0" + wire("Hello", 1, SESSION, 0, HELLO))
            again = time.monotonic() + 0.2
            while (left := again - time.monotonic()) > 0 and selector.select(left):
                heard += os.read(reads, 4_096)
                whole = decode(heard[: heard.rfind(b"\0") + 1])
                if any(said.name == "Welcome" for said in whole):
                    return whole
    raise AssertionError(f"no Welcome within {within_s} s")


def test_on_standard_input_and_output():
    with serving("--stdio") as (process, _):
        said = greeted(process.stdout.fileno(), process.stdin.fileno())
    assert said[-1].session == SESSION


def test_on_tcp_for_one_host_after_the_other():
    with serving("--tcp", "127.0.0.1:0") as (_, told):
        address = ("127.0.0.1", int(told.rpartition(":")[2]))
        for _ in range(2):
            with socket.create_connection(address, timeout=10) as line:
                assert greeted(line.fileno(), line.fileno())


def test_on_a_pseudo_terminal(tmp_path):
    with serving("--pty", str(tmp_path / "probe")) as (_, told):
        assert told == f"pseudo-terminal {tmp_path / 'probe'}"
        line = os.open(tmp_path / "probe", os.O_RDWR | os.O_NOCTTY)
        try:
            assert greeted(line, line)
        finally:
            os.close(line)


def procedure(port: str, folder: Path) -> dict:
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    command = [CRYOPROBE, "run", folder / "plan.toml", "--port", port]
    ran = subprocess.run(
        [*command, "--records", folder / "records", "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def compare(outcome: dict) -> None:
    assert outcome["outcome"] == "completed"
    assert outcome["simulated"]
    assert outcome["released"]
    assert outcome["alarms"] == []
    assert [cycle["freeze_s"] for cycle in outcome["cycles"]] == [10.0, 10.0]
    for cycle in outcome["cycles"]:
        assert -71 < cycle["lowest_tip_celsius"] < -67


@pytest.mark.parametrize("over", ["tcp", "pty"])
def test_a_whole_procedure_in_lockstep(over, tmp_path):
    where = "127.0.0.1:0" if over == "tcp" else str(tmp_path / "probe")
    with serving(f"--{over}", where, "--lockstep", "--speed", "600") as (_, told):
        port = f"socket://{told.split()[-1]}" if over == "tcp" else where
        compare(procedure(port, tmp_path))


@pytest.mark.slow
def test_the_conformance_suite_finds_nothing():
    with serving("--tcp", "127.0.0.1:0", "--maintenance-switch") as (_, told):
        port = f"socket://{told.split()[-1]}"
        command = [CRYOPROBE, "conform", "--port", port, "--json"]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr

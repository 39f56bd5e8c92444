"""Each line serves: standard input and output, pseudo-terminal, TCP; and how each ends."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from serve_bed import Host, controlled, device, listening, simulator, until

from drivers.link.codes import DeviceState, WelcomeFlag
from drivers.link.frame import Deframer, Flaw, Frame, encode
from drivers.link.messages import (
    SCHEMA_HASH,
    Heartbeat,
    Hello,
    SetTelemetryRate,
    SetTimeScale,
    Welcome,
    pack,
)
from drivers.transport import PortError

posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals and signals")


@posix
def test_a_pseudo_terminal_serves_one_host_after_another(tmp_path: Path) -> None:
    link = tmp_path / "console"
    with simulator("--pty", str(link)) as process:
        assert listening(process) == str(link)
        for session in (5, 6):
            host = Host(str(link), session)
            welcome = host.hello()
            assert welcome.flags & WelcomeFlag.SIMULATED
            assert not welcome.flags & WelcomeFlag.LOCKSTEP
            host.listen_until(lambda host=host: len(host.telemetry) > 3)
            host.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert not link.is_symlink()


@posix
def test_the_terminal_is_raw(tmp_path: Path) -> None:
    import termios

    link = tmp_path / "console"
    with simulator("--pty", str(link)) as process:
        listening(process)
        terminal = os.open(link, os.O_RDWR | os.O_NOCTTY)
        try:
            attributes = termios.tcgetattr(terminal)
        finally:
            os.close(terminal)
        assert not attributes[3] & (termios.ECHO | termios.ICANON | termios.ISIG)
        assert not attributes[1] & termios.OPOST
        assert not attributes[0] & (termios.ICRNL | termios.IXON)


def test_tcp_serves_one_host_at_a_time() -> None:
    with simulator("--tcp", "127.0.0.1:0") as process:
        url = listening(process)
        first = Host(url)
        first.hello()
        host, port = url.removeprefix("socket://").split(":")
        with socket.create_connection((host, int(port))) as second:
            second.settimeout(10)
            assert second.recv(100) == b""
        first.close()

        def again() -> Host | None:
            try:
                third = Host(url, session=9)
                third.hello()
            except (PortError, OSError, AssertionError):
                return None
            return third

        until(again).close()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


@posix
def test_a_serial_port_serves() -> None:
    """A pseudo-terminal stands for the port; the test is the other end of the cable."""
    cable, port = os.openpty()
    with simulator("--serial", os.ttyname(port)) as process:
        assert listening(process) == os.ttyname(port)
        os.write(cable, encode(Frame(Hello.KIND, 1, 5, 0, pack(Hello(1, 0, 0, 0, SCHEMA_HASH)))))
        deframer = Deframer()
        heard: list[Frame | Flaw] = []
        while not any(isinstance(one, Frame) and one.kind == Welcome.KIND for one in heard):
            heard += deframer.feed(os.read(cable, 4_096))
        assert not any(isinstance(one, Flaw) for one in heard)
    os.close(cable)
    os.close(port)


def test_a_port_number_alone_is_this_computer_alone() -> None:
    with simulator("--tcp", ":0") as process:
        assert listening(process).startswith("socket://127.0.0.1:")


def test_standard_output_carries_the_line_only() -> None:
    host = Host("sim://n2o?seed=3")
    try:
        assert host.hello().serial.startswith(b"SIM-N2O")
        host.listen_until(lambda: len(host.telemetry) > 5)
    finally:
        host.close()


@posix
@pytest.mark.slow
def test_unplugged_standard_input_runs_on_to_idle_and_exits(tmp_path: Path) -> None:
    link = tmp_path / "control"
    with simulator(
        *("--stdio", "--control", str(link)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        control = controlled(link)
        began = until(lambda: device(control)["device_ms"] > 0)
        assert began
        process.stdin.close()
        unplugged = device(control)["device_ms"]
        until(lambda: process.poll() is not None, 20)
        assert process.returncode == 0
        assert unplugged < 5_000
        control.close()


@posix
@pytest.mark.slow
def test_a_reader_that_stops_reading_never_stops_the_device(tmp_path: Path) -> None:
    link = tmp_path / "control"
    with simulator(
        *("--stdio", "--speed", "10", "--control", str(link)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ):
        control = controlled(link)
        # Far more telemetry than the pipe and the buffer hold.
        until(lambda: device(control)["device_ms"] > 75_000, 60)
        control.close()


@posix
def test_garbage_does_nothing(tmp_path: Path) -> None:
    port, link = tmp_path / "console", tmp_path / "control"
    with simulator("--pty", str(port), "--control", str(link)) as process:
        listening(process)
        control = controlled(link)
        host = Host(str(port))
        host.hello()
        host.port.write(bytes(range(256)) * 4 + b"\0")
        until(lambda: device(control)["bad_frames"] > 0)
        found = device(control)
        assert (found["state"], found["faults"]) == (DeviceState.IDLE.name, [])
        host.listen_until(lambda: len(host.telemetry) > 3)
        control.close()
        host.close()


@posix
def test_paused_it_sends_frames_with_an_unchanged_stamp(tmp_path: Path) -> None:
    link = tmp_path / "control"
    host = Host(f"sim://n2o?control={link}")
    try:
        host.hello()
        assert host.ask(SetTimeScale(0)).result == 0
        host.listen_until(lambda: len({at for at, _ in host.telemetry[-5:]}) == 1)
        control = controlled(link)
        stands = device(control)["device_ms"]
        before = len(host.telemetry)
        host.listen_until(lambda: len(host.telemetry) > before + 10)
        assert device(control)["device_ms"] == stands
        assert host.ask(SetTimeScale(300)).result == 0
        host.listen_until(lambda: host.stamp > stands + 1_000)
        control.close()
    finally:
        host.close()


def test_lockstep_says_so_and_keeps_its_blocks() -> None:
    host = Host("sim://n2o?pace=lockstep")
    try:
        assert host.hello().flags & WelcomeFlag.LOCKSTEP
        assert host.ask(SetTelemetryRate(19)).result != 0
        host.run_to(1_000)
        stamps = [at for at, _ in host.telemetry]
        assert stamps == list(range(0, stamps[-1] + 1, 50))
        host.beats = False
        before = host.stamp
        host.send(SetTelemetryRate(20))
        host.listen_until(lambda: host.answers[-1].KIND == 0x80)
        host.listen()
        assert host.stamp <= before + 50
    finally:
        host.close()


def lockstep_session(seed: int, freeze_ms: int = 12_000) -> bytes:
    host = Host(f"sim://n2o?pace=lockstep&seed={seed}")
    try:
        host.hello()
        host.run_to(500)
        # Asked while the device stands still: a command behind its heartbeat would race with time.
        host.beats = False
        host.run_to(550)
        host.freeze(freeze_ms=freeze_ms)
        host.beats = True
        host.send(Heartbeat(host.stamp))
        host.run_to(20_000)
        return host.raw
    finally:
        host.close()


def test_lockstep_gives_the_same_bytes_for_the_same_seed() -> None:
    first, second = lockstep_session(1), lockstep_session(1)
    same = min(len(first), len(second))
    assert same > 10_000
    assert first[:same] == second[:same]
    assert lockstep_session(2)[:same] != first[:same]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--gas", "xenon"],
        ["--speed", "11"],
        ["--speed", "nan"],
        ["--speed", "fast"],
        ["--pace", "lockstep", "--speed", "0"],
        ["--seed", "1.5"],
        ["--cell-mm", "0"],
        ["--tcp", "nowhere"],
        ["--tcp", "127.0.0.1:99999"],
        ["--serial", "/dev/no-such-port"],
        ["--fault", "gremlins"],
        ["--fault", "exhaust_blocked=2"],
        ["--fault", "exhaust_blocked=much"],
        ["--fault", "exhaust_blocked@-1"],
        ["--scenario", "no-such-scenario"],
        ["--tcp", ":0", "--stdio"],
        ["--no-such-option"],
        ["--pty", "/no/such/folder/link"],
        ["--tcp", ":0", "--control", "/no/such/folder/link"],
    ],
    ids=" ".join,
)
def test_bad_input_is_one_line_and_exit_2(
    arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    from simulator.options import main

    assert main(arguments) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith("cryoprobe simulate: ")
    assert said.err.count("\n") == 1

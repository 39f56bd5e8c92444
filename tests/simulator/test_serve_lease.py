"""The lease over real bytes, judged by the device's own clock through the control channel."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from serve_bed import Host, controlled, device, listening, simulator, until, went_off

from drivers.link.codes import DeviceState
from drivers.link.messages import Heartbeat

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP")

LEASE_MS = 1_000
VALVE_MS = 150
"""From the command to the read-back: the valve's own lag."""


def test_a_stopped_host_loses_its_lease(tmp_path: Path) -> None:
    port, link = tmp_path / "console", tmp_path / "control"
    with simulator("--pty", str(port), "--control", str(link)) as process:
        listening(process)
        control = controlled(link)
        host = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("beating_host.py")), str(port)],
            stdout=subprocess.PIPE,
        )
        try:
            assert host.stdout is not None
            assert host.stdout.readline() == b"freezing\n"
            until(lambda: device(control)["echo_ms"] > 500)
            os.kill(host.pid, signal.SIGSTOP)
            off = until(lambda: went_off(control))
            found = device(control)
            assert off == found["echo_ms"] + LEASE_MS
            assert found["faults"] == ["LEASE_LOST"]
            until(lambda: not device(control)["valve_open"])
            assert device(control)["gas_off_since_ms"] <= off + VALVE_MS
        finally:
            host.kill()
            host.wait(10)
            host.stdout.close()
            control.close()


def test_old_echoes_that_keep_coming_are_no_lease(tmp_path: Path) -> None:
    port, link = tmp_path / "console", tmp_path / "control"
    with simulator("--pty", str(port), "--control", str(link)) as process:
        listening(process)
        control = controlled(link)
        host = Host(str(port))
        host.hello()
        host.freeze()
        host.beats = False
        echo = host.stamp

        def beaten() -> object:
            host.send(Heartbeat(echo))
            return went_off(control)

        off = until(beaten)
        assert off == device(control)["echo_ms"] + LEASE_MS
        control.close()
        host.close()


def test_a_stopped_simulator_shuts_gas_before_its_first_frame(tmp_path: Path) -> None:
    port, link = tmp_path / "console", tmp_path / "control"
    with simulator("--pty", str(port), "--control", str(link)) as process:
        listening(process)
        control = controlled(link)
        host = Host(str(port))
        host.hello()
        host.freeze()
        host.run_to(host.stamp + 500)
        os.kill(process.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        host.listen_until(lambda: not host.port.in_waiting)  # what it had still sent
        before = len(host.telemetry)
        host.beats = False
        echo = host.stamp
        # Heartbeats that wait in the line are evaluations of the past.
        stopped_for = until_elapsed(host, echo, 1.5)
        assert stopped_for
        os.kill(process.pid, signal.SIGCONT)
        host.listen_until(lambda: len(host.telemetry) > before)
        first = host.telemetry[before][1]
        assert first.state == DeviceState.THAWING
        off = went_off(control)
        assert off is not None
        assert off <= echo + LEASE_MS
        control.close()
        host.close()


def until_elapsed(host: Host, echo: int, seconds: float) -> bool:
    """Beats with an old echo for a while of wall time: longer than the lease, that is the point."""
    import time

    end = time.monotonic() + seconds
    until(lambda: host.send(Heartbeat(echo)) or time.monotonic() > end)
    return True

"""The control process is killed or stopped in mid-freeze: the device's lease shuts the gas, and the
next control process goes on with the case at Freeze stopped."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e_line import Tap, Terminal
from e2e_screen import Screen
from e2e_simulator import LEASE_MS, Simulator, gone
from e2e_wait import pass_wall_time, until

from console import config
from console.control.replay import check
from console.model.cycle import CycleState
from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.request import AfterStop, Decide, ProbeOut, Quit
from console.model.snapshot import LinkState, Phase
from console.records.session import read_session
from console.records.store import Store
from console.records.verify import verify
from drivers.link.codes import Actuator
from drivers.link.frame import Frame, encode
from drivers.link.messages import Heartbeat, Stop, Telemetry, pack, read

MakeScreen = Callable[..., Screen]
STEP_MS = 20
"""The device looks at its lease in steps of its control period."""
VALVE_MS = 200
"""More than the valve takes from the command to its position read back."""


def assert_shut_by_the_lease(simulator: Simulator) -> None:
    """Gas off no later than the lease after the last echo, in device time."""
    device = simulator.shut()
    (gas_off,) = (at for at in simulator.log("gas", 0) if at > simulator.log("gas", 1)[-1])
    assert gas_off - device["echo_ms"] <= LEASE_MS + STEP_MS
    assert simulator.log("valve", 0)[-1] - gas_off <= VALVE_MS
    assert "LEASE_LOST" in device["faults"]


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.hazard("control_lost", "truth")
def test_the_gas_is_off_within_the_lease_of_the_last_echo(
    sign: int, simulator: Simulator, screen: MakeScreen
) -> None:
    host = screen()
    host.freeze()
    os.kill(host.pid, sign)
    assert_shut_by_the_lease(simulator)
    host.kill()


def test_a_stopped_control_process_that_goes_on_stops_by_itself(
    simulator: Simulator, screen: MakeScreen
) -> None:
    host = screen()
    host.freeze()
    os.kill(host.pid, signal.SIGSTOP)
    assert_shut_by_the_lease(simulator)
    os.kill(host.pid, signal.SIGCONT)
    shown = host.until(lambda s: s.procedure.phase is Phase.STOPPED, "Freeze stopped")
    assert any(alarm.id in ("host_slept", "lease_lost") for alarm in shown.alarms)
    simulator.runs_on(2_500)
    assert len(simulator.log("gas", 1)) == 1


def test_buffered_heartbeats_do_not_hold_the_gas(simulator: Simulator, screen: MakeScreen) -> None:
    host = screen()
    host.freeze()
    device = simulator.device()
    simulator.pause()
    # As many as the terminal holds, of this session, each with an echo that was never refused.
    line = Terminal(simulator.port)
    echo = pack(Heartbeat(device["device_ms"]))
    beats = line.fill(encode(Frame(Heartbeat.KIND, 0, device["session"], 0, echo)))
    host.kill()
    assert beats > 100
    pass_wall_time(1.5)
    line.read()
    simulator.go_on()
    first = until(lambda: next(telemetry(line), None), "telemetry after it went on")
    assert not first.actuators & Actuator.VALVE_OPEN
    assert_shut_by_the_lease(simulator)
    until(lambda: simulator.device()["echo_ms"] >= device["device_ms"], "the beats were heard")
    simulator.runs_on(1_000)
    assert len(simulator.log("gas", 1)) == 1
    line.close()


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSTOP])
def test_the_next_control_process_resumes_at_freeze_stopped(
    sign: int, simulator: Simulator, tap: Tap, screen: MakeScreen, records: Path
) -> None:
    host = screen(tap.port)
    host.freeze(for_s=2.0)
    os.kill(host.pid, sign)
    assert_shut_by_the_lease(simulator)
    host.kill()
    (on,), off = simulator.log("gas", 1), simulator.log("gas", 0)[-1]
    begun = len(tap.from_host)

    heir = screen(tap.port)
    shown = heir.until(lambda s: s.procedure.phase is Phase.STOPPED, "the case is resumed")
    assert shown.procedure.how == "demonstration"
    assert shown.procedure.operator == "E2E"
    shown = heir.until(lambda s: s.procedure.gas_confirmed_off is True, "gas confirmed off")
    shown = heir.until(
        lambda s: s.procedure.records[-1].end is FreezeEnd.LEASE, "the device said why it ended"
    )
    record = shown.procedure.records[-1]
    assert record.state is CycleState.STOPPED
    assert record.ended_ms is not None
    assert abs((record.ended_ms - record.started_ms) - (off - on)) <= 2 * STEP_MS
    assert [event.kind for event in heir.events].count(EventKind.RESUMED) == 1

    first = next(iter(frames_since(tap, begun)))
    assert isinstance(first, Frame)
    assert first.kind == Stop.KIND

    # Nothing starts by itself: not while the operator has not decided, nor after.
    simulator.runs_on(1_500)
    heir.connect_again()
    assert heir.ask(Decide(AfterStop.REPEAT)) is None
    simulator.runs_on(2_500)
    assert heir.now.procedure.phase is Phase.THAWING
    assert simulator.log("gas", 1) == [on]

    assert heir.ask(ProbeOut("end of the test")) is None
    assert heir.ask(Quit()) is None
    until(lambda: gone(heir.pid), "the control process ends")
    heir.close()
    (folder,) = Store(records).folders()
    verdict = verify(folder)
    assert not verdict.ok
    assert verdict.problem is not None
    assert verdict.problem.startswith("001.journal: not closed")
    assert ";" not in verdict.problem.replace("; the last group", "")
    session = read_session(folder)
    assert [journal.intact for journal in session.journals] == [True, True]
    assert [journal.closed for journal in session.journals] == [False, True]
    assert session.outcome == "ended early"
    found = check(session.journals, config.limits())
    assert found.first_difference is None
    assert found.decisions > 100


def test_after_the_simulator_died_with_its_host_the_case_resumes_as_restarted(
    screen: MakeScreen,
) -> None:
    url = "sim://n2o?pace=wall&speed=1&cell_mm=0.5"
    host = screen(url)
    host.freeze(for_s=3.0)  # what is on disk may be a second old
    host.kill()
    heir = screen(url)
    shown = heir.until(
        lambda s: (
            s.link.state is LinkState.OPEN
            and s.procedure.phase is Phase.STOPPED
            and s.observation is not None
        ),
        "the case is resumed",
    )
    assert "console restarted" in shown.procedure.stop_reason
    shown = heir.until(lambda s: s.procedure.gas_confirmed_off is True, "gas confirmed off")
    record = shown.procedure.records[-1]
    assert record.state is CycleState.STOPPED
    assert record.ended_ms is not None
    assert 500 <= record.ended_ms - record.started_ms <= 5_000
    # The thaw is counted anew, from the first frame of the new device.
    assert shown.procedure.gas_off_s is not None
    assert 0 <= shown.procedure.gas_off_s < 5


def telemetry(line: Terminal) -> Iterator[Telemetry]:
    """What has come since the last call."""
    for frame in line.frames():
        message = read(frame) if isinstance(frame, Frame) else None
        if isinstance(message, Telemetry):
            yield message


def frames_since(tap: Tap, piece: int) -> list[object]:
    """The frames in all pieces of the host's bytes from number `piece` on."""
    return list(tap.frames(tap.from_host[piece][0]))

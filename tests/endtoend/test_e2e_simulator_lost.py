"""The device's process is killed or stopped in mid-freeze: the host says so at once."""

import time
from collections.abc import Callable
from pathlib import Path

from e2e_screen import Screen
from e2e_simulator import LEASE_MS, Simulator
from e2e_wait import pass_wall_time

from console.control.loop import SNAPSHOT_EVERY_MS
from console.model.alarm import Priority
from console.model.event import EventKind
from console.model.snapshot import LinkState, Phase

MakeScreen = Callable[..., Screen]
TOLD_WITHIN_S = 0.5 + SNAPSHOT_EVERY_MS / 1_000
BUSY_S = 0.3
"""What a busy machine may add."""


def lost_after(host: Screen, since: float) -> float:
    """How long after `since` the first snapshot that says so came."""
    host.until(lambda s: s.link.state is LinkState.LOST, "link lost", 5)
    return next(at for at, s in host.shown if s.link.state is LinkState.LOST) - since


def test_a_killed_device_is_told_as_lost(simulator: Simulator, screen: MakeScreen) -> None:
    host = screen()
    host.freeze()
    killed_at = time.monotonic()
    simulator.kill()
    assert lost_after(host, killed_at) < TOLD_WITHIN_S + BUSY_S
    shown = host.until(lambda s: s.procedure.phase is Phase.STOPPED, "Freeze stopped")
    alarm = next(alarm for alarm in shown.alarms if alarm.id == "link_lost")
    assert alarm.priority is Priority.HIGH
    assert shown.link.words
    assert shown.procedure.gas_confirmed_off is None


def test_another_device_on_the_same_port_is_taken_as_restarted(
    simulator: Simulator, screen: MakeScreen, tmp_path: Path
) -> None:
    host = screen()
    host.freeze()
    simulator.kill()
    host.until(lambda s: s.procedure.phase is Phase.STOPPED, "Freeze stopped")
    again = Simulator(tmp_path / "device", "--seed", "2")
    try:
        shown = host.until(
            lambda s: s.link.state is LinkState.OPEN and s.procedure.gas_confirmed_off is True,
            "the link is open again, and the gas is off",
        )
        assert shown.procedure.phase is Phase.STOPPED
        again.runs_on(1_000)
        assert again.log("gas", 1) == []
    finally:
        again.close()


def test_a_stopped_device_is_told_as_lost_and_comes_back_shut(
    simulator: Simulator, screen: MakeScreen
) -> None:
    host = screen()
    host.freeze()
    stopped_at = time.monotonic()
    simulator.pause()
    assert lost_after(host, stopped_at) < TOLD_WITHIN_S + BUSY_S
    shown = host.until(lambda s: s.procedure.phase is Phase.STOPPED, "Freeze stopped")
    assert any(alarm.id == "link_lost" for alarm in shown.alarms)
    pass_wall_time(1.5 - (time.monotonic() - stopped_at))
    last_ms = host.shown[-1][1].observation.at_ms
    simulator.go_on()
    host.until(lambda s: any(each.at_ms > last_ms for each in s.samples), "it is heard again")
    samples = [each for _, s in host.shown for each in s.samples if each.at_ms > last_ms]
    assert not any(each.valve_open for each in samples)
    device = simulator.shut()
    (gas_off,) = (at for at in simulator.log("gas", 0) if at > simulator.log("gas", 1)[-1])
    assert gas_off - device["echo_ms"] <= LEASE_MS + 20 or gas_off <= last_ms + LEASE_MS
    host.until(lambda s: s.link.state is LinkState.OPEN, "the link is open again")
    simulator.runs_on(1_500)
    assert len(simulator.log("gas", 1)) == 1
    assert EventKind.LINK_LOST in [event.kind for event in host.events]

"""The screen's process is stopped or killed in mid-freeze: the control process stops the gas,
records on, and closes the record."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e_line import Tap
from e2e_screen import PLAN, Screen
from e2e_screen_process import ScreenProcess
from e2e_simulator import Simulator, gone
from e2e_wait import until

from console.model.event import EventKind
from console.model.request import AfterStop, ChoosePlan, StartFreeze
from console.model.snapshot import Phase
from console.records.session import read_session
from console.records.store import Store
from console.records.verify import verify
from drivers.link.frame import Frame
from drivers.link.messages import Stop

MakeScreen = Callable[..., Screen]


@pytest.fixture
def screen_process(tap: Tap, records: Path, no_traceback: None) -> Iterator[ScreenProcess]:
    made = ScreenProcess(tap.port, records)
    try:
        made.arrives()
        yield made
    finally:
        made.end()


def first_stop(tap: Tap, since: float) -> float:
    """When the first STOP after `since` was on the wire, as seconds after it."""

    def found() -> float | None:
        for at, data in tap.from_host:
            frames = [f for f in tap.frames_of(data) if isinstance(f, Frame)]
            if at >= since and any(frame.kind == Stop.KIND for frame in frames):
                return at - since
        return None

    return until(found, "a STOP on the wire", 5)


def test_a_stopped_screen_means_stop_within_its_lease(
    simulator: Simulator, tap: Tap, screen_process: ScreenProcess, records: Path
) -> None:
    stopped_at = time.monotonic()
    screen_process.process.send_signal(signal.SIGSTOP)
    # 1,000 ms since the last tick, 1.1 s in all; the rest is for a busy machine.
    assert first_stop(tap, stopped_at) < 1.1 + 0.4
    simulator.shut()
    (folder,) = Store(records).folders()
    until(lambda: any("screen" in each.event.text for each in read_session(folder).events), "told")
    # It goes on: what it sees is Freeze stopped, and nothing has started meanwhile.
    screen_process.process.send_signal(signal.SIGCONT)
    simulator.runs_on(1_500)
    assert len(simulator.log("gas", 1)) == 1
    assert not gone(screen_process.control)


def test_a_killed_screen_means_stop_at_once_and_a_closed_record(
    simulator: Simulator, tap: Tap, screen_process: ScreenProcess, records: Path
) -> None:
    killed_at = time.monotonic()
    screen_process.process.kill()
    assert first_stop(tap, killed_at) < 0.5
    simulator.shut()
    until(lambda: gone(screen_process.control), "the control process has gone", 15)
    (folder,) = Store(records).folders()
    # It recorded until the device had said shut, and no longer: the next screen waits for the case.
    kinds = [each.event.kind for each in read_session(folder).events]
    assert EventKind.GAS_CONFIRMED_OFF in kinds
    verdict = verify(folder)
    assert verdict.ok, verdict.problem
    assert read_session(folder).outcome == "screen lost"


def test_a_killed_screen_whose_case_goes_on(
    simulator: Simulator, screen_process: ScreenProcess, tap: Tap, screen: MakeScreen
) -> None:
    screen_process.process.kill()
    until(lambda: gone(screen_process.control), "the control process has gone", 15)
    heir = screen(tap.port)
    shown = heir.until(lambda s: s.procedure.phase is Phase.STOPPED, "the case is resumed")
    assert shown.procedure.operator == "E2E"
    assert {AfterStop.FINISH.value, AfterStop.REPEAT.value} <= set(shown.controls)
    assert len(simulator.log("gas", 1)) == 1


def test_a_screen_that_never_ticks_gets_no_gas(simulator: Simulator, screen: MakeScreen) -> None:
    dead = screen(ticks=False)
    dead.connect()
    assert dead.ask(ChoosePlan(PLAN, how="demonstration")) is None
    dead.until(lambda s: s.controls["start_freeze"].blocked is None, "a start is open")
    assert dead.ask(StartFreeze()) is None
    until(
        lambda: [event for event in dead.events if event.kind is EventKind.START_FAILED],
        "the start has failed",
    )
    assert simulator.device()["lease_left_ms"] == 0
    assert simulator.log("gas", 1) == []

"""The application itself is stopped or killed in mid-freeze, and so is its control process."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e_line import Tap
from e2e_simulator import LEASE_MS, Simulator, gone
from e2e_wait import until
from test_e2e_screen_lost import first_stop

from console.model.alarm import AlarmTurn
from console.records.alarm_book import read_book
from console.records.session import read_session
from console.records.store import Store
from console.records.verify import verify

CHILD = Path(__file__).with_name("window_child.py")


class Window:
    """window_child.py, freezing."""

    def __init__(self, port: str, records: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(CHILD), port, str(records)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path.cwd()), "QT_QPA_PLATFORM": "offscreen"},
        )
        self.shown: list[dict[str, str]] = []
        self._ear = threading.Thread(target=self._listen)
        self._ear.start()
        self.control = 0

    def freezes(self, simulator: Simulator) -> None:
        """Waits until its freeze is well on."""
        try:
            until(lambda: simulator.device()["valve_open"], "the window freezes", 40)
        except AssertionError as error:
            error.add_note(f"it shows: {self.shown[-1:]}")
            raise
        simulator.runs_on(1_000)
        self.control = self._control()

    def until(self, began: int, look: Callable[[dict[str, str]], bool], why: str) -> None:
        """Waits until it shows that, from its line `began` on."""
        try:
            until(lambda: any(look(each) for each in self.shown[began:]), why)
        except AssertionError as error:
            error.add_note(f"it shows: {self.shown[-1:]}")
            raise

    def control_now(self) -> int | None:
        """The control process that it has now."""
        try:
            return self._control()
        except StopIteration:
            return None

    def end(self) -> None:
        controls = {pid for pid in (self.control, self.control_now()) if pid}
        self.process.kill()
        self.process.wait()
        self._ear.join()
        for each in controls:
            until(lambda each=each: gone(each), "the control process ends", 15)

    def _control(self) -> int:
        # The bridge may start it from a thread: children are listed by the thread that made them.
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        children = [int(pid) for each in tasks for pid in each.read_text().split()]
        return next(
            pid
            for pid in children
            if b"console.control" in Path(f"/proc/{pid}/cmdline").read_bytes()
        )

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.shown.append(json.loads(line))


@pytest.fixture
def window(simulator: Simulator, tap: Tap, records: Path, no_traceback: None) -> Iterator[Window]:
    made = Window(tap.port, records)
    try:
        made.freezes(simulator)
        yield made
    finally:
        made.end()


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSTOP])
def test_a_window_without_its_control_process_says_so_and_resumes(
    sign: int, simulator: Simulator, window: Window, records: Path
) -> None:
    began = len(window.shown)
    os.kill(window.control, sign)
    # No echo is newer than this; the window's next control process soon opens a session of its own.
    killed_ms = simulator.device()["device_ms"]
    simulator.shut()
    assert simulator.log("gas", 0)[-1] - killed_ms <= LEASE_MS + 20
    window.until(began, lambda each: "cylinder" in each["words"], "it says what to do")
    window.until(
        began,
        lambda each: each["phase"] == "stopped" and "FREEZE STOPPED" in each["words"],
        "Freeze stopped, by a new control process",
    )
    assert gone(window.control)
    assert window.control_now() not in (None, window.control)
    simulator.runs_on(1_500)
    assert len(simulator.log("gas", 1)) == 1

    def in_the_book() -> list[AlarmTurn]:
        entries = read_book(Store(records).root).entries
        return [each.turn for each in entries if each.alarm.id == "control_lost"]

    until(
        lambda: in_the_book() == [AlarmTurn.RAISED],
        "what only the window saw is in the alarm book, once, and stands: nobody acknowledged it",
    )


def test_a_stopped_window_means_stop(simulator: Simulator, tap: Tap, window: Window) -> None:
    stopped_at = time.monotonic()
    window.process.send_signal(signal.SIGSTOP)
    assert first_stop(tap, stopped_at) < 1.1 + 0.4
    simulator.shut()
    began = len(window.shown)
    window.process.send_signal(signal.SIGCONT)
    window.until(
        began,
        lambda each: each["phase"] == "stopped" and "did not respond" in each["words"],
        "it says what happened",
    )
    assert len(simulator.log("gas", 1)) == 1


def test_a_killed_window_means_stop_at_once_and_a_closed_record(
    simulator: Simulator, tap: Tap, window: Window, records: Path
) -> None:
    killed_at = time.monotonic()
    window.process.kill()
    assert first_stop(tap, killed_at) < 0.5
    simulator.shut()
    until(lambda: gone(window.control), "the control process has gone", 15)
    (folder,) = Store(records).folders()
    verdict = verify(folder)
    assert verdict.ok, verdict.problem
    assert read_session(folder).outcome == "screen lost"

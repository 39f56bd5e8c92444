"""What may happen in mid-freeze, in a real window: the window is killed, the control process is
killed, the line goes dead. Pictures of each are left where CRYOPROBE_PICTURES says."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.window.user import Application

pytestmark = pytest.mark.window
LISTENS_WITHIN_S = 30.0


def phase(name: str) -> Callable[[Any], bool]:
    return lambda told: told["phase"] == name


class Console:
    """A simulated console that outlives the application, on a pseudo-terminal of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = str(folder / "port")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "simulator", "--pty", self.port, "--pace", "wall"),
                *("--speed", "1", "--seed", "1", "--cell-mm", "0.5"),
            ],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + LISTENS_WITHIN_S
        while not Path(self.port).exists():
            assert time.monotonic() < deadline, "the simulator never listened"
            time.sleep(0.05)

    def end(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


@pytest.fixture
def bed(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Starts consoles and applications; all of them end with the test."""
    held: list[Any] = []

    def start(what: str, *given: Any) -> Any:
        made = (
            Console(tmp_path) if what == "console" else Application(given[0], tmp_path / "records")
        )
        held.append(made)
        return made

    yield start
    for each in reversed(held):
        each.end()


def cold(app: Application) -> None:
    """The demonstration's first freeze, well under way."""
    app.click("Demonstration")
    told = app.until("a plan", phase("ready"))
    if any("Acknowledge first" in each for each in told["not_ready"]):
        app.click("Acknowledge the alarms")  # the machine was slow while the window came up
    app.hold("Start freeze 1", until_phase_not="ready")
    app.until("cold", lambda told: told["tip"] is not None and told["tip"] < -40)


def picture(app: Application, name: str) -> None:
    folder = os.environ.get("CRYOPROBE_PICTURES")
    if folder:
        app.ask(f"picture {folder}/{name}.png")


def test_the_window_is_killed_in_mid_freeze_and_the_next_comes_up_in_the_case(
    bed: Callable[..., Any],
) -> None:
    console = bed("console")
    first = bed("window", console.port)
    cold(first)
    first.process.kill()
    second = bed("window", None)  # nobody has to know the port, or to choose among tiles
    told = second.until("the case", lambda told: told["phase"] == "stopped")
    picture(second, "window-restarted")
    assert "close the cylinder" in told["detail"] or told["link"] == "open"
    told = second.until("the console again", lambda told: told["link"] == "open")
    told = second.until("the gas read off", lambda told: told["valve_open"] is False)
    assert told["phase"] == "stopped" and told["cycles"] == 1
    assert "host_error" in told["alarms"], "what ended the freeze stands"
    picture(second, "window-restarted-connected")
    second.click("Acknowledge the alarms")
    second.until("acknowledged", lambda told: told["alarms"] == [])


def test_the_control_process_is_killed_in_mid_freeze_and_that_stands_until_acknowledged(
    bed: Callable[..., Any],
) -> None:
    app = bed("window", bed("console").port)
    cold(app)
    os.kill(app.control_pid(), signal.SIGKILL)
    told = app.until("lost", lambda told: "CONTROL LOST" in told["headline"])
    picture(app, "control-lost")
    assert "close the cylinder" in told["detail"]
    app.until("the case again", lambda t: t["phase"] == "stopped" and t["link"] == "open")
    app.until("an alarm to acknowledge", lambda told: "control_lost" in told["own_alarms"])
    picture(app, "control-back")
    app.click("Acknowledge the alarms")
    app.until("acknowledged", lambda told: told["own_alarms"] == [] and told["alarms"] == [])


def test_a_dead_line_is_waited_for_by_this_computers_clock(bed: Callable[..., Any]) -> None:
    """That it counts to 5:00 and what it says then is shown in tests/control and tests/ui."""
    console = bed("console")
    app = bed("window", console.port)
    cold(app)
    console.process.send_signal(signal.SIGSTOP)
    told = app.until("stopped", phase("stopped"))
    assert "close the cylinder" in told["detail"]
    app.until("5 s of the wait", lambda told: told["gas_off_s"] > 5)
    picture(app, "line-lost")
    app.hold("Finish here", until_phase_not="stopped")
    app.until("last thaw", phase("releasing"))
    told = app.until("more of the wait", lambda told: told["gas_off_s"] > 10)
    assert told["estimate"] is None, "nothing is reckoned from what was last heard"
    picture(app, "line-lost-releasing")
    console.process.send_signal(signal.SIGCONT)
    app.until("the line again", lambda told: told["link"] == "open")
    app.until("the gas read off", lambda told: told["valve_open"] is False)
    picture(app, "line-back")

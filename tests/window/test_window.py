"""The application in a real window, with a real mouse and real keys (make test-window)."""

import contextlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from console.records.verify import verify

pytestmark = pytest.mark.window
PATIENCE_S = 60.0


class Application:
    """The running application: what it shows, and hands on its mouse and keys."""

    def __init__(self, port: str, records: Path) -> None:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.window.application"),
                *("--port", port, "--records", str(records)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Other tests draw offscreen; this one wants the display.
            env={k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"},
        )

    def ask(self, question: str) -> Any:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def until(self, what: str, holds: Callable[[Any], bool], question: str = "state") -> Any:
        deadline = time.monotonic() + PATIENCE_S
        told = None
        while time.monotonic() < deadline:
            told = self.ask(question)
            if told is not None and holds(told):
                return told
        raise AssertionError(f"never {what}; at last {told}, {self.ask('state')}")

    def point_at(self, name: str) -> None:
        # A page that has just come is still being laid out: where it stands twice, it stands.
        seen: list[Any] = []

        def stands(told: Any) -> bool:
            seen.append(told)
            return bool(told["enabled"]) and len(seen) > 1 and seen[-2] == told

        place = self.until(f"{name!r} to press", stands, name)
        _xdotool("mousemove", str(place["x"]), str(place["y"]))

    def click(self, name: str) -> None:
        self.point_at(name)
        _xdotool("click", "1")

    def hold(self, name: str, until_phase_not: str) -> None:
        self.point_at(name)
        _xdotool("mousedown", "1")
        self.until(f"{name!r} done", lambda told: told["phase"] != until_phase_not)
        _xdotool("mouseup", "1")

    def key(self, name: str) -> None:
        _xdotool("key", name)

    def end(self) -> int:
        """As a user's session ends it; its exit code."""
        self.process.terminate()
        try:
            self.process.communicate(timeout=30)
        finally:
            self.process.kill()
        return self.process.returncode

    def control_pid(self) -> int:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for pid in children.split():
            if b"console.control" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
        raise AssertionError("no control process")


def _xdotool(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True)


def phase(name: str) -> Callable[[Any], bool]:
    return lambda told: told["phase"] == name


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Callable[[str], Application]]:
    started: list[Application] = []

    def start(port: str) -> Application:
        assert os.environ.get("DISPLAY"), "make test-window gives this test a display"
        started.append(Application(port, tmp_path / "records"))
        return started[-1]

    yield start
    for each in started:
        each.end()


def test_three_clicks_run_the_demonstration(
    application: Callable[[str], Application], tmp_path: Path
) -> None:
    app = application("sim://n2o?speed=20&seed=1&pace=lockstep")
    app.click("Demonstration")
    app.until("ready", phase("ready"))
    app.hold("Start freeze 1", until_phase_not="ready")
    app.until("freezing", phase("freezing"))
    app.until("at target", lambda told: told["tip"] is not None and told["tip"] < -67)
    app.until("the second freeze", lambda told: told["cycles"] == 2)
    app.until("the third freeze", lambda told: told["cycles"] == 3)
    end = app.until("free to move", phase("free"))
    assert end["alarms"] == [] and end["tip"] > 10
    app.click("Probe is out")
    end = app.until("out", phase("out"))
    assert app.end() == 0
    verdict = verify(Path(end["journal"]).parent)
    assert verdict.ok, verdict.problem


@pytest.mark.parametrize("key", ["Escape", "space"])
def test_a_key_stops_the_freeze(application: Callable[[str], Application], key: str) -> None:
    app = application("sim://n2o")
    app.click("Demonstration")
    app.hold("Start freeze 1", until_phase_not="ready")
    app.until("freezing", phase("freezing"))
    app.key(key)
    told = app.until("stopped, gas off", lambda t: t["phase"] == "stopped" and not t["valve_open"])
    assert told["alarms"] == [], "a stop by the operator is no alarm"


def test_the_screen_outlives_its_control_process(
    application: Callable[[str], Application],
) -> None:
    app = application("sim://n2o")
    app.click("Demonstration")
    app.hold("Start freeze 1", until_phase_not="ready")
    app.until("cold", lambda told: told["tip"] is not None and told["tip"] < -40)
    old = app.control_pid()
    os.kill(old, signal.SIGKILL)
    told = app.until("the case back", lambda t: t["phase"] == "stopped" and t["link"] == "open")
    assert app.control_pid() != old and told["cycles"] == 1


LONGEST_GAP_S = 0.5
"""Wide, for a loaded machine: what is looked for here is a window that waits for a port, which
would be seconds. `make bench` is where frames are measured."""


def _nowhere() -> tuple[str, list[int]]:
    return "/dev/ttyNOWHERE", []


def _silent() -> tuple[str, list[int]]:
    ours, theirs = os.openpty()
    return os.ttyname(theirs), [ours, theirs]


def _garbage() -> tuple[str, list[int]]:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    os.set_blocking(ours, False)
    noise = random.Random(1)

    def babble() -> None:
        with contextlib.suppress(OSError):
            while True:
                select.select([], [ours], [])
                os.write(ours, noise.randbytes(64))

    threading.Thread(target=babble, daemon=True).start()
    return os.ttyname(theirs), [ours, theirs]


@pytest.mark.parametrize(
    ("port", "said"),
    [
        (_nowhere, "/dev/ttyNOWHERE is not there"),
        (_silent, "Nothing answers"),
        (_garbage, "not a console"),
    ],
)
def test_a_bad_port_is_one_line_and_never_holds_up_the_window(
    application: Callable[[str], Application],
    port: Callable[[], tuple[str, list[int]]],
    said: str,
) -> None:
    name, ends = port()
    app = application(name)
    app.until("a whole window", lambda told: told["whole"])  # its start is not what is measured
    app.ask("longest gap since asked")
    told = app.until(
        f"{said!r} on the screen",
        lambda told: said.lower() in told.get("words", "").lower(),
    )
    assert "Traceback" not in told["words"]
    assert app.ask("longest gap since asked") < LONGEST_GAP_S
    app.click("Simulator")
    app.until("the simulator connected", lambda t: t.get("link") == "open")
    assert app.ask("longest gap since asked") < LONGEST_GAP_S
    for end in ends:
        os.close(end)

"""Whoever uses the application from outside: eyes on what it shows, hands on mouse and keys."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

PATIENCE_S = 60.0


class Application:
    """The running application: what it shows, and hands on its mouse and keys."""

    def __init__(self, port: str | None, records: Path, *, offscreen: bool = False) -> None:
        # Whatever other tests draw on, this one wants the display, unless told.
        environment = {k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"}
        if offscreen:
            environment["QT_QPA_PLATFORM"] = "offscreen"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.window.application"),
                *(("--port", port) if port is not None else ()),
                *("--records", str(records)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
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
        self.hold_until(name, lambda told: told["phase"] != until_phase_not)

    def hold_until(self, name: str, done: Callable[[Any], bool]) -> None:
        self.point_at(name)
        _xdotool("mousedown", "1")
        self.until(f"{name!r} done", done)
        _xdotool("mouseup", "1")

    def write(self, name: str, words: str) -> None:
        self.click(name)
        _xdotool("type", words)

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
        """As soon as it is there: one that has just been started shows its name only then."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for child in psutil.Process(self.process.pid).children():
                with contextlib.suppress(psutil.NoSuchProcess):
                    if "console.control" in child.cmdline():
                        return child.pid
            time.sleep(0.05)
        raise AssertionError("no control process")


def _xdotool(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True)

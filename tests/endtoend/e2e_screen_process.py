"""The screen as a process of its own, to be stopped and killed: it and its control process."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from e2e_screen import Step
from e2e_simulator import gone
from e2e_wait import until

CHILD = Path(__file__).with_name("screen_child.py")


class ScreenProcess:
    """screen_child.py, on its way to `step`."""

    def __init__(self, port: str, records: Path, step: Step = Step.FREEZING) -> None:
        self._step = step
        self.process = subprocess.Popen(
            [sys.executable, str(CHILD), port, str(records), step],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        )
        self.control = 0

    def arrives(self) -> None:
        """Waits until it is in its step."""
        self.control = self._hear()["control"]
        assert self._hear() == {"reached": self._step}

    def begin(self) -> None:
        """Has it ask for the freeze."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"begin\n")
        self.process.stdin.flush()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()
        if self.control:
            if not gone(self.control):
                os.kill(self.control, signal.SIGCONT)  # that it may see its screen gone
            until(lambda: gone(self.control), "the control process ends", 15)

    def _hear(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

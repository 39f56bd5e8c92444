"""The simulated console as a process of its own, on its own pseudo-terminal, at life speed, with
its control channel open: what it did and when is asked there, never of the host."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from e2e_wait import until

from simulator.control_client import Control

LEASE_MS = 1_000


class Simulator:
    """Running from its making to `close`."""

    def __init__(self, folder: Path, *arguments: str, line: str = "pty") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.link = folder / "control"
        self._said = folder / "said"
        self._line = line
        self._where = ["--pty", str(folder / "port")] if line == "pty" else ["--tcp", "127.0.0.1:0"]
        self._arguments = arguments
        self.port = str(folder / "port")
        self.boot()

    def boot(self) -> None:
        """Switches it on, also again after `kill`."""
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "simulator", *self._where, "--pace", "wall"),
                    *("--speed", "1", "--seed", "1", "--cell-mm", "0.5"),
                    *("--control", str(self.link), *self._arguments),
                ],
                stderr=said,
                stdin=subprocess.DEVNULL,
            )
        until(lambda: b"console on" in self._said.read_bytes(), "the simulator listens")
        if self._line != "pty":
            self.port = self._said.read_text().split(" on ", 1)[1].splitlines()[0]
        self._control = Control(self.link)

    @property
    def pid(self) -> int:
        return self.process.pid

    def ask(self, **request: object) -> Any:
        return self._control.ask(**request)

    def device(self) -> dict[str, Any]:
        """The device's own view, all times device ms."""
        found: dict[str, Any] = self.ask(get="device")
        return found

    def log(self, actuator: str, on: int | None = None) -> list[int]:
        """Device times at which `actuator` went on (1), off (0), or either."""
        told = self.device()["transitions"]
        return [at for at, name, to in told if name == actuator and on in (None, to)]

    def shut(self) -> dict[str, Any]:
        """Waits until the valve is read back shut; the device then."""
        until(lambda: not self.device()["valve_open"], "the valve is shut", 10)
        return self.device()

    def runs_on(self, ms: int) -> None:
        """Waits until the device's clock has advanced by `ms`."""
        began = self.device()["world_ms"]
        until(lambda: self.device()["world_ms"] - began >= ms, f"{ms} ms of device time")

    def pause(self) -> None:
        """SIGSTOP, and waits until it stands."""
        self.process.send_signal(signal.SIGSTOP)
        until(lambda: state_of(self.pid) == "T", "the simulator stands")

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self._control.close()
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self._control.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
        assert "Traceback" not in self.words(), self.words()

    def words(self) -> str:
        """What it said on stderr."""
        return self._said.read_text(errors="replace")


def state_of(pid: int) -> str:
    """The state of a process as the system tells it, one letter; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def gone(pid: int) -> bool:
    """Whether a process has ended (a zombie nobody has waited for has)."""
    return state_of(pid) in ("", "Z", "X")

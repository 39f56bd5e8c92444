"""The command `cryoprobe` as a process."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from console.cli import main


class Done(msgspec.Struct):
    """How it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as the one document that it must be."""
        return json.loads(self.out)

    def one_line(self) -> str:
        """What it said on stderr, which must be one line and no traceback."""
        line = self.one_line_of_note()
        assert line.startswith("cryoprobe")
        return line

    def one_line_of_note(self) -> str:
        """The same of a run that went on."""
        (line,) = self.err.splitlines()
        return line


class Command:
    """Running from its making on."""

    def __init__(self, *arguments: str | Path, largest_file: int | None = None) -> None:
        environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "COLUMNS")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "console", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=environment,
        )
        if largest_file is not None:
            limits = (largest_file, largest_file)
            resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, limits)

    def signalled(self, number: int) -> None:
        """As a terminal does: to the whole group."""
        os.killpg(self.process.pid, number)

    def ended(self, within_s: float = 60.0) -> Done:
        """Waits for its end."""
        try:
            out, err = self.process.communicate(timeout=within_s)
        except subprocess.TimeoutExpired:
            self.signalled(signal.SIGKILL)
            out, err = self.process.communicate()
            raise AssertionError(f"still running after {within_s:g} s\n{out}\n{err}") from None
        assert "Traceback" not in err, err
        return Done(self.process.returncode, out, err)


def cryoprobe(*arguments: str | Path, within_s: float = 60.0) -> Done:
    """Runs the command to its end."""
    return Command(*arguments).ended(within_s)


def cryoprobe_here(capture: pytest.CaptureFixture[str], *arguments: str | Path) -> Done:
    """The same in this process, for what ends before anything is started."""
    capture.readouterr()
    with pytest.raises(SystemExit) as end:
        main([str(each) for each in arguments])
    said = capture.readouterr()
    assert "Traceback" not in said.err, said.err
    assert isinstance(end.value.code, int)
    return Done(end.value.code, said.out, said.err)


def plan_file(
    folder: Path, freezes: Sequence[tuple[float, float]], *lines: str, celsius: float = -70.0
) -> Path:
    """A plan on disk: (freeze, thaw) times in s, one site; `lines` go on top."""
    text = "\n".join(
        [
            f"target_celsius = {celsius}",
            *(lines or ['next_freeze = "auto"']),
            '[[sites]]\nnerve = "saphenous"\nside = "left"',
            *(f"[[sites.cycles]]\nfreeze_s = {on}\nthaw_s = {off}" for on, off in freezes),
        ]
    )
    path = folder / "plan.toml"
    path.write_text(text + "\n", encoding="utf-8")
    return path

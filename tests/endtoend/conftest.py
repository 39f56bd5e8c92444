"""Processes that a test starts, ended with it; and no traceback from any of them."""

import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e_line import Tap
from e2e_screen import Screen
from e2e_simulator import Simulator


@pytest.fixture(autouse=True)
def no_long_collection() -> None:
    """A tap is a thread of this process: a full collection would hold a line still for as long as
    the host takes for a lost link. What earlier tests imported is left out of it."""
    gc.freeze()


@pytest.fixture(autouse=True)
def no_traceback(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whatever is killed: no process that shares this one's stderr prints a traceback."""
    yield
    said = capfd.readouterr()
    sys.stdout.write(said.out)
    sys.stderr.write(said.err)
    assert "Traceback" not in said.err, said.err


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    """On a pseudo-terminal, N2O, pace wall, speed 1."""
    made = Simulator(tmp_path / "device")
    yield made
    made.close()


@pytest.fixture
def tap(simulator: Simulator, tmp_path: Path) -> Iterator[Tap]:
    """Between a host and `simulator`."""
    made = Tap(simulator.port, tmp_path / "tapped")
    yield made
    made.close()


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A store of its own: it is locked by who records."""
    return tmp_path / "records"


@pytest.fixture
def screen(
    simulator: Simulator, records: Path, no_traceback: None
) -> Iterator[Callable[..., Screen]]:
    """Makes screens, each with a control process, on `simulator` unless another port is given."""
    made: list[Screen] = []

    def make(port: str | None = None, *, ticks: bool = True, store: Path | None = None) -> Screen:
        made.append(Screen(port or simulator.port, store or records, ticks=ticks))
        return made[-1]

    yield make
    for each in made:
        each.close()

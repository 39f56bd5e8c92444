"""Ports that are none, silent, or something else: the screen is told in words, and never waits."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from e2e_command import cryoprobe, plan_file
from e2e_line import FarEnd
from e2e_screen import Screen
from e2e_simulator import Simulator

from console.model.snapshot import LinkState
from console.records.store import Store

MakeScreen = Callable[..., Screen]
WATCHED_S = 1.5
MOST_MISSING = 0.4
"""Share of the snapshots that a busy machine may keep back."""
LONGEST_GAP_S = 0.5


@pytest.fixture
def silent() -> Iterator[str]:
    """A terminal that nobody answers."""
    far = FarEnd()
    yield far.port
    far.close()


@pytest.fixture
def babbling() -> Iterator[str]:
    """A terminal with random bytes, as of a device at another speed."""
    far, over = FarEnd(), threading.Event()
    os.set_blocking(far.master, False)

    def babble() -> None:
        while not over.wait(0.005):
            try:
                os.write(far.master, os.urandom(200))
                os.read(far.master, 4096)
            except BlockingIOError:
                continue

    thread = threading.Thread(target=babble)
    thread.start()
    yield far.port
    over.set()
    thread.join()
    far.close()


@pytest.fixture
def refusing() -> str:
    """A TCP port on which nobody listens."""
    return "socket://127.0.0.1:1"


@pytest.fixture
def missing(tmp_path: Path) -> str:
    return str(tmp_path / "ttyUSB9")


@pytest.fixture
def misspelt() -> str:
    return "sim://helium"


PORTS = {
    "missing": "is not there",
    "refusing": "refused the connection",
    "misspelt": "write sim://n2o or sim://co2",
    "silent": "Nothing answers there",
    "babbling": "unreadable bytes",
}


@pytest.mark.parametrize(("kind", "words"), PORTS.items())
def test_the_screen_is_told_in_words_and_goes_on_every_50_ms(
    kind: str, words: str, request: pytest.FixtureRequest, screen: MakeScreen
) -> None:
    host = screen(request.getfixturevalue(kind))
    host.now  # noqa: B018 - the first one: its process has started
    shown = host.until(lambda s: s.link.state is LinkState.FAILED, "the port has failed", 10)
    assert words in shown.link.words
    assert "\n" not in shown.link.words
    assert_flows(host)
    assert host.now.link.state is LinkState.FAILED
    refusal = host.now.controls["choose_plan"].blocked
    assert refusal == "No console is connected"


def assert_flows(host: Screen) -> None:
    """Snapshots come every 50 ms."""
    began = time.monotonic()
    host.until(lambda s: time.monotonic() - began >= WATCHED_S, "time passes")
    times = [at for at, _ in host.shown if at >= began]
    assert len(times) >= WATCHED_S / 0.05 * (1 - MOST_MISSING)
    assert max(b - a for a, b in pairwise(times)) < LONGEST_GAP_S


@pytest.mark.hazard("second_application", "truth")
def test_a_port_that_another_program_holds_is_told(
    simulator: Simulator, screen: MakeScreen, tmp_path: Path
) -> None:
    first = screen()
    first.connect()
    done = cryoprobe(
        "run", plan_file(tmp_path, [(5, 0)]), "--port", simulator.port,
        "--records", tmp_path / "other",
    )  # fmt: skip
    assert done.code == 2
    assert "is in use by another program" in done.one_line()
    assert first.now.link.state is LinkState.OPEN


def test_a_second_process_on_the_store_says_who_records(
    simulator: Simulator, screen: MakeScreen, records: Path, tmp_path: Path
) -> None:
    first = screen()
    first.connect()
    second = screen("sim://n2o")
    shown = second.until(lambda s: s.link.state is LinkState.FAILED, "it may not record")
    assert shown.link.words.startswith("Cryoprobe is already open, or still closing")
    assert_flows(second)
    done = cryoprobe(
        "run", plan_file(tmp_path, [(5, 0)]), "--port", "sim://n2o", "--records", records
    )
    assert done.code == 2
    assert f"process {first.pid} is already recording" in done.one_line()
    assert len(Store(records).folders()) == 1


def test_a_store_that_is_a_file_is_told(screen: MakeScreen, records: Path) -> None:
    records.write_text("no folder")
    host = screen("sim://n2o")
    shown = host.until(lambda s: s.link.state is LinkState.FAILED, "it cannot record")
    assert str(records) in shown.link.words
    assert_flows(host)


@pytest.mark.parametrize(("kind", "words"), PORTS.items())
def test_a_run_ends_with_one_line(
    kind: str, words: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    port = request.getfixturevalue(kind)
    done = cryoprobe(
        "run", plan_file(tmp_path, [(5, 0)]), "--port", port, "--json",
        "--records", tmp_path / "records",
    )  # fmt: skip
    assert done.code == 2
    assert done.out == ""
    assert words in done.one_line()

"""The whole application at work: window, control process, a wire of 115,200 baud and a simulator,
eight hours of history in the plot, and another program that takes half of a core."""

import contextlib
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

from console.records import Store, read_journal
from console.records.entries import TickIn
from drivers.link.frame import Frame, encode
from drivers.link.messages import Stop, Telemetry
from tests.bench.figure import Figure, p99, spread
from tests.bench.paced_line import BYTE_S, paced_simulator

RUNS = 5
HOURS = 8.0
WAKE_EVERY_MS = 20.0
WARM_UP_S = 1.0
_MEGABYTE = 1_000_000
_BURN = "import time\nwhile True:\n end = time.perf_counter() + .005\n" + (
    " while time.perf_counter() < end: pass\n time.sleep(.005)\n"
)


class Run(NamedTuple):
    """What one run showed. All times ms, memory MB."""

    stop_ms: list[float]
    pixel_ms: list[float]
    late_ms: list[float]
    memory_mb: float


@contextlib.contextmanager
def half_a_core() -> Iterator[None]:
    """Somebody else's work beside ours."""
    process = subprocess.Popen([sys.executable, "-c", _BURN])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _pss_mb(process: psutil.Process) -> float:
    family = [process, *process.children(recursive=True)]
    return sum(each.memory_full_info().pss for each in family) / _MEGABYTE


def _one() -> Run:
    with tempfile.TemporaryDirectory() as name, half_a_core():
        folder = Path(name)
        log = folder / "log"
        with paced_simulator(folder, log) as port:
            app = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.bench.live_application"),
                    *(port, str(folder / "records"), str(HOURS)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            )
            assert app.stdout is not None
            assert app.stdin is not None
            told = json.loads(app.stdout.readline())
            memory_mb = _pss_mb(psutil.Process(app.pid))
            app.communicate("\n")
        frames = [line.split() for line in log.read_text().splitlines()]
        (session,) = Store(folder / "records").folders()
        (path,) = session.glob("*.journal")
        return Run(
            _stops([float(at) for at, kind, _ in frames if int(kind) == Stop.KIND], told),
            _pixels(
                [(float(at), int(ms)) for at, kind, ms in frames if int(kind) == Telemetry.KIND],
                told,
            ),
            _lateness([tick.now_ms for tick in read_journal(path).of(TickIn)]),
            memory_mb,
        )


def _stops(crossed: list[float], told: dict[str, list[float]]) -> list[float]:
    """From each press to the last byte of the next STOP on the wire."""
    return [(crossed[bisect_left(crossed, at)] - at) * 1e3 for at in told["presses"]]


def _pixels(crossed: list[tuple[float, int]], told: dict[str, list[list[float]]]) -> list[float]:
    """From the last byte of each sample that came while the plot was looked at to the first picture
    that holds it. The first second does not count: there the plot is given its eight hours at once,
    as it never is at work."""
    paints = told["paints"]
    from_s = paints[0][1] + WARM_UP_S
    drawn = [newest_s for newest_s, _ in paints]
    found = []
    for at, ms in crossed:
        first = bisect_left(drawn, ms / 1e3)
        if at > from_s and first < len(paints):
            found.append((paints[first][1] - at) * 1e3)
    return found


def _lateness(ticks: list[float]) -> list[float]:
    """How much later than asked the loop woke."""
    return [max(0.0, b - a - WAKE_EVERY_MS) for a, b in itertools.pairwise(ticks)]


def figures() -> dict[str, Figure]:
    """Milliseconds, and megabytes of all processes."""
    runs = [_one() for _ in range(RUNS)]
    wire_ms = len(encode(Frame(Stop.KIND, 1, 1, 0, b""))) * BYTE_S * 1e3

    def figure(what: str, samples: list[list[float]], budget: str, **most: float) -> Figure:
        every = [sample for run in samples for sample in run]
        median, worst = statistics.median(every), p99(every)
        ok = median <= most.get("median", worst) and worst <= most["p99"]
        ok = ok and max(every) <= most.get("longest", max(every))
        apart = spread([statistics.median(run) for run in samples])
        peer = wire_ms if what == "stop" else None
        ratio = None if peer is None else peer / median
        return Figure(median, worst, "ms", budget, ok, peer, ratio, apart)

    memory = [run.memory_mb for run in runs]
    return {
        "stop_to_wire": figure(
            "stop",
            [run.stop_ms for run in runs],
            "median at most 3, 99th percentile 10, none over 25",
            median=3,
            p99=10,
            longest=25,
        ),
        "sample_to_pixel": figure(
            "pixel",
            [run.pixel_ms for run in runs],
            "median at most 20, 99th percentile 60",
            median=20,
            p99=60,
        ),
        "control_loop_lateness": figure(
            "late", [run.late_ms for run in runs], "99th percentile at most 5", p99=5
        ),
        "memory_with_8_h": Figure(
            statistics.median(memory),
            max(memory),
            "MB",
            "at most 350",
            max(memory) <= 350,
            spread=spread(memory),
        ),
    }

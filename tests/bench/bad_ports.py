"""How long the window stands still while its port is dead, silent or babbling."""

import os
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.figure import Figure, p99, spread
from tests.window.bad_ports import garbage, nowhere, silent
from tests.window.user import Application

RUNS = 5
SECONDS = 4


def _gaps_ms(name: str) -> list[float]:
    """The longest gap in each of the seconds after the window is whole."""
    with tempfile.TemporaryDirectory() as folder:
        app = Application(name, Path(folder), offscreen=True)
        try:
            app.until("a whole window", lambda told: told["whole"])
            app.ask("longest gap since asked")
            gaps = []
            for _ in range(SECONDS):
                time.sleep(1)
                gaps.append(app.ask("longest gap since asked") * 1e3)
            return gaps
        finally:
            app.end()


def figures() -> dict[str, Figure]:
    """Milliseconds between two turns of the window's loop at their longest, a second a sample."""
    found = {}
    for make in (nowhere, silent, garbage):
        samples, medians = [], []
        for _ in range(RUNS):
            name, ends = make()
            gaps = _gaps_ms(name)
            for end in ends:
                os.close(end)
            medians.append(statistics.median(gaps))
            samples += gaps
        found[f"window_gap_{make.__name__}_port"] = Figure(
            statistics.median(samples),
            p99(samples),
            "ms",
            "none over 50",
            max(samples) <= 50,
            spread=spread(medians),
        )
    return found

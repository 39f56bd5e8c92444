"""What one update of the screen costs, after a minute and after eight hours of history."""

import json
import os
import statistics
import subprocess
import sys
from itertools import chain

from tests.bench.figure import Figure, p99, spread

RUNS = 5
MINUTE, DAY = 1 / 60, 8.0
CASES = {
    "screen_update_1_min": ("follow", MINUTE),
    "screen_update_8_h": ("follow", DAY),
    "screen_update_8_h_in_view": ("all", DAY),
}


def _run(which: str, hours: float) -> list[float]:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench.screen_updates", which, str(hours)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [float(each) for each in json.loads(ran.stdout)]


def figures() -> dict[str, Figure]:
    """Milliseconds from a snapshot to the end of its painting in the whole window; the peer is a
    bare plot that sets all points of four curves anew, as a naive application does."""
    runs = {name: [_run(*case) for _ in range(RUNS)] for name, case in CASES.items()}
    medians = {name: statistics.median(chain(*found)) for name, found in runs.items()}
    naive = {hours: statistics.median(_run("naive", hours)) for hours in (MINUTE, DAY)}
    found = {}
    for name, (which, hours) in CASES.items():
        share = medians[name] / medians["screen_update_1_min"]
        alike = which == "all" or share <= 1.2
        found[name] = Figure(
            medians[name],
            p99(list(chain(*runs[name]))),
            "ms",
            "median at most 4" + ("" if which == "all" else ", at most 1.2 times that at 1 min"),
            medians[name] <= 4 and alike,
            naive[hours],
            naive[hours] / medians[name],
            spread([statistics.median(run) for run in runs[name]]),
        )
    return found

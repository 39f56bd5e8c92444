"""How soon there is something to see: from starting the process, imports and all."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from tests.bench.figure import Figure, p99, spread

RUNS = 5
STARTS = 4
_CHILD = """
import json, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from console import cli
from console.model.snapshot import LinkState
app = QApplication(sys.argv[:1])
told = {}
def look():
    top = [w for w in app.topLevelWidgets() if w.objectName() == "window"]
    if top and "window" not in told and top[0].isVisible():
        QTimer.singleShot(0, lambda: told.setdefault("window", time.perf_counter()))
    shown = top[0].snapshot if top else None
    if shown is not None and shown.link.state is LinkState.OPEN and shown.observation is not None:
        told["connected"] = time.perf_counter()
        print(json.dumps(told), flush=True)
        app.exit(0)
timer = QTimer()
timer.timeout.connect(look)
timer.start(2)
cli.main(["--port", "sim://n2o", "--records", sys.argv[1]])
"""


def _one() -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        ran = subprocess.run(
            [sys.executable, "-c", _CHILD, folder],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        told = json.loads(ran.stdout)
        return told["window"] - began, told["connected"] - began


def figures() -> dict[str, Figure]:
    """Seconds from the start of the process to the first page on the screen, and to the first
    reading of the simulator; the files are in memory after a first start that does not count."""
    _one()
    runs = [[_one() for _ in range(STARTS)] for _ in range(RUNS)]
    found = {}
    for at, (name, most) in enumerate((("first_window", 1.0), ("connected", 2.0))):
        every = [each[at] for run in runs for each in run]
        found[name] = Figure(
            statistics.median(every),
            p99(every),
            "s",
            f"at most {most:g}",
            p99(every) <= most,
            spread=spread([statistics.median(each[at] for each in run) for run in runs]),
        )
    return found

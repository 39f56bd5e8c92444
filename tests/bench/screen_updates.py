"""Updates a screen many times: `python -m tests.bench.screen_updates WHICH HOURS`.

Prints the milliseconds of each update as one JSON document. WHICH is `follow`: the whole window in
a freeze, from the snapshot to the end of the painting; `all`: the same with all the history in
view; `naive`: a bare plot with four curves to which all points are given each time.
"""

import json
import sys
import time
from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication

from console import config
from console.ui.kit import theme
from console.ui.main_window import MainWindow
from console.ui.plot.history import History
from console.ui.scripted import DEMONSTRATION, Script
from tests.bench.live_application import before

WARM_UP = 10
UPDATES = {"follow": 200, "all": 200, "naive": 20}  # the last takes most of a second each
STEP_S = 0.05


class Ours:
    """The whole window."""

    def __init__(self, app: QApplication, hours: float, *, all_in_view: bool) -> None:
        theme.dress(app)
        self._window = MainWindow(
            presets=config.presets(), demonstration=DEMONSTRATION, list_ports=lambda: []
        )
        self._window.show()
        self._script = Script()
        self._window.apply(self._script.advance(STEP_S))
        self._script.choose()
        self._window.apply(self._script.advance(2.0))
        self._script.start()
        self._window.apply(self._script.advance(10.0))
        self._plot = self._window.pages.session.plot
        self._plot.history = History()
        self._plot.history.append(before(hours))
        if all_in_view:
            self._plot.follow.setChecked(False)
            self._plot.sheet.look_at(-hours * 3_600, 60.0)
        self._next = self._script.snapshot()

    def prepare(self) -> None:
        self._next = self._script.advance(STEP_S)
        self._plot._resting.stop()  # as if the eye had rested since the update before

    def update(self) -> None:
        self._window.apply(self._next)


class Naive:
    """All points anew."""

    def __init__(self, hours: float) -> None:
        self._plot = pg.PlotWidget()
        self._plot.resize(1_000, 400)
        self._plot.show()
        self._curves = [self._plot.plot() for _ in range(4)]
        samples = list(before(hours))
        self._xs = np.array([each.at_ms / 1e3 for each in samples])
        self._ys = np.array([each.tip_celsius for each in samples])

    def prepare(self) -> None:
        self._xs = np.append(self._xs, self._xs[-1] + STEP_S)
        self._ys = np.append(self._ys, -70.0)

    def update(self) -> None:
        for number, curve in enumerate(self._curves):
            curve.setData(self._xs, self._ys + number)


def timed(
    app: QApplication, updates: int, prepare: Callable[[], None], update: Callable[[], None]
) -> list[float]:
    """Milliseconds of each update and its painting."""
    took = []
    for _ in range(WARM_UP + updates):
        prepare()
        began = time.perf_counter()
        update()
        app.processEvents()
        took.append((time.perf_counter() - began) * 1e3)
    return took[WARM_UP:]


def main() -> None:
    which, hours = sys.argv[1], float(sys.argv[2])
    app = QApplication(sys.argv[:1])
    screen = Naive(hours) if which == "naive" else Ours(app, hours, all_in_view=which == "all")
    app.processEvents()
    print(json.dumps(timed(app, UPDATES[which], screen.prepare, screen.update)))


if __name__ == "__main__":
    main()

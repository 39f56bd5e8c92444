"""The application, played by itself: `python -m tests.bench.live_application PORT RECORDS HOURS`.

Takes up `HOURS` of history, starts a freeze, and presses STOP many times. Prints one JSON document:
`presses`, when each key went down, and `paints`, each `[device time drawn up to, when it was on the
screen]`, all in s of the machine's monotonic clock.
"""

import json
import math
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console import config, window
from console.model.request import ChoosePlan, StartFreeze
from console.model.snapshot import Phase, Sample, Snapshot
from console.ui.frame.judge import Page
from console.ui.main_window import MainWindow
from console.ui.plot.history import History

PRESSES = 60
SAMPLE_MS = 50
WARM_UP_S = 5.0


def before(hours: float) -> Iterator[Sample]:
    """Samples at 20 Hz from before the device's clock began, freezes and thaws among them."""
    for at_ms in range(-round(hours * 3_600_000), 0, SAMPLE_MS):
        tip_celsius = -20.0 + 50.0 * math.cos(at_ms / 30_000)
        yield Sample(at_ms, tip_celsius, 5_050.0, 150.0, 100.0, False)


def _open(snapshot: Snapshot, control: str) -> bool:
    return control in snapshot.controls and snapshot.controls[control].blocked is None


class Player(QObject):
    """Hands and eyes inside the application."""

    def __init__(self, hours: float) -> None:
        super().__init__()
        self._history = History()
        self._history.append(before(hours))
        self._chance = random.Random(1)
        self._presses: list[float] = []
        self._paints: list[tuple[float, float]] = []
        self._asked: set[str] = set()
        self._freezing_s: float | None = None
        self._main: MainWindow | None = None
        self._next()

    def _next(self) -> None:
        QTimer.singleShot(self._chance.randrange(150, 350), self._play)

    def _play(self) -> None:
        if self._main is None:
            found = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
            self._main = found[0] if found else None
        main = self._main
        snapshot = main.snapshot if main is not None else None
        if main is None or snapshot is None or not main.pages.is_made(Page.SESSION):
            self._next()
            return
        phase = snapshot.procedure.phase
        if phase is Phase.PREPARE and snapshot.samples:
            plan = config.demonstration()
            self._once("plan", lambda: main.requested.emit(ChoosePlan(plan, how="demonstration")))
        elif phase is Phase.READY and _open(snapshot, "start_freeze"):
            self._once("history", lambda: self._remember(main))
            self._once("start", lambda: main.requested.emit(StartFreeze()))
        elif self._freezing_s is None and phase is Phase.FREEZING:
            self._freezing_s = time.perf_counter()
        elif self._freezing_s is not None and time.perf_counter() - self._freezing_s > WARM_UP_S:
            self._presses.append(time.perf_counter())
            QTest.keyClick(main, Qt.Key.Key_Escape)
        if len(self._presses) < PRESSES:
            self._next()
        else:
            QTimer.singleShot(1_000, self._tell)

    def _once(self, what: str, do: object) -> None:
        if what not in self._asked:
            self._asked.add(what)
            do()  # type: ignore[operator]

    def _remember(self, main: MainWindow) -> None:
        plot = main.pages.session.plot
        plot.history = self._history
        plot.sheet.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint and isinstance(watched, QWidget):
            assert self._main is not None
            newest = self._main.pages.session.plot.sheet.painted_s
            if newest is not None:
                # The loop comes round to this when the paint is done.
                QTimer.singleShot(0, lambda: self._paints.append((newest, time.perf_counter())))
        return False

    def _tell(self) -> None:
        print(json.dumps({"presses": self._presses, "paints": self._paints}), flush=True)
        sys.stdin.readline()  # whoever asked has looked at the processes
        QApplication.exit(0)  # quit() would ask the window, which asks the operator


def main() -> int:
    port, records, hours = sys.argv[1:]
    app = QApplication(sys.argv[:1])
    player = Player(float(hours))
    code = window.open_window(port, Path(records))
    del player, app
    return code


if __name__ == "__main__":
    sys.exit(main())

"""The application itself, offscreen, with hands of its own: it chooses the demonstration and starts
the first freeze, nothing more, and says every 100 ms on stdout what it shows, a line of JSON each.

Arguments: the port, the folder of the records.
"""

import json
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from console import window
from console.model.snapshot import Phase
from console.ui.frame.judge import Page
from console.ui.main_window import MainWindow

EVERY_MS = 100
WITHIN_S = 120


class Hands(QObject):
    def __init__(self) -> None:
        super().__init__()
        self._held: QAbstractButton | None = None
        self._started = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(EVERY_MS)

    def _look(self) -> None:
        main = next((w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)), None)
        if main is None or not main.pages.is_made(Page.SESSION):
            return  # as a person does, it begins when the window is whole
        snapshot = main.snapshot
        phase = snapshot.procedure.phase if snapshot is not None else None
        words = [label.text() for label in main.findChildren(QLabel) if label.isVisible()]
        said = " | ".join(words).replace("&nbsp;", " ")
        print(json.dumps({"phase": phase, "words": said}), flush=True)
        if self._held is not None and phase is not Phase.READY:
            QTest.mouseRelease(self._held, Qt.MouseButton.LeftButton)
            self._held = None
        elif phase is Phase.PREPARE and (button := _button(main, "Demonstration")):
            button.click()
        elif phase is Phase.READY and not self._started:
            self._held = _button(main, "Start freeze")
            if self._held is not None:
                self._started = True
                QTest.mousePress(self._held, Qt.MouseButton.LeftButton)


def _button(main: MainWindow, name: str) -> QAbstractButton | None:
    for button in main.findChildren(QAbstractButton):
        said = button.accessibleName() or button.text()
        if button.isVisible() and button.isEnabled() and said.startswith(name):
            return button
    return None


def main() -> int:
    signal.alarm(WITHIN_S)  # nobody waits for it for ever
    app = QApplication(sys.argv[:1])
    hands = Hands()
    code = window.open_window(sys.argv[1], Path(sys.argv[2]))
    del hands, app
    return code


if __name__ == "__main__":
    sys.exit(main())

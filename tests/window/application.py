"""The application as its user starts it, in a process of its own, with an ear on stdin that tells
where its controls are and what it shows. It presses nothing: the test does that from outside."""

import argparse
import json
import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from console import window
from console.ui.frame.judge import Page
from console.ui.kit.buttons import EnterButton
from console.ui.main_window import MainWindow

FRAME_MS = 30
BEAT_MS = 5


class Ear(QObject):
    """Hears questions on a thread, answers them on the main one."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        # A question is answered a frame later: whoever asks on and on leaves the window its time.
        self.asked.connect(
            lambda question: QTimer.singleShot(FRAME_MS, lambda: self._answer(question)),
            Qt.ConnectionType.QueuedConnection,
        )

        # The longest time in which the main thread painted nothing and heard nothing.
        self._beat_s = time.monotonic()
        self._gap_s = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def _beat(self) -> None:
        now = time.monotonic()
        self._gap_s = max(self._gap_s, now - self._beat_s)
        self._beat_s = now

    def listen(self) -> None:
        for line in sys.stdin:
            self.asked.emit(line.strip())

    def _answer(self, question: str) -> None:
        if question == "longest gap since asked":
            told, self._gap_s = self._gap_s, 0.0
            print(json.dumps(told), flush=True)
        else:
            print(json.dumps(_told(question)), flush=True)


def _told(question: str) -> object:
    main = next((w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)), None)
    if main is None or not main.isVisible():
        return None
    if question.startswith("picture "):
        return main.grab().save(question.removeprefix("picture "))
    if question == "state":
        return _state(main)
    for button in [*main.findChildren(QAbstractButton), *main.findChildren(QLineEdit)]:
        if button.isVisible() and _name(button).startswith(question):
            place = button.mapToGlobal(button.rect().center())
            # As a person does, whoever presses has looked at it first.
            seen = not isinstance(button, EnterButton) or button.settled
            return {"x": place.x(), "y": place.y(), "enabled": button.isEnabled() and seen}
    return None


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or getattr(widget, "text", str)()


def _state(main: MainWindow) -> object:
    shown = main.snapshot
    if shown is None:
        labels = [label.text() for label in main.findChildren(QLabel) if label.isVisible()]
        return {
            "phase": None,
            "words": " | ".join(labels),
            "whole": main.pages.is_made(Page.SESSION),
        }
    seen = shown.observation
    return {
        "phase": shown.procedure.phase.value,
        "whole": main.pages.is_made(Page.SESSION),
        "link": shown.link.state.value,
        "testing": shown.procedure.stimulation.running,
        "set_ua": shown.procedure.stimulation.set_ua,
        "headline": shown.procedure.headline,
        "detail": shown.procedure.detail,
        "gas_off_s": shown.procedure.gas_off_s or 0.0,
        "estimate": None if shown.estimate is None else shown.estimate.at_ms,
        "own_alarms": [alarm.id for alarm in main.own.shown],
        "tip": seen.tip_celsius if seen is not None else None,
        "valve_open": seen.valve_open if seen is not None else None,
        "not_ready": [light.words for light in shown.interlocks if not light.ready],
        "controls": {name: control.blocked for name, control in shown.controls.items()},
        "alarms": [alarm.id for alarm in shown.alarms],
        "cycles": len(shown.procedure.records),
        "journal": shown.journal,
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port")
    parser.add_argument("--records", type=Path)
    told = parser.parse_args()
    app = QApplication(sys.argv[:1])  # the window takes the one that is there
    ear = Ear()
    threading.Thread(target=ear.listen, daemon=True).start()
    code = window.open_window(told.port, told.records)
    del app
    return code


if __name__ == "__main__":
    sys.exit(main())

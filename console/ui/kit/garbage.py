"""Cycles of Python objects are collected on the main thread alone: what a collection deletes may be
a widget, and a widget that another thread deletes takes the whole screen with it."""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS: Final = 200


class MainThreadCollector(QObject):
    """Takes the collector's place from now on, with its own thresholds, until `end`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(look)
        self._timer.start()

    def end(self) -> None:
        """Gives it back."""
        self._timer.stop()
        gc.enable()


def look() -> int | None:
    """Collects the oldest generation that is due; which, None while none is."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return generation
    return None


def keep() -> None:
    """What is there now stays: no collection need look at it again in a freeze."""
    gc.collect()
    gc.freeze()

"""The window that looks on at a soak: the real one, without a display."""

import time
from typing import Final

from PySide6.QtWidgets import QApplication

from console import config
from console.control import picture
from console.control.state import State
from console.ui.kit import theme
from console.ui.main_window import MainWindow

FRAME_EVERY_MS: Final = {False: 5_000, True: 60}
"""Simulated time between frames, by whether the soak runs in real time."""


class Window:
    """Shows what is so now; each frame is timed from the snapshot to the end of its painting."""

    def __init__(self, *, real_time: bool) -> None:
        self._app = QApplication.instance() or QApplication([])
        assert isinstance(self._app, QApplication)
        theme.dress(self._app)
        self._window = MainWindow(
            presets=config.presets(), demonstration=config.demonstration(), list_ports=lambda: []
        )
        self._window.show()
        self._every_ms = FRAME_EVERY_MS[real_time]
        self.frames_ms: list[float] = []

    def look(self, state: State, now_ms: int) -> None:
        """Shows this moment if a frame is due."""
        if now_ms % self._every_ms:
            return
        shown = picture.snapshot(state, float(now_ms), None)
        began = time.perf_counter()
        self._window.apply(shown)
        self._app.processEvents()
        self.frames_ms.append((time.perf_counter() - began) * 1_000)

    def close(self) -> None:
        """The window goes."""
        self._window.close_now()

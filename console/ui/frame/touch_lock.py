# ruff: noqa: N802 - Qt names what it calls
"""The lock against stray touches: of gloves, drapes, a sleeve. It never locks STOP."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

_TOUCHES: Final = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TouchEnd,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletRelease,
        QEvent.Type.NativeGesture,
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
    }
)
_PASS: Final = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Backtab})
"""STOP, and the way by keys to what unlocks."""


class TouchLock(QObject):
    """While it is locked, no pointer and no key reaches a control of `window`, but for `free`: STOP
    and what unlocks. It looks at events only then."""

    def __init__(self, window: QWidget, free: Sequence[QWidget]) -> None:
        super().__init__(window)
        self._window, self._free = window, tuple(free)
        self.locked = False

    def lock(self, on: bool) -> None:
        """Locks or unlocks."""
        app = QApplication.instance()
        if on is not self.locked and app is not None:
            self.locked = on
            app.installEventFilter(self) if on else app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """True for what the lock has eaten."""
        if event.type() not in _TOUCHES or not isinstance(watched, QWidget):
            return False
        if isinstance(event, QKeyEvent) and event.key() in _PASS:
            return False
        if watched.window() is not self._window:
            return False
        return not any(one is watched or one.isAncestorOf(watched) for one in self._free)

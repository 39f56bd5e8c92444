# ruff: noqa: N802 - Qt names what it calls
"""Esc and Space are STOP, from everywhere in the application, at key-down."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

_STOP: Final = (Qt.Key.Key_Escape, Qt.Key.Key_Space)
_KEY_EVENTS: Final = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride)


class StopKeys(QObject):
    """An application-wide filter. The two keys never reach a control; Space types in a focused
    text field while `may_type()` says so."""

    def __init__(
        self,
        stop: Callable[[str], None],
        may_type: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._stop = stop
        self._may_type = may_type

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """True for what the filter has eaten."""
        if event.type() not in _KEY_EVENTS or not isinstance(event, QKeyEvent):
            return False
        if event.key() not in _STOP:
            return False
        if event.key() == Qt.Key.Key_Space and self._typing(watched):
            return False
        if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
            self._stop("key")
        return True

    def _typing(self, watched: QObject) -> bool:
        field = isinstance(watched, QLineEdit) or isinstance(QApplication.focusWidget(), QLineEdit)
        return field and self._may_type()

# ruff: noqa: N802 - Qt names what it calls
"""What hands do to the window, before any control hears of it: fingers on STOP, presses that a STOP
ends, presses on what has only just come, and the lock against stray touches.

It looks at what the system gives to the window itself. Qt makes a mouse of the first finger alone,
and gives it to one control; here every finger is seen, whatever else is touched or locked."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QEventPoint, QKeyEvent, QMouseEvent, QTouchEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from console.ui.frame.top_bar import StopButton
from console.ui.kit.buttons import ENTER, EnterButton

_TOUCH: Final = frozenset(
    {
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TouchEnd,
        QEvent.Type.TouchCancel,
    }
)
_KEY: Final = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease})
_OTHER: Final = frozenset(
    {
        QEvent.Type.Wheel,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletRelease,
        QEvent.Type.NativeGesture,
    }
)
_PASS: Final = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Backtab})
"""STOP, and the way by keys to what unlocks."""


class _Press(Enum):
    """What becomes of the pointer's press."""

    NONE = auto()
    LIVE = auto()
    ENDED = auto()
    """By a STOP: it has begun, and nothing comes of it."""
    DROPPED = auto()
    """No control hears of it."""


class Hands(QObject):
    """Watches the native window of `window`. While `locked`, no pointer and no key reaches a
    control, but for STOP and `free`: what unlocks."""

    def __init__(self, window: QWidget, stop: StopButton, free: Sequence[QWidget]) -> None:
        super().__init__(window)
        self._window, self._stop, self._free = window, stop, (stop, *free)
        self._on_stop: set[int] = set()  # fingers that came down on STOP
        self._press = _Press.NONE
        self._held: list[EnterButton] = []  # by pointer or Enter
        self._key_dropped = False
        self.locked = False

    def watch(self) -> None:
        """Watches the native window, if it is there."""
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)  # Qt takes the earlier one off

    def let_go(self) -> None:
        """A STOP: presses that have begun come to nothing."""
        for button in self._held:
            if isValid(button):
                button.cancel()
        self._held.clear()
        if self._press is _Press.LIVE:
            self._press = _Press.ENDED

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """True for what no control is to hear of."""
        kind = event.type()
        if kind in _TOUCH and isinstance(event, QTouchEvent):
            return self._touched(event)
        if isinstance(event, QMouseEvent):
            return self._pointed(event)
        if kind in _KEY and isinstance(event, QKeyEvent):
            return self._keyed(event)
        return self.locked and kind in _OTHER

    # --- fingers --------------------------------------------------------------------------------

    def _touched(self, event: QTouchEvent) -> bool:
        for point in event.points():
            if point.state() is QEventPoint.State.Released:
                self._on_stop.discard(point.id())
            elif point.state() is QEventPoint.State.Pressed and self._is_stop(point):
                self._on_stop.add(point.id())
                self._stop.setDown(True)
                self._stop.pressed.emit()
        if event.type() is QEvent.Type.TouchCancel:
            self._on_stop.clear()
            self.let_go()
        if not self._on_stop:
            self._stop.setDown(False)
        if self.locked:
            event.ignore()  # Qt still makes a mouse of it, which may unlock
        return self.locked

    def _is_stop(self, point: QEventPoint) -> bool:
        at = self._stop.mapFrom(self._window, point.position().toPoint())
        return self._stop.rect().contains(at)

    # --- the pointer ----------------------------------------------------------------------------

    def _pointed(self, event: QMouseEvent) -> bool:
        match event.type():
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick:
                if event.button() is not Qt.MouseButton.LeftButton:
                    return self.locked
                self._press = self._pressed(event)
                return self._press is _Press.DROPPED
            case QEvent.Type.MouseMove:
                return self._press in (_Press.ENDED, _Press.DROPPED)
            case QEvent.Type.MouseButtonRelease if event.button() is Qt.MouseButton.LeftButton:
                dropped = self._press is _Press.DROPPED
                self._press = _Press.NONE
                self._held.clear()
                return dropped
        return False

    def _pressed(self, event: QMouseEvent) -> _Press:
        under = self._window.childAt(event.position().toPoint())
        if self.locked and not self._is_free(under):
            return _Press.DROPPED
        if under is self._stop:
            by_touch = event.source() is Qt.MouseEventSource.MouseEventSynthesizedByQt
            return _Press.DROPPED if by_touch else _Press.LIVE  # the touch itself was STOP
        return _Press.LIVE if self._meant(under) else _Press.DROPPED

    def _is_free(self, widget: QWidget | None) -> bool:
        return any(one is widget for one in self._free)

    def _meant(self, widget: QWidget | None) -> bool:
        """Whether a press on it is to count; where it is one on a button, that is held."""
        if isinstance(widget, EnterButton) and widget.isEnabled():
            if not widget.settled:
                widget.show_dropped()
                return False
            self._held.append(widget)
        return True

    # --- keys -----------------------------------------------------------------------------------

    def _keyed(self, event: QKeyEvent) -> bool:
        focus = QApplication.focusWidget()
        if self.locked and event.key() not in _PASS and not self._is_free(focus):
            return True
        if event.key() not in ENTER:
            return False
        if event.type() is QEvent.Type.KeyRelease:
            if event.isAutoRepeat():
                return self._key_dropped
            dropped, self._key_dropped = self._key_dropped, False
            return dropped
        if not event.isAutoRepeat():
            self._key_dropped = not self._meant(focus)
        return self._key_dropped

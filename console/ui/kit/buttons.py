# ruff: noqa: N802 - Qt names what it calls
"""Buttons: a name, and a line that says what it does or why it is locked. Some must be held."""

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from console.ui.kit.parts import label, mark, say, show
from console.ui.kit.seen import Seen, Sight
from console.ui.kit.theme import DARK, RADIUS, TOUCH, TOUCH_MAIN, Palette

HOLD_S: Final = 1.0
ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DROPPED_MS: Final = 900
"""For so long a button shows that a press on it was dropped."""


class EnterButton(QPushButton):
    """Pressed by a tap or by Enter. Space never presses it: Space is STOP. At least `least` pixels
    high: a touch target. `means`: what it stands for, where that is not its text; `at_once`: it
    takes a press as soon as it is there."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, least: int = TOUCH
    ) -> None:
        super().__init__(text, parent)
        self.least = least
        self.means = self._question = ""
        self.at_once = False
        self._seen = Seen()
        self._veil: QLabel | None = None
        self.setMinimumHeight(least)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # by keys alone: a tap leaves no ring
        if text:
            self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        """The text, and no less than the touch target."""
        return super().sizeHint().expandedTo(QSize(self.least, self.least))

    def minimumSizeHint(self) -> QSize:
        """As sizeHint: no text is cut."""
        return self.sizeHint()

    # --- which presses are meant ----------------------------------------------------------------

    @staticmethod
    def clock() -> float:
        """Now, in s."""
        return time.monotonic()

    @property
    def settled(self) -> bool:
        """Whether it has stood on the screen as it is for long enough for a press to be meant."""
        return self.at_once or self._seen.settled(self._sight(), self.clock())

    def cancel(self) -> None:
        """Gives up a press that has begun: nothing comes of it when it ends."""
        self.setDown(False)

    def answers(self, question: str) -> None:
        """What it answers from now on."""
        if question != self._question:
            self._question = question
            self.update()

    def show_dropped(self) -> None:
        """Shows that a press was dropped, because the button had only just come."""
        if self._veil is None:
            self._veil = veil = label(self.tr("Just changed: press again"), "dropped", wrap=True)
            veil.setParent(self)
            veil.setAlignment(Qt.AlignmentFlag.AlignCenter)
            veil.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            veil.resize(self.size())
            if veil.heightForWidth(self.width()) > self.height():
                veil.setText("↻")
            veil.show()
            QTimer.singleShot(_DROPPED_MS, self, self._unveil)

    @property
    def shows_dropped(self) -> bool:
        """Whether it says now that a press was dropped."""
        return self._veil is not None

    def _unveil(self) -> None:
        if self._veil is not None:
            self._veil.hide()
            self._veil.deleteLater()
            self._veil = None

    def _name(self) -> str:
        return self.means or self.text()

    def _sight(self) -> Sight:
        place = QRect(self.mapTo(self.window(), QPoint()), self.size())
        return Sight(self._name(), self._question, place)

    def hideEvent(self, event: QHideEvent) -> None:
        """What is hidden is not seen."""
        super().hideEvent(event)
        self._seen.forget()
        self._unveil()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, as it is seen from now on."""
        super().paintEvent(event)
        self._seen.paint(self._sight(), self.clock())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter activates."""
        if event.key() in ENTER and not event.isAutoRepeat():
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            event.accept()
        else:
            super().keyPressEvent(event)


class PressButton(EnterButton):
    """A name and a line under it. Disabled while it is blocked, and then shows why in that line."""

    def __init__(
        self,
        title: str = "",
        detail: str = "",
        parent: QWidget | None = None,
        *,
        least: int = TOUCH_MAIN,
    ) -> None:
        super().__init__("", parent, least=least)
        self.title = label("", "action", wrap=True)
        self.detail = label("", "why", wrap=True)
        column = QVBoxLayout(self)
        self._column = column
        column.setContentsMargins(8, 3, 8, 3)
        column.setSpacing(0)
        column.addStretch(1)
        for part in (self.title, self.detail):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)
        column.addStretch(1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_words(title, detail)

    def set_words(self, title: str, detail: str = "", blocked: str | None = None) -> None:
        """What the button says. A reason in `blocked` disables it and stands in the second line."""
        why = blocked or detail
        say(self.title, title)
        say(self.detail, why)
        mark(self.title, "locked", "true" if blocked is not None else "false")
        show(self.detail, bool(why))
        if self.accessibleName() != title:
            self.setAccessibleName(title)
        if self.accessibleDescription() != why:
            self.setAccessibleDescription(why)
        if blocked is not None and self.hasFocus():
            self.clearFocus()  # Qt would hand the keys to whatever comes next
        if self.isEnabled() != (blocked is None):
            self.setEnabled(blocked is None)

    def _name(self) -> str:
        return self.means or self.title.text()

    def sizeHint(self) -> QSize:
        """Room for both lines."""
        return self._column.sizeHint().expandedTo(QSize(150, self.least))

    def minimumSizeHint(self) -> QSize:
        """The touch target, or what the words need."""
        return self._column.minimumSize().expandedTo(QSize(110, self.least))

    def hasHeightForWidth(self) -> bool:
        """Words wrap, so that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height that the words need at this width."""
        return max(self.least, self._column.heightForWidth(width))


class HoldButton(PressButton):
    """Emits `held` after it was pressed, by pointer or Enter, for a whole second without a break.
    Letting go, leaving it, losing the focus, or a change of its name or of its lock starts anew."""

    held = Signal()

    def __init__(
        self,
        title: str = "",
        detail: str = "",
        *,
        look: Palette = DARK,
        clock: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        self._since: float | None = None
        self._clock = clock
        super().__init__(title, detail, parent)
        self._look = look
        self._timer = QTimer(self)
        self._timer.setInterval(25)
        self._timer.timeout.connect(self.advance)

    @property
    def progress(self) -> float:
        """How much of the second has been held, 0 to 1."""
        if self._since is None:
            return 0.0
        return min(1.0, (self._clock() - self._since) / HOLD_S)

    def set_words(self, title: str, detail: str = "", blocked: str | None = None) -> None:
        """As in PressButton; a hold that meant something else is let go."""
        if self._since is not None and (title != self.title.text() or blocked is not None):
            self._let_go()
        super().set_words(title, detail, blocked)

    def advance(self) -> None:
        """Looks at the clock; fires when the second is over. Called by the button's own timer."""
        if self._since is None:
            return
        if self.progress >= 1.0:
            self._let_go()
            self.held.emit()
        else:
            self.update()

    def cancel(self) -> None:
        """Lets go."""
        self._let_go()

    def _grip(self) -> None:
        if self.isEnabled() and self._since is None:
            self._since = self._clock()
            self._timer.start()
            self.update()

    def _let_go(self) -> None:
        self._since = None
        self._timer.stop()
        self.setDown(False)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begins to hold."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A finger that slides off lets go."""
        super().mouseMoveEvent(event)
        if self._since is not None and not self.rect().contains(event.position().toPoint()):
            self._let_go()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets go."""
        super().mouseReleaseEvent(event)
        self._let_go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, kept down, holds."""
        if event.key() in ENTER:
            if not event.isAutoRepeat():
                self._grip()
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Lets go."""
        if event.key() in ENTER and not event.isAutoRepeat():
            self._let_go()
            return
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Lets go."""
        super().focusOutEvent(event)
        self._let_go()

    def changeEvent(self, event: QEvent) -> None:
        """Lets go when it is disabled."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange and not self.isEnabled():
            self._let_go()

    def hideEvent(self, event: QHideEvent) -> None:
        """Lets go."""
        super().hideEvent(event)
        self._let_go()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and over it how much of the second has been held."""
        super().paintEvent(event)
        done = self.progress
        if done <= 0.0:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(self.rect().adjusted(2, 2, -2, -2), RADIUS - 2, RADIUS - 2)
        painter.setClipPath(shape)
        painter.fillRect(
            0, 0, round(self.width() * done), self.height(), QColor(self._look.progress)
        )

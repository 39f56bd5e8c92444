# ruff: noqa: N802 - Qt names what it calls
"""A pad of digits for gloved fingers: one widget, lent to whatever wants a number."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.ui.kit.buttons import EnterButton, PressButton
from console.ui.kit.parts import label, mark, say, show
from console.ui.kit.theme import GAP, TOUCH

_MOST: Final = 12
_KEYS: Final = ("7", "8", "9", "4", "5", "6", "1", "2", "3")


class PadKind(StrEnum):
    """What is entered: the sign between its digits."""

    DECIMAL = "."
    TIME = ":"
    CODE = "-"
    WHOLE = ""


class NumberPad(QWidget):
    """`left` comes when it is done with: entered, or given up."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._take: Callable[[str], str | None] = lambda text: None
        self._text = ""
        self._fresh = True  # the first digit replaces what stood there
        self._kind = PadKind.WHOLE
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleDescription(self.tr("The digits of a keyboard do as its keys"))
        self.caption = label("", "name", wrap=True)
        self.why = label("", "name", wrap=True)  # in the caption's place: the keys stand still
        self.value = label("", "headline")
        self.value.setProperty("keys", "false")
        self.unit = label("", "name")
        shown = QHBoxLayout()
        shown.setSpacing(8)
        shown.addWidget(self.caption, 1)
        shown.addWidget(self.why, 1)
        shown.addWidget(self.value)
        shown.addWidget(self.unit)
        grid = QGridLayout()
        grid.setSpacing(GAP)
        self.keys = {text: self._key(text) for text in (*_KEYS, "0")}
        for index, text in enumerate(_KEYS):
            grid.addWidget(self.keys[text], index // 3, index % 3)
        self.sign = self._key(".")
        self.erase = EnterButton("⌫", least=TOUCH)
        self.erase.setAccessibleName(self.tr("Take the last digit back"))
        self.erase.clicked.connect(self._erase)
        grid.addWidget(self.sign, 3, 0)
        grid.addWidget(self.keys["0"], 3, 1)
        grid.addWidget(self.erase, 3, 2)
        self.give_up = PressButton(self.tr("Back"), self.tr("as it was"), least=56)
        self.give_up.clicked.connect(self.left)
        self.enter = PressButton(self.tr("Enter"), least=56)
        self.enter.setProperty("role", "primary")
        self.enter.clicked.connect(self._enter)
        ends = QHBoxLayout()
        ends.setSpacing(GAP)
        ends.addWidget(self.give_up, 1)
        ends.addWidget(self.enter, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(shown)
        column.addLayout(grid)
        column.addStretch(1)
        column.addLayout(ends)

    def _key(self, text: str) -> EnterButton:
        key = EnterButton(text, least=TOUCH)
        key.setProperty("role", "side")
        key.clicked.connect(lambda: self._press(key.text()))
        return key

    def lend(
        self,
        caption: str,
        text: str,
        take: Callable[[str], str | None],
        kind: PadKind = PadKind.WHOLE,
        unit: str = "",
    ) -> None:
        """Begins with `text`, which the first digit replaces. `take` is given what was entered, and
        says in words why it cannot be, None when it was taken."""
        self._take, self._kind, self._fresh = take, kind, True
        say(self.caption, caption)
        say(self.unit, unit)
        show(self.unit, bool(unit))
        self.sign.setText(kind.value)
        self.sign.setAccessibleName(kind.value or self.tr("no sign"))
        self.sign.setEnabled(bool(kind.value))
        self.sign.setAccessibleDescription("" if kind.value else self.tr("whole numbers only"))
        self._say_why("")
        self._put(text)
        self.setFocus()

    def _put(self, text: str) -> None:
        self._text = text
        say(self.value, text or "–")
        self.setAccessibleName(f"{self.caption.text()}: {text}")

    def _say_why(self, why: str) -> None:
        say(self.why, why)
        show(self.why, bool(why))
        show(self.caption, not why)

    def _press(self, sign: str) -> None:
        before = "" if self._fresh else self._text
        self._fresh = False
        once = sign == self._kind.value and self._kind is not PadKind.CODE
        if len(before) >= _MOST:
            self._say_why(self.tr("{most} digits at most").format(most=_MOST))
        elif once and sign in before:
            self._say_why(self.tr("{sign} is there already").format(sign=sign))
        else:
            self._say_why("")
            self._put(before + sign)

    def _erase(self) -> None:
        self._fresh = False
        self._put(self._text[:-1])

    def _enter(self) -> None:
        why = self._take(self._text.strip())
        self._say_why(why or "")
        if why is None:
            self.left.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows where the keys go."""
        super().focusInEvent(event)
        mark(self.value, "keys", "true")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Or no longer go."""
        super().focusOutEvent(event)
        mark(self.value, "keys", "false")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, the sign, Backspace and Enter of a keyboard do as their keys."""
        text = event.text()
        if text == "," and self._kind is PadKind.DECIMAL:
            text = PadKind.DECIMAL.value
        if text and (text in self.keys or text == self._kind.value):
            self._press(text)
        elif event.key() == Qt.Key.Key_Backspace:
            self._erase()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif text.isprintable() and text:
            self._say_why(self.tr("{key} is no key here: nothing was entered").format(key=text))
        else:
            super().keyPressEvent(event)


def seconds_of(text: str) -> float | None:
    """ "1:30" as seconds, or "90"; None for what is no time."""
    minutes, sign, seconds = text.partition(":")
    if not sign:
        return float(text) if text.isdecimal() else None
    if not seconds.isdecimal() or len(seconds) != 2 or int(seconds) > 59:
        return None
    if minutes and not minutes.isdecimal():
        return None
    return int(minutes or "0") * 60.0 + int(seconds)


def decimal_of(text: str) -> float | None:
    """ "3.4" as a number; None for what is none."""
    whole, _, part = text.partition(".")
    if not (whole or part) or not (whole + part).isdecimal():
        return None
    return float(f"{whole or 0}.{part or 0}")

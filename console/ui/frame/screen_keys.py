"""The keys of the screen itself, under the steps: how it looks, and the lock against touches."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from shiboken6 import isValid

from console.ui.kit.buttons import EnterButton, HoldButton
from console.ui.kit.palette import Look
from console.ui.kit.parts import mark, show
from console.ui.kit.theme import GAP


class ScreenKeys(QWidget):
    """`theme` names the theme that a press changes to. It is there while gas and stimulator are
    off: to colour everything anew holds the main thread for some tenths of a second, and the
    screen's lease is not to be risked for it. `lock_wanted`: whether to lock touch; unlocking is
    held for a second."""

    lock_wanted = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._locked = self._gas = False
        self._before: QWidget | None = None  # had the keys when touch was locked
        self.theme = EnterButton()
        self.lock = EnterButton(_in_two(self.tr("Lock touch")))
        self.lock.setAccessibleName(self.tr("Lock the screen against stray touches"))
        self.unlock = HoldButton(
            self.tr("Unlock: hold 1 s"), self.tr("touch locked, STOP works"), look=look
        )
        mark(self.unlock, "role", "primary")
        self.theme.setObjectName("theme")
        self.lock.setObjectName("lock")
        self.lock.clicked.connect(lambda: self.lock_wanted.emit(True))
        self.unlock.held.connect(lambda: self.lock_wanted.emit(False))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for key in (self.theme, self.lock, self.unlock):
            row.addWidget(key, 1)
        self.recolour()
        self._offer()

    def apply(self, gas_may_be_on: bool) -> None:
        """Offers what may be pressed now."""
        if gas_may_be_on is not self._gas:
            self._gas = gas_may_be_on
            self._offer()

    def show_locked(self, locked: bool) -> None:
        """Offers to unlock, or to lock."""
        self._locked = locked
        before = QApplication.focusWidget() if locked else self._before
        self._offer()
        if locked:
            self.unlock.setFocus()
        elif before is not None and isValid(before):
            before.setFocus()
        self._before = before

    def _offer(self) -> None:
        keeps = self.theme.sizePolicy()  # the lock stays where it is when gas comes on
        keeps.setRetainSizeWhenHidden(not self._locked)
        self.theme.setSizePolicy(keeps)
        show(self.theme, not self._gas and not self._locked)
        show(self.lock, not self._locked)
        show(self.unlock, self._locked)

    def recolour(self) -> None:
        """Offers the other theme."""
        words = {"dark": self.tr("Dark screen"), "light": self.tr("Light screen")}
        self.theme.setText(_in_two(words[self._look.other]))
        self.theme.setAccessibleName(words[self._look.other])


def _in_two(words: str) -> str:
    """On two lines: half a row is too narrow for one."""
    return words.replace(" ", "\n", 1)

"""The keys of the screen itself, under the steps: how it looks."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.ui.buttons import EnterButton
from console.ui.palette import Look
from console.ui.parts import show
from console.ui.theme import GAP


class ScreenKeys(QWidget):
    """`theme` names the theme that a press changes to. It is there while gas and stimulator are
    off: to colour everything anew holds the main thread for some tenths of a second, and the
    screen's lease is not to be risked for it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.theme = EnterButton()
        self.theme.setObjectName("theme")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.theme, 1)
        self.recolour()

    def apply(self, gas_may_be_on: bool) -> None:
        """Offers what may be pressed now."""
        show(self.theme, not gas_may_be_on)

    def recolour(self) -> None:
        """Offers the other theme."""
        words = {"dark": self.tr("Dark\nscreen"), "light": self.tr("Light\nscreen")}
        self.theme.setText(words[self._look.other])
        self.theme.setAccessibleName(words[self._look.other].replace("\n", " "))

"""A reason in the operator's own words: a field, and what is done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.model.override import LONGEST_REASON
from console.ui.kit.buttons import HoldButton, PressButton
from console.ui.kit.parts import show
from console.ui.kit.theme import DARK, GAP, TOUCH_MAIN, Palette


class OwnWords(QWidget):
    """`given` carries the reason, `left` comes when it is given up. `hold`: what follows is held
    for a second. Who shows it hides it while gas or stimulation may be on: Space is STOP then."""

    given = Signal(str)
    left = Signal()

    def __init__(
        self, *, hold: bool, beside: bool = False, look: Palette = DARK,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._hold = hold
        self._said = ("", "")
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Reason, without names"))
        self.field.setAccessibleName(self.tr("The reason, in your own words, without names"))
        self.field.setMaxLength(LONGEST_REASON)
        self.field.setMinimumHeight(TOUCH_MAIN)
        self.give = HoldButton(look=look) if hold else PressButton()
        self.back = PressButton(self.tr("Back"))
        self.back.clicked.connect(self.left)
        fired = self.give.held if isinstance(self.give, HoldButton) else self.give.clicked
        fired.connect(lambda *_: self._give())
        self.field.returnPressed.connect(self.give.setFocus)
        self.field.textChanged.connect(lambda _: self._lock())
        row = QHBoxLayout()
        row.setSpacing(GAP)
        outer = row if beside else QVBoxLayout()
        outer.addWidget(self.field, 4)
        row.addWidget(self.give, 3)
        row.addWidget(self.back, 1)
        if outer is not row:
            outer.addLayout(row)
        outer.setSpacing(GAP)
        outer.setContentsMargins(0, 0, 0, 0)
        self.setLayout(outer)
        self.hide()

    def open(self) -> None:
        """Empty, and with the keys."""
        self.field.clear()
        show(self, True)
        self.field.setFocus()

    def close_field(self) -> None:
        """The keys go to nothing else: what is still being typed must press no button."""
        self.field.clearFocus()
        show(self, False)

    def say(self, title: str, detail: str = "") -> None:
        """What is done with the reason."""
        self._said = (title, self.tr("hold for 1 s") if self._hold else detail)
        self._lock()

    @property
    def words(self) -> str:
        """What was written."""
        return self.field.text().strip()

    def _lock(self) -> None:
        title, detail = self._said
        missing = None if self.words else self.tr("Write the reason first")
        self.give.set_words(title, detail, missing)

    def _give(self) -> None:
        if self.words:
            self.given.emit(self.words)

"""The pain now, on a page of its own: eleven keys, and back."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.ui.kit.buttons import PressButton
from console.ui.kit.pain_pad import PainPad, pain_question


class PainPage(QWidget):
    """`scored` carries the score; `left`: it was not asked after all."""

    scored = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.pad = PainPad(pain_question())
        self.pad.scored.connect(self.scored)
        column.addWidget(self.pad)
        column.addStretch(1)
        self.back = PressButton(self.tr("Back"), self.tr("as it was"))
        self.back.clicked.connect(self.left)
        column.addWidget(self.back)

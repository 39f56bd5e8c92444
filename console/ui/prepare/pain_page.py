"""The pain now, on a page of its own: eleven keys, and back."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.ui.kit.buttons import PressButton
from console.ui.kit.pain_pad import PainPad
from console.ui.kit.parts import label


class PainPage(QWidget):
    """`scored` carries the score; `left`: it was not asked after all."""

    scored = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(
            label(self.tr("How bad is the pain now, from 0 (none) to 10?"), "name", wrap=True)
        )
        self.pad = PainPad()
        self.pad.scored.connect(self.scored)
        column.addWidget(self.pad)
        column.addStretch(1)
        self.back = PressButton(self.tr("Back"), self.tr("as it was"))
        self.back.clicked.connect(self.left)
        column.addWidget(self.back)

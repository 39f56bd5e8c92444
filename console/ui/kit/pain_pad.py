"""Eleven keys for a pain score, in two rows: each is one touch."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from console.model.pain import WORST
from console.ui.kit.buttons import EnterButton
from console.ui.kit.theme import GAP

_A_ROW: Final = 6


class PainPad(QWidget):
    """`scored` carries the score that was touched."""

    scored = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP)
        self.keys = tuple(EnterButton(str(score)) for score in range(WORST + 1))
        for score, key in enumerate(self.keys):
            key.setProperty("role", "side")
            key.setAccessibleName(self.tr("Pain {score} of 10").format(score=score))
            key.clicked.connect(lambda _=False, score=score: self.scored.emit(score))
            grid.addWidget(key, score // _A_ROW, score % _A_ROW)

"""A question, and eleven keys for a pain score in two rows: each is one touch."""

from typing import Final

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from console.model.pain import WORST
from console.ui.kit.buttons import EnterButton
from console.ui.kit.parts import label
from console.ui.kit.theme import GAP

_A_ROW: Final = 6


def pain_question() -> str:
    """What is asked of the patient."""
    return QCoreApplication.translate(
        "pain_pad", "How bad is the pain now, from 0 (none) to 10 (worst)?"
    )


class PainPad(QWidget):
    """`scored` carries the score that was touched."""

    scored = Signal(int)

    def __init__(self, question: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP)
        if question:
            grid.addWidget(label(question, "name", wrap=True), 0, 0, 1, _A_ROW)
        self.keys = tuple(EnterButton(str(score)) for score in range(WORST + 1))
        for score, key in enumerate(self.keys):
            key.setProperty("role", "side")
            key.setAccessibleName(self.tr("Pain {score} of 10").format(score=score))
            key.clicked.connect(lambda _=False, score=score: self.scored.emit(score))
            grid.addWidget(key, 1 + score // _A_ROW, score % _A_ROW)

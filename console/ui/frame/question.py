"""A question that covers nothing: a bar between the strip and the page. STOP stays free."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from console.ui.kit.buttons import PressButton
from console.ui.kit.parts import label, say
from console.ui.kit.theme import GAP, TOUCH


class QuestionBar(QFrame):
    """One sentence and two answers."""

    answered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.words = label("", wrap=True)
        self.words.setObjectName("asked")
        self.no = PressButton(least=TOUCH)
        self.yes = PressButton(least=TOUCH)
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 4, 15, 8)
        row.setSpacing(GAP)
        row.addWidget(self.words, 1)
        for button in (self.no, self.yes):
            button.setFixedWidth(230)
            row.addWidget(button)
        self.no.clicked.connect(lambda: self._answer(False))
        self.yes.clicked.connect(lambda: self._answer(True))
        self.hide()

    def ask(self, words: str, yes: str, no: str) -> None:
        """Puts the question; the harmless answer has the focus."""
        say(self.words, words)
        self.yes.set_words(yes)
        self.no.set_words(no)
        self.show()
        self.no.setFocus()

    def _answer(self, yes: bool) -> None:
        self.hide()
        self.answered.emit(yes)

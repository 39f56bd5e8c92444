"""Why a request was refused, in words, until the next one or for ten seconds."""

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from console.ui.kit.parts import label, say

SHOWN_MS: Final = 10_000


class Notice(QFrame):
    """A line that is there only when there is something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.words = label("", "name", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.addWidget(self.words, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self.hide()

    def tell(self, reason: str) -> None:
        """Shows a refusal."""
        say(self.words, self.tr("✕ Refused: {reason}").format(reason=reason))
        self.show()
        self._timer.start(SHOWN_MS)

    def clear(self) -> None:
        """Hides it."""
        self._timer.stop()
        self.hide()

# ruff: noqa: N802 - Qt names what it calls
"""Why a request was refused, in words, until the next one or for ten seconds."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from console.ui.kit.parts import label, say

SHOWN_MS: Final = 10_000


class Notice(QFrame):
    """A line that is there only when there is something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._over: QWidget | None = None
        self._share = 1.0
        self.words = label("", "name", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.addWidget(self.words, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self.hide()

    def cover(self, words: QWidget, share: float = 1.0) -> None:
        """Stands over `words`, which are no control, instead of taking room of its own; over the
        right `share` of them."""
        self.setParent(words.parentWidget())
        self._over, self._share = words, share
        words.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Goes with what it covers."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._stand()
        return False

    def _stand(self) -> None:
        if self._over is not None:
            place = self._over.geometry()
            place.setLeft(place.right() + 1 - round(place.width() * self._share))
            self.setGeometry(place)

    def tell(self, reason: str) -> None:
        """Shows a refusal."""
        self.say(self.tr("✕ Refused: {reason}").format(reason=reason))

    def say(self, words: str) -> None:
        """Shows what is to be known, though nobody asked."""
        say(self.words, words)
        self._stand()
        self.show()
        self.raise_()
        self._timer.start(SHOWN_MS)

    def clear(self) -> None:
        """Hides it."""
        self._timer.stop()
        self.hide()

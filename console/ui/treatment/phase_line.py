# ruff: noqa: N802 - Qt names what it calls
"""The line over everything: what is happening now, and for how long still."""

from html import escape
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from console.model.quantities import minutes
from console.model.snapshot import Phase, ProcedureView
from console.ui.kit.parts import label, mark, say, show
from console.ui.kit.theme import GAP, HEADLINE

_TONE: Final = {
    Phase.STARTING: "freeze",
    Phase.FREEZING: "freeze",
    Phase.THAWING: "thaw",
    Phase.STOPPED: "stopped",
    Phase.RELEASING: "thaw",
    Phase.FREE: "free",
}

HEIGHT: Final = 66
"""Whatever it says: nothing under it moves. Two lines have room."""
_SIZES: Final = ((HEADLINE, 19), (24, 17), (20, 15))
"""Pixels of headline and detail."""
_SHORT: Final = 44
"""Letters that have room on a line of their own at the smallest window."""


class PhaseLine(QFrame):
    """Headline and detail in one flow, the time left at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("phase")
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(True)
        self.left = label("", "headline")
        self._said = ("", "")
        self._fitted: tuple[str, str, int] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(GAP)
        row.addWidget(self.words, 1)
        row.addWidget(self.left)
        self.setFixedHeight(HEIGHT)

    def _fit(self) -> None:
        """As large as has room: the line does not grow, and nothing under it moves."""
        headline, detail = self._said
        if self._fitted == (headline, detail, self.words.width()):
            return
        self._fitted = (headline, detail, self.words.width())
        for large, small in _SIZES:
            said = f"<span style='font-size:{large}px; font-weight:700'>{headline}</span>"
            if detail:
                said += (
                    f" &nbsp; <span style='font-size:{small}px; font-weight:600'>{detail}</span>"
                )
            say(self.words, said)
            if self.words.heightForWidth(self.words.width()) <= HEIGHT:
                break

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the words into the new width."""
        super().resizeEvent(event)
        self._fit()

    def apply(self, view: ProcedureView, stale: bool = False) -> None:
        """Shows where the session stands; without colour when that may be old."""
        detail = _together(escape(view.detail))
        headline = escape(view.headline).replace(" ", "&nbsp;")
        self._said = (headline, detail)
        self._fit()
        self.setAccessibleName(f"{view.headline}. {view.detail}")
        tone = "freeze" if view.check.gas else _TONE.get(view.phase, "idle")
        mark(self, "tone", "stopped" if stale else tone)
        left = ""
        if view.remaining_s is not None and (view.phase is Phase.FREEZING or view.check.gas):
            left = self.tr("{time} left").format(time=minutes(view.remaining_s))
        say(self.left, left)
        show(self.left, bool(left))


def _together(detail: str) -> str:
    """Breaks no line inside it if it is short, else at most between what stands apart in it."""
    if len(detail) <= _SHORT:
        return detail.replace(" ", "&nbsp;")
    parts = detail.split(" · ")
    kept = [part.replace(" ", "&nbsp;") if len(part) <= _SHORT else part for part in parts]
    return "&nbsp;· ".join(kept).replace(" °C", "&nbsp;°C")

# ruff: noqa: N802 - Qt names what it calls
"""The ladder of a placement: each amplitude over time, and what was answered to it."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.model.quantities import amplitude, minutes
from console.model.snapshot import ProcedureView
from console.model.stimulation import StimulationKind, StimulationRecord
from console.ui.kit.theme import BODY, DARK, GAP, GUTTER, Palette, font
from console.ui.kit.words import answer_word, kind_word, tr

ROW: Final = 30
_LEAST_BAR: Final = 40
_WORDS_WIDE: Final = 250


@dataclass(frozen=True)
class Rung:
    """`share` of the bar is filled; `now`: the test runs and stands here."""

    time: str
    share: float
    words: str
    now: bool = False


def rungs(view: ProcedureView) -> list[Rung]:
    """The rungs of the present placement, oldest first. Pure. An amplitude that was passed without
    an answer says so: that nothing was felt is for the patient to say."""
    here = [
        test for test in view.tests if (test.site, test.placement) == (view.site, view.placement)
    ]
    return [rung for test in here for rung in _of(test)]


def _of(test: StimulationRecord) -> list[Rung]:
    scale = 1_000 if test.kind is StimulationKind.SENSORY else test.limit_ua
    made = []
    for index, step in enumerate(test.steps):
        last = index == len(test.steps) - 1
        now = last and test.ended_ms is None and test.answer is None
        answer = _tr("now") if now else _tr("no answer")
        if last and test.answer is not None:
            answer = answer_word(test.answer)
        since = minutes((step.at_ms - test.started_ms) / 1_000)
        made.append(
            Rung(
                f"{kind_word(test.kind)} {since}",
                min(1.0, step.set_ua / scale),
                f"{amplitude(step.set_ua, test.unit)} · {answer}",
                now,
            )
        )
    return made


def _tr(text: str) -> str:
    return QCoreApplication.translate("ladder", text)


class Ladder(QWidget):
    """As many of the newest rungs as have room."""

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.rungs: list[Rung] = []
        self.setMinimumHeight(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Amplitudes and answers"))

    def sizeHint(self) -> QSize:
        """Six rungs."""
        return QSize(400, 6 * ROW)

    def apply(self, view: ProcedureView) -> None:
        """Shows the rungs of a view."""
        made = rungs(view)
        if made == self.rungs:
            return
        self.rungs = made
        self.setAccessibleDescription("; ".join(f"{r.time} {r.words}" for r in made))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line a rung: when, how much, what."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(BODY))
        if not self.rungs:
            painter.setPen(QColor(self._look.muted))
            _say(painter, QRectF(0, 0, self.width(), ROW), _tr("No answer yet at this placement"))
        shown = self.rungs[-(self.height() // ROW) :]
        metrics = painter.fontMetrics()
        times = max((metrics.horizontalAdvance(one.time) for one in shown), default=0) + GUTTER
        words_wide = max((metrics.horizontalAdvance(one.words) for one in shown), default=0)
        words_wide += 1  # an advance is rounded, down as well
        words_wide = min(max(words_wide, _WORDS_WIDE), self.width() - times - _LEAST_BAR)
        wide = self.width() - times - words_wide - GAP
        for index, rung in enumerate(shown):
            top = index * ROW
            painter.setPen(QColor(self._look.number if rung.now else self._look.text))
            _say(painter, QRectF(0, top, times, ROW), rung.time)
            words = QRectF(self.width() - words_wide, top, words_wide, ROW)
            _say(painter, words, rung.words)
            painter.setPen(Qt.PenStyle.NoPen)
            bar = QRectF(times, top + ROW / 2 - 6, wide, 12)
            painter.setBrush(QColor(self._look.raised))
            painter.drawRoundedRect(bar, 6, 6)
            painter.setBrush(QColor(self._look.accent))
            bar.setWidth(max(12.0, wide * rung.share))
            painter.drawRoundedRect(bar, 6, 6)


def _say(painter: QPainter, where: QRectF, text: str) -> None:
    fits = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(where.width()))
    painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fits)

# ruff: noqa: N802 - Qt names what it calls
"""What lies under the curve: phases, grid, target and its band, the limit, events."""

from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from console.ui.plot_marks import Mark, Span, SpanKind
from console.ui.theme import SMALL, Palette, font
from console.ui.words import number

BAND: Final = 3.0
"""Within this of the target counts as at target, in °C."""


class PlotGround(pg.GraphicsObject):  # type: ignore[misc]
    """Painted in pixels at places in the plot's coordinates. Set attributes, then `update()`."""

    def __init__(self, look: Palette) -> None:
        super().__init__()
        self._look = look
        self.spans: list[Span] = []
        self.marks: list[Mark] = []
        self.target: float | None = None
        self.limit: float | None = None
        self.melting = False
        self.setZValue(-10)

    def boundingRect(self) -> QRectF:
        """All that is in view."""
        return QRectF(self.viewRect())

    def viewRangeChanged(self) -> None:
        """Zoomed or moved."""
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Phases, then lines, then words."""
        view = QRectF(self.viewRect())
        self._place = painter.worldTransform()
        painter.save()
        painter.resetTransform()  # the words and the lines are in pixels
        whole = self._place.mapRect(view)
        self._shade(painter, whole)
        self._lines(painter, whole)
        self._words(painter, whole)
        painter.restore()

    def _x(self, at_s: float) -> float:
        return self._place.map(QPointF(at_s, 0.0)).x()

    def _y(self, celsius: float) -> float:
        return self._place.map(QPointF(0.0, celsius)).y()

    def _shade(self, painter: QPainter, whole: QRectF) -> None:
        for span in self.spans:
            left = max(self._x(span.from_s), whole.left())
            right = min(self._x(span.to_s), whole.right())
            if right <= left:
                continue
            frozen = span.kind is SpanKind.FREEZE
            ground = self._look.freeze_shade if frozen else self._look.thaw_shade
            painter.fillRect(QRectF(left, whole.top(), right - left, whole.height()), ground)

    def _lines(self, painter: QPainter, whole: QRectF) -> None:
        faint = QColor(self._look.muted)
        faint.setAlpha(38)
        zero = QColor(self._look.muted)
        zero.setAlpha(150)
        for celsius in range(-80, 41, 20):
            painter.setPen(QPen(zero if celsius == 0 else faint, 1))
            y = round(self._y(celsius)) + 0.5
            painter.drawLine(QPointF(whole.left(), y), QPointF(whole.right(), y))
        if self.target is not None:
            top, bottom = self._y(self.target + BAND), self._y(self.target - BAND)
            band = QColor(self._look.text)
            band.setAlpha(26)
            painter.fillRect(QRectF(whole.left(), top, whole.width(), bottom - top), band)
            self._across(painter, whole, self.target, Qt.PenStyle.DashLine)
        if self.limit is not None:
            self._across(painter, whole, self.limit, Qt.PenStyle.DotLine)
        for mark in self.marks:
            x = round(self._x(mark.at_s)) + 0.5
            if whole.left() <= x <= whole.right():
                colour = self._look.alarm_mark if mark.alarm else self._look.muted
                painter.setPen(QPen(QColor(colour), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(x, whole.bottom() - 30), QPointF(x, whole.bottom()))

    def _across(self, painter: QPainter, whole: QRectF, celsius: float, style: Qt.PenStyle) -> None:
        painter.setPen(QPen(QColor(self._look.text), 1, style))
        y = round(self._y(celsius)) + 0.5
        painter.drawLine(QPointF(whole.left(), y), QPointF(whole.right(), y))

    def _words(self, painter: QPainter, whole: QRectF) -> None:
        painter.setFont(font(SMALL, QFont.Weight.DemiBold))
        metrics = painter.fontMetrics()
        free = whole.left()
        for span in self.spans:
            left = max(self._x(span.from_s), whole.left()) + 6
            right = min(self._x(span.to_s), whole.right())
            frozen = span.kind is SpanKind.FREEZE
            painter.setPen(QColor(self._look.freeze_ink if frozen else self._look.thaw_ink))
            text = span.label
            if not frozen and self.melting and span is self.spans[-1]:
                text = QCoreApplication.translate("plot", "Thaw: ice melting")
                right = whole.right()
            if left >= free and left + metrics.horizontalAdvance(text) <= right - 2:
                painter.drawText(QPointF(left, whole.top() + 20), text)
                free = left + metrics.horizontalAdvance(text)
        painter.setFont(font(SMALL))
        self._events(painter, whole)
        painter.setPen(QColor(self._look.text))
        target = QCoreApplication.translate("plot", "target {celsius}")
        limit = QCoreApplication.translate("plot", "stops at {celsius}")
        target = target.format(celsius=number(self.target, 0))
        limit = limit.format(celsius=number(self.limit, 0))
        if self.target is None:
            return
        above = self._y(self.target + BAND) - 4
        if self.limit is None:
            self._right(painter, whole, above, target)
        elif self._low_room(whole):
            self._right(painter, whole, above, target)
            self._right(painter, whole, self._y(self.limit) + 18, limit)
        else:
            self._right(painter, whole, above, f"{target} · {limit}")

    def _low_room(self, whole: QRectF) -> bool:
        """Whether a line of words fits under the limit."""
        return self.limit is None or whole.bottom() - self._y(self.limit) > 24

    def _right(self, painter: QPainter, whole: QRectF, y: float, words: str) -> None:
        wide = painter.fontMetrics().horizontalAdvance(words)
        painter.drawText(QPointF(whole.right() - wide - 4, y), words)

    def _events(self, painter: QPainter, whole: QRectF) -> None:
        if not self._low_room(whole):
            return
        taken = whole.left()
        metrics = painter.fontMetrics()
        for mark in self.marks:
            x = self._x(mark.at_s) + 5
            wide = metrics.horizontalAdvance(mark.label)
            if x < taken or x + wide > whole.right() - 96:  # 96: "stops at −80"
                continue
            painter.setPen(QColor(self._look.alarm_mark if mark.alarm else self._look.muted))
            painter.drawText(QPointF(x, whole.bottom() - 6), mark.label)
            taken = x + wide + 8

# ruff: noqa: N802 - Qt names what it calls
"""One number over time: a point a freeze, a line through the medians of the sessions."""

import math
from collections.abc import Sequence
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.model.trend import FreezeNumbers
from console.ui.kit.parts import label, say, show
from console.ui.kit.theme import DARK, SMALL, Palette, font
from console.ui.records.trend_axes import DayAxis, NumberAxis
from console.ui.records.trend_numbers import Measure, medians

HEIGHT: Final = 132
REACH: Final = 24.0
"""A finger this near to a point means it, in pixels."""
_LEAST_MARGIN_S: Final = 1_800.0


class _Picture(pg.PlotWidget):  # type: ignore[misc]
    """Is clicked, never dragged; the wheel scrolls what it stands in."""

    clicked = Signal(QPointF)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Waits for the button to be let go."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Nothing hovers."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Says where."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Left to the scroll area."""
        event.ignore()


class TrendPlot(QWidget):
    """The plot of one measure. `chosen` carries the freeze that was pointed at."""

    chosen = Signal(object)

    def __init__(
        self, measure: Measure, look: Palette = DARK, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.measure = measure
        self.freezes: Sequence[FreezeNumbers] = ()
        self.title = label(measure.title, "name")
        self.none = label("", "small", wrap=True)
        self._look = look
        self.picture = self._make()
        self.recolour()
        self.picture.clicked.connect(self._point)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for each in (self.title, self.none, self.picture):
            column.addWidget(each)
        self._draw()

    def _make(self) -> _Picture:
        side = NumberAxis("left")
        below = DayAxis("bottom")
        plot = _Picture(axisItems={"bottom": below, "left": side}, enableMenu=False)
        plot.setAccessibleName(self.tr("{number} over time").format(number=self.measure.title))
        for each in (plot, plot.viewport()):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.hideButtons()
        plot.setFrameShape(plot.Shape.NoFrame)
        plot.setFixedHeight(HEIGHT)
        item = plot.getPlotItem()
        item.setContentsMargins(0, 4, 12, 0)
        for axis in (below, side):
            axis.setStyle(tickFont=font(SMALL), tickLength=0, autoExpandTextSpace=False)
            axis.setPen(pg.mkPen(None))
        side.setGrid(60)
        side.setWidth(52)
        below.setHeight(26)
        below.setStyle(tickAlpha=0)
        self._view = item.getViewBox()
        self._view.setMouseEnabled(x=False, y=False)
        self._view.disableAutoRange()
        self._lines = {of: pg.PlotCurveItem(connect="finite") for of in (False, True)}
        self._points = {of: pg.ScatterPlotItem(size=9) for of in (False, True)}
        self._cursor = pg.ScatterPlotItem(size=19, brush=pg.mkBrush(None))
        for piece in (*self._lines.values(), *self._points.values(), self._cursor):
            piece.setZValue(1)
            self._view.addItem(piece, ignoreBounds=True)
        return plot

    def recolour(self) -> None:
        """Ground, axes, lines and points in the colours of now. Dashes and rings: SIMULATED."""
        look, picture = self._look, self.picture
        picture.setBackground(look.card)
        for name in ("bottom", "left"):
            picture.getAxis(name).setTextPen(pg.mkPen(look.muted))
        picture.getAxis("left").setTickPen(pg.mkPen(look.muted))
        self._lines[False].setPen(pg.mkPen(look.muted, width=1))
        self._lines[True].setPen(pg.mkPen(look.muted, width=1, style=Qt.PenStyle.DashLine))
        self._points[False].setPen(pg.mkPen(None))
        self._points[False].setBrush(pg.mkBrush(look.number))
        self._points[True].setPen(pg.mkPen(look.number, width=2))
        self._points[True].setBrush(pg.mkBrush(look.card))
        self._cursor.setPen(pg.mkPen(look.accent, width=3))

    def apply(self, freezes: Sequence[FreezeNumbers]) -> None:
        """Shows these, oldest first."""
        self.freezes = freezes
        self._draw()

    def mark(self, freeze: FreezeNumbers | None) -> None:
        """Rings the point of this freeze."""
        value = None if freeze is None else self.measure.of(freeze)
        if freeze is None or value is None:
            self._cursor.clear()
        else:
            self._cursor.setData([freeze.at], [value])

    @property
    def known(self) -> list[tuple[FreezeNumbers, float]]:
        """The freezes that have this number, and the number."""
        of = self.measure.of
        return [(one, value) for one in self.freezes if (value := of(one)) is not None]

    def _draw(self) -> None:
        known = self.known
        show(self.picture, bool(known))
        show(self.none, not known)
        say(self.none, self.tr("--- no record of these freezes holds it"))
        self._cursor.clear()
        for simulated in (False, True):
            own = [one for one in self.freezes if one.simulated is simulated]
            self._lines[simulated].setData(*medians(own, self.measure.of))
            points = [(one.at, value) for one, value in known if one.simulated is simulated]
            self._points[simulated].setData(pos=points)
        if known:
            self._fit([value for _, value in known])

    def _fit(self, values: list[float]) -> None:
        # All plots have one axis of time, with or without a number for its first and last freeze.
        first, last = self.freezes[0].at, self.freezes[-1].at
        margin = max((last - first) * 0.04, _LEAST_MARGIN_S)
        self._view.setXRange(first - margin, last + margin, padding=0)
        low, high = min(values), max(values)
        room = max((high - low) * 0.15, 10.0**-self.measure.decimals)
        self._view.setYRange(low - room, high + room, padding=0)

    def place_of(self, freeze: FreezeNumbers) -> QPointF | None:
        """Where its point is in the picture; None where its number is not known."""
        value = self.measure.of(freeze)
        if value is None:
            return None
        scene = self._view.mapViewToScene(QPointF(freeze.at, value))
        return QPointF(self.picture.mapFromScene(scene))

    def _point(self, where: QPointF) -> None:
        near: list[tuple[float, int]] = []
        for index, (one, _) in enumerate(self.known):
            place = self.place_of(one)
            if place is not None:
                near.append((math.hypot(*(place - where).toTuple()), index))
        if near and min(near)[0] <= REACH:
            self.chosen.emit(self.known[min(near)[1]][0])

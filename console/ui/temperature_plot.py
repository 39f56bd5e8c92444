# ruff: noqa: N802 - Qt names what it calls
"""The live plot of the tip: target and its band, the limit, phases, events, the cycle before.

Drawn when something is new, at most every 30 ms whatever the rate of the samples."""

from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.model.snapshot import Phase, Snapshot
from console.ui.buttons import EnterButton
from console.ui.history import DRAWN, History
from console.ui.parts import card, label
from console.ui.plot_axes import CelsiusAxis, TimeAxis
from console.ui.plot_ground import PlotGround
from console.ui.plot_marks import Mark, marks_of, previous, spans_of
from console.ui.theme import DARK, SMALL, Palette, font
from console.ui.words import minutes

WINDOW_S: Final = 330.0
"""Followed: the last 5:30."""
_STEP_S: Final = 30.0
"""The followed window moves in steps, so that the picture stands still between them."""
WARMEST: Final = 47.0
COLDEST: Final = -92.0
MELTING: Final = (-8.5, -0.5)
"""Where the tip stands while ice melts around it."""
REDRAW_MS: Final = 30


class TemperaturePlot(QWidget):
    """Feed it every snapshot, seen or not; it draws while it is visible."""

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.history = History()
        self._look = look
        self._marks: list[Mark] = []
        self._snapshot: Snapshot | None = None
        self._running: bool | None = None
        self._new = False
        self._origin_s = 0.0
        self.points_drawn = 0

        frame, column = card()
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Tip temperature, °C"), "small"))
        head.addStretch(1)
        self._range = label("", "small")
        head.addWidget(self._range)
        self.follow = EnterButton(self.tr("Follow"), self)
        self.follow.setAccessibleName(self.tr("Follow the measurement"))
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.toggled.connect(self._follow)
        column.addLayout(head)
        column.addWidget(self._make(), 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.setMinimumHeight(190)

        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(REDRAW_MS)
        self._resting.timeout.connect(self._redraw_due)
        self._follow(True)

    def _make(self) -> QWidget:
        look = self._look
        self._axis = TimeAxis("bottom")
        side = CelsiusAxis("left")
        plot = pg.PlotWidget(
            axisItems={"bottom": self._axis, "left": side},
            enableMenu=False,
        )
        plot.setAccessibleName(self.tr("Plot of the tip temperature"))
        for each in (plot, plot.viewport()):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.hideButtons()
        plot.setFrameShape(plot.Shape.NoFrame)
        item = plot.getPlotItem()
        item.setContentsMargins(0, 4, 18, 0)
        for axis in (self._axis, side):
            axis.setStyle(
                tickFont=font(SMALL), tickLength=0, tickAlpha=0, autoExpandTextSpace=False
            )
            axis.setPen(pg.mkPen(None))
        self._axis.setStyle(hideOverlappingLabels=30)
        side.setWidth(44)
        self._axis.setHeight(26)
        self._view = item.getViewBox()
        self._view.setMouseEnabled(x=True, y=False)
        self._view.disableAutoRange()
        self._view.setYRange(COLDEST, WARMEST, padding=0)
        self._view.setLimits(minXRange=5.0, maxXRange=12 * 3_600.0)
        self._view.sigRangeChangedManually.connect(self._moved_by_hand)
        self._ground = PlotGround(look)
        self._view.addItem(self._ground, ignoreBounds=True)
        self._before = pg.PlotCurveItem(antialias=True)
        self._curve = pg.PlotCurveItem(antialias=True)
        self._now = pg.ScatterPlotItem(size=11, pen=pg.mkPen(None), antialias=True)
        for piece in (self._before, self._curve, self._now):
            self._view.addItem(piece, ignoreBounds=True)
        self._plot = plot
        self.recolour()
        return plot  # type: ignore[no-any-return]

    def recolour(self) -> None:
        """Ground, axes and curves in the colours of now."""
        look = self._look
        self._plot.setBackground(look.card)
        for name in ("bottom", "left"):
            self._plot.getAxis(name).setTextPen(pg.mkPen(look.muted))
        faint = QColor(look.text)
        faint.setAlpha(70)
        self._before.setPen(pg.mkPen(faint, width=1))
        self._curve.setPen(pg.mkPen(look.number, width=1))
        self._now.setBrush(pg.mkBrush(look.number))

    def apply(self, snapshot: Snapshot) -> None:
        """Takes in the samples and events of a snapshot. Draws nothing."""
        view = snapshot.procedure
        running = view.phase is not Phase.PREPARE
        if running is not self._running:
            self._running = running
            self._marks = []
            self._begin(snapshot)
        self.history.append(snapshot.samples)
        self._marks += marks_of(snapshot.events)
        self._snapshot = snapshot
        self._changed()

    def _begin(self, snapshot: Snapshot) -> None:
        last = self.history.last_s
        first = snapshot.samples[0].at_ms / 1_000.0 if snapshot.samples else 0.0
        if last is not None and last > first:
            first = last
        records = snapshot.procedure.records
        if records:
            first = min(first, records[0].started_ms / 1_000.0 - 20.0)
        self._origin_s = first
        self._axis.origin_s = first
        if self.follow.isChecked():
            self._to_the_newest(first)

    def _changed(self) -> None:
        """Draws at once when the last drawing is long enough ago, otherwise when it is."""
        self._new = True
        if not self._resting.isActive():
            self._redraw_due()

    def _redraw_due(self) -> None:
        if self._new and self.isVisible():
            self._resting.start()
            self.redraw()

    def redraw(self, force: bool = False) -> None:
        """Draws what is new."""
        snapshot = self._snapshot
        if snapshot is None or not (force or (self._new and self.isVisible())):
            return
        self._new = False
        newest = self.history.last_s
        if newest is None:
            return
        if self.follow.isChecked():
            self._to_the_newest(newest)
        left, right = self._view.viewRange()[0]
        # Two points a pixel show all there is to see; thinner costs less (measured: at width 1
        # smoothing is free, at width 1.5 it costs three times as much).
        points = min(DRAWN, max(600, 2 * round(self._view.width())))
        xs, ys = self.history.drawn(left, right, points)
        self.points_drawn = len(xs)
        self._curve.setData(xs, ys, connect="finite")
        tip = self.history.last_tip
        shown = tip is not None and not snapshot.stale
        self._now.setData([newest], [tip]) if shown else self._now.setData([], [])
        self._lay_under(snapshot, points)
        self._furnish(snapshot, newest)

    def _lay_under(self, snapshot: Snapshot, points: int) -> None:
        before = previous(snapshot)
        if before is None:
            self._before.setData(np.empty(0), np.empty(0))
            return
        start, end, by = before
        xs, ys = self.history.drawn(start, end, points)
        self._before.setData(xs + by, ys, connect="finite")

    def _furnish(self, snapshot: Snapshot, newest: float) -> None:
        ground, plan = self._ground, snapshot.procedure.plan
        ground.spans = spans_of(snapshot, newest)
        ground.marks = self._marks
        ground.target = plan.target_celsius if plan is not None else None
        ground.limit = snapshot.lowest_allowed_celsius
        tip = self.history.last_tip
        thawing = snapshot.procedure.phase in (Phase.THAWING, Phase.STOPPED, Phase.RELEASING)
        ground.melting = thawing and tip is not None and MELTING[0] <= tip <= MELTING[1]
        ground.update()

    def _to_the_newest(self, newest: float) -> None:
        over = newest - (self._origin_s + WINDOW_S - _STEP_S / 2)
        steps = max(0.0, np.ceil(over / _STEP_S))
        left = self._origin_s + steps * _STEP_S
        if self._view.viewRange()[0] != [left, left + WINDOW_S]:
            self._view.setXRange(left, left + WINDOW_S, padding=0)

    def _follow(self, on: bool) -> None:
        self._range.setText(self.tr("Last {span}").format(span=minutes(WINDOW_S)) if on else "")
        self.follow.setVisible(not on)
        self.follow.raise_()
        self._changed()

    def showEvent(self, event: QShowEvent) -> None:
        """Draws what came while it was hidden."""
        super().showEvent(event)
        self._redraw_due()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the Follow button in its corner."""
        super().resizeEvent(event)
        size = self.follow.sizeHint()
        self.follow.setGeometry(self.width() - size.width() - 10, 8, size.width(), size.height())

    def _moved_by_hand(self, *_: object) -> None:
        self.follow.setChecked(False)
        self._changed()

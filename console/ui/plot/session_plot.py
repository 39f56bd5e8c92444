# ruff: noqa: N802 - Qt names what it calls
"""The live plot: tip, gas or the model's reach, followed or looked at.

Drawn when something is new, at most every 30 ms whatever the rate of the samples."""

from typing import Final

import numpy as np
from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from console.model.quantities import minutes
from console.model.snapshot import Phase, Snapshot
from console.ui.kit.buttons import EnterButton
from console.ui.kit.parts import card, label, say, show
from console.ui.kit.theme import DARK, GAP, Palette
from console.ui.plot.history import History
from console.ui.plot.marks import Mark, marks_of, span_at, spans_of
from console.ui.plot.paint import curve_pen, ribbon_fill
from console.ui.plot.picture import Ink, Picture
from console.ui.plot.reference import references
from console.ui.plot.sheet import PlotSheet, Readout
from console.ui.plot.views import VIEWS, Data, KeyEntry, Reach, spoken

WINDOW_S: Final = 330.0
"""Followed: the last 5:30."""
_STEP_S: Final = 30.0
"""The followed window moves in steps, so that the picture stands still between them."""
MELTING: Final = (-8.5, -0.5)
"""Where the tip stands while ice melts around it."""
REDRAW_MS: Final = 30
LOWEST, LOWEST_PLAIN = 132, 96
"""Pixels that it needs at least, with its tabs and without."""
_KEY_FROM: Final = 260
"""The key is left out where the plot is lower than this: it says nothing that is new then."""


class _Swatch(QWidget):
    """How a thing is drawn."""

    def __init__(self, ink: Ink, look: Palette) -> None:
        super().__init__()
        self._ink, self._look = ink, look
        self.setFixedSize(26, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A piece of line, or of a ribbon."""
        painter = QPainter(self)
        if self._ink is Ink.REFERENCE:
            painter.fillRect(0, 2, 26, 10, QColor(self._look.freeze_shade))
            painter.fillRect(0, 4, 26, 6, ribbon_fill(self._look, self._ink))
            return
        painter.setPen(QPen(curve_pen(self._look, self._ink)))
        painter.drawLine(0, 7, 26, 7)


class PlotKey(QWidget):
    """What is drawn how: in a line."""

    def __init__(self, look: Palette) -> None:
        super().__init__()
        self._look = look
        self._entries: tuple[KeyEntry, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self.setFixedHeight(20)

    def apply(self, entries: tuple[KeyEntry, ...]) -> None:
        """Shows other entries."""
        if entries == self._entries:
            return
        self._entries = entries
        while self._row.count() > 1:
            item = self._row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for index, entry in enumerate(entries):
            self._row.insertWidget(2 * index, _Swatch(entry.ink, self._look))
            self._row.insertWidget(2 * index + 1, label(entry.words, "small"))


class SessionPlot(QWidget):
    """Feed it every snapshot, seen or not; it draws while it is visible."""

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.history = History()
        self.reach = Reach()
        self._look = look
        self._marks: tuple[Mark, ...] = ()
        self._snapshot: Snapshot | None = None
        self._probe: str | None = None
        self._running: bool | None = None
        self._phase: Phase | None = None
        self._new = False
        self._view = VIEWS[0]
        self.sheet = PlotSheet(look)
        self.sheet.moved.connect(lambda: self.follow.setChecked(False))
        self.sheet.pointed.connect(self.inspect)
        self.sheet.let_go.connect(lambda: self.follow.setChecked(True))
        self.key = PlotKey(look)
        frame, column = card()
        column.setContentsMargins(14, 8, 14, 6)
        column.addWidget(self._head())
        column.addWidget(self.key)
        column.addWidget(self.sheet, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.setMinimumHeight(LOWEST)

        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(REDRAW_MS)
        self._resting.timeout.connect(self._redraw_due)
        self._turn_to(0)
        self._follow(True)

    def _head(self) -> QWidget:
        self._tab_row = QWidget()
        head = QHBoxLayout(self._tab_row)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(GAP)
        self._tabs = QButtonGroup(self)
        for index, view in enumerate(VIEWS):
            tab = EnterButton(view.tab())
            tab.setAccessibleName(view.name())
            tab.setCheckable(True)
            tab.setChecked(index == 0)
            self._tabs.addButton(tab, index)
            head.addWidget(tab)
        self._tabs.idClicked.connect(self._turn_to)
        self._caption = label("", "small")
        head.addWidget(self._caption)
        head.addStretch(1)
        self.follow = EnterButton(self.tr("Follow"))
        self.follow.setAccessibleName(self.tr("Follow the measurement"))
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.toggled.connect(self._follow)
        head.addWidget(self.follow)
        return self._tab_row

    def show_plain(self, plain: bool) -> None:
        """Under a card: without its tabs, which would stand elsewhere there."""
        show(self._tab_row, not plain)
        self.setMinimumHeight(LOWEST_PLAIN if plain else LOWEST)

    # --- what is shown ------------------------------------------------------------------------

    def apply(self, snapshot: Snapshot) -> None:
        """Takes in the samples, events and estimate of a snapshot. Draws nothing."""
        running = snapshot.procedure.phase is not Phase.PREPARE
        if running is not self._running:
            self._running = running
            self._marks = ()
            self._begin(snapshot)
        if snapshot.procedure.phase is not self._phase:
            self.follow.setChecked(True)  # what is new is to be seen, whatever was looked at
        self._phase = snapshot.procedure.phase
        self.history.append(snapshot.samples)
        self.reach.append(snapshot)
        self._marks += tuple(marks_of(snapshot.events))
        self._snapshot = snapshot
        device = snapshot.link.device
        if device is not None and device.probe is not None:
            self._probe = device.probe.model
        self._changed()

    def _begin(self, snapshot: Snapshot) -> None:
        last = self.history.last_s
        first = snapshot.samples[0].at_ms / 1_000.0 if snapshot.samples else 0.0
        if last is not None and last > first:
            first = last
        records = snapshot.procedure.records
        if records:
            first = min(first, records[0].started_ms / 1_000.0 - 20.0)
        self.sheet.origin_s = first
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
        self.sheet.show_picture(self._picture(snapshot, newest))

    def _data(self, snapshot: Snapshot) -> Data:
        return Data(snapshot, self.history, self.reach, references(snapshot, self._probe))

    def _picture(self, snapshot: Snapshot, newest: float) -> Picture:
        data = self._data(snapshot)
        spans = tuple(spans_of(snapshot, newest))
        strips = self._view.strips(data)
        tip = self.history.last("tip") if not snapshot.stale else None
        thawing = snapshot.procedure.phase in (Phase.THAWING, Phase.STOPPED, Phase.RELEASING)
        melting = thawing and tip is not None and MELTING[0] <= tip <= MELTING[1]
        dot = tip if self._view is VIEWS[0] else None
        self.key.apply(self._view.key(data))
        still = (
            self._view.id,
            id(self.history),
            tuple((span.kind, span.from_s, span.label) for span in spans),
            tuple((each.low, each.high, each.levels, len(each.curves)) for each in strips),
            len(self._marks),
            data.references,
            melting,
            dot is None,
        )
        return Picture(strips, spans, self._marks, newest, dot, still, melting)

    def _to_the_newest(self, newest: float) -> None:
        origin = self.sheet.origin_s
        over = newest - (origin + WINDOW_S - _STEP_S / 2)
        left = origin + max(0.0, float(np.ceil(over / _STEP_S))) * _STEP_S
        self.sheet.look_at(left, left + WINDOW_S)

    # --- what the operator wants --------------------------------------------------------------

    def turn_to(self, name: str) -> None:
        """Shows the view with this id, as its tab does."""
        index = next(i for i, view in enumerate(VIEWS) if view.id == name)
        self._tabs.button(index).click()

    def _turn_to(self, index: int) -> None:
        self._view = VIEWS[index]
        self.sheet.setAccessibleName(self._view.name())
        self._say_range()
        self.redraw(force=True)

    def _follow(self, on: bool) -> None:
        if on:
            self.sheet.read_out(None)
        self._say_range()
        show(self.follow, not on)
        self._changed()

    def _say_range(self) -> None:
        on = self.follow.isChecked()
        what = self.tr("°C, last {span}") if self._view is VIEWS[0] else self.tr("last {span}")
        say(self._caption, what.format(span=minutes(WINDOW_S)) if on else self.tr("not live"))

    def inspect(self, at_s: float) -> None:
        """Stops following, and says what was so at a moment (device time in s)."""
        snapshot, newest = self._snapshot, self.history.last_s
        first = self.history.first_s
        if snapshot is None or newest is None or first is None:
            return
        found = self.history.at(min(max(at_s, first), newest))
        assert found is not None
        at_s = found[0]
        self.follow.setChecked(False)
        span = self.sheet.right_s - self.sheet.left_s
        if not self.sheet.left_s <= at_s <= self.sheet.right_s:
            self.sheet.look_at(at_s - span / 2, at_s + span / 2)
        phase = span_at(spans_of(snapshot, newest), at_s)
        words = ""
        if phase is not None:
            words = f"{phase.label} {minutes(at_s - phase.from_s)}"
        said = spoken(self._data(snapshot), at_s, self.sheet.origin_s, words)
        self.sheet.read_out(Readout(at_s, said))

    def showEvent(self, event: QShowEvent) -> None:
        """Draws what came while it was hidden."""
        super().showEvent(event)
        self._redraw_due()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leaves the key out where the plot needs the room."""
        super().resizeEvent(event)
        show(self.key, event.size().height() >= _KEY_FROM)

    def sizeHint(self) -> QSize:
        """As on the picture at 1440 × 900."""
        return QSize(600, 400)

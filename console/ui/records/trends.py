# ruff: noqa: N802 - Qt names what it calls
"""Trends: the key numbers of each freeze over time, of one console or one probe."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from console.model.trend import FreezeNumbers
from console.ui.kit.buttons import EnterButton
from console.ui.kit.parts import card, label, say, show
from console.ui.kit.theme import DARK, GAP, Palette
from console.ui.records.trend_numbers import MEASURES, Thing, in_words, things
from console.ui.records.trend_plot import TrendPlot

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TrendChoice(QWidget):
    """Which console or probe, and whether SIMULATED sessions count. `chosen` carries a Thing, None
    when there is none."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._freezes: Sequence[FreezeNumbers] = ()
        self._things: list[Thing] = []
        self.simulated = EnterButton()
        self.simulated.setCheckable(True)
        self.simulated.setChecked(True)
        self.simulated.toggled.connect(self._fill)
        self.list = QListWidget()
        self.list.setObjectName("sessions")
        self.list.setAccessibleName(self.tr("Consoles and probes"))
        self.list.setWordWrap(True)
        self.list.setSpacing(4)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.list, 1)
        column.addWidget(self.simulated)
        column.addStretch()

    def take(self, freezes: Sequence[FreezeNumbers]) -> None:
        """What there is to choose of."""
        self._freezes = freezes
        self._fill()

    @property
    def left_out(self) -> bool:
        """Whether there are sessions, but only SIMULATED ones, which are left out."""
        return bool(self._freezes) and not self._things

    def _fill(self) -> None:
        shown = self.simulated.isChecked()
        words = self.tr("SIMULATED: shown") if shown else self.tr("SIMULATED: left out")
        self.simulated.setText(words)
        self.simulated.setAccessibleName(words)
        row = self.list.currentRow()
        before = self._things[row] if 0 <= row < len(self._things) else None
        self._things = things(self._freezes, simulated=shown)
        show(self.list, bool(self._things))
        show(self.simulated, bool(self._freezes))
        self.list.blockSignals(True)
        self.list.clear()
        for each in self._things:
            self.list.addItem(QListWidgetItem(f"{each.title}\n{each.detail}"))
        same = [
            index
            for index, each in enumerate(self._things)
            if before and (each.probe, each.serial) == (before.probe, before.serial)
        ]
        row = (same or [0])[0] if self._things else -1
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self._choose(row)

    def _choose(self, row: int) -> None:
        self.chosen.emit(self._things[row] if 0 <= row < len(self._things) else None)


class _Plots(QWidget):
    """The plots, one below the other. Arrows go from freeze to freeze, Enter opens."""

    moved = Signal(int)
    entered = Signal()

    def __init__(self, look: Palette) -> None:
        super().__init__()
        self._look = look
        self.setObjectName("trend_plots")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Freezes over time: arrows choose one, Enter opens it"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Enter; all else goes on."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(step)
        elif event.key() in _ENTER:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar at the edge while it has the keys."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(QColor(self._look.number), 3))
            painter.drawLine(1, 0, 1, self.height())


class TrendPlots(QWidget):
    """The plots of the chosen console or probe. `opened` carries the session of a point."""

    opened = Signal(str)

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._freezes: Sequence[FreezeNumbers] = ()
        self._at: int | None = None
        frame, column = card(spacing=8, margin=18)
        self.title = label("", "title", wrap=True)
        self.state = label("", "name", wrap=True)
        self.legend = label(
            self.tr(
                "● freeze   ○ SIMULATED freeze   — median of each session. "
                "A touch on a point opens its report."
            ),
            "small",
            wrap=True,
        )
        self._look = look
        self.plots: list[TrendPlot] = []
        self.body = _Plots(look)
        self._stack = QVBoxLayout(self.body)
        self._stack.setContentsMargins(8, 0, 0, 0)
        self._stack.setSpacing(10)
        self.body.moved.connect(self._move)
        self.body.entered.connect(self._enter)
        self.area = QScrollArea()
        self.area.setObjectName("trends")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setAccessibleName(self.tr("Plots"))
        self.area.setWidget(self.body)
        self.now = label("", "small", wrap=True)
        for each in (self.title, self.legend, self.state):
            column.addWidget(each)
        column.addWidget(self.area, 1)
        column.addWidget(self.now)
        column.addStretch()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.empty("")

    def _make(self) -> None:
        """The plots, when they are first needed: they are slow to make."""
        for each in MEASURES:
            plot = TrendPlot(each, self._look)
            plot.chosen.connect(lambda freeze: self.opened.emit(freeze.session))
            self._stack.addWidget(plot)
            self.plots.append(plot)
        self._stack.addStretch(1)

    def empty(self, words: str) -> None:
        """Shows words alone."""
        self._freezes, self._at = (), None
        say(self.state, words)
        for each in (self.title, self.legend, self.area, self.now):
            show(each, False)
        show(self.state, True)

    def apply(self, thing: Thing) -> None:
        """Shows the freezes of one console or probe."""
        if not self.plots:
            self._make()
        self._freezes, self._at = thing.freezes, None
        say(self.title, thing.title)
        for plot in self.plots:
            plot.apply(thing.freezes)
        say(self.now, self.tr("{detail}. With the keys: arrows choose a freeze, Enter opens its "
                              "report.").format(detail=thing.detail))  # fmt: skip
        self.body.setAccessibleDescription(self.now.text())
        for each in (self.title, self.legend, self.area, self.now):
            show(each, True)
        show(self.state, False)

    @property
    def freeze(self) -> FreezeNumbers | None:
        """The one that the arrows came to."""
        return None if self._at is None else self._freezes[self._at]

    def _move(self, step: int) -> None:
        last = len(self._freezes) - 1
        at = last if self._at is None else self._at + step  # the newest first
        self._at = max(0, min(at, last))
        freeze = self._freezes[self._at]
        values = " · ".join(each.in_words(freeze) for each in MEASURES)
        say(self.now, f"{in_words(freeze)}\n{values}")
        self.body.setAccessibleDescription(self.now.text())
        for plot in self.plots:
            plot.mark(freeze)

    def _enter(self) -> None:
        if self.freeze is not None:
            self.opened.emit(self.freeze.session)

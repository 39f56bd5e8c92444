# ruff: noqa: N802 - Qt names what it calls
"""Supply, exhaust, flow, what was released, and what is left."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.model.device import Gas
from console.model.quantities import bar, litres_per_minute, number
from console.model.snapshot import Snapshot
from console.ui.kit.parts import card, label, mark, say, show
from console.ui.kit.theme import DARK, Palette
from console.ui.kit.words import enough_words, left_words

_SCALE_KPA: Final = (3_000.0, 8_000.0)
_START_KPA: Final = {Gas.N2O: (4_100.0, 6_600.0), Gas.CO2: (4_500.0, 7_000.0)}
"""Supply that a freeze may start with (product.md)."""


class SupplyGauge(QWidget):
    """Supply pressure on a scale of 30 to 80 bar; the part that a freeze may start with is marked.
    Pressure shows the cylinder's temperature, not its contents: no percentage."""

    def __init__(self, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._kpa: float | None = None
        self._good = _START_KPA[Gas.N2O]
        self._stale = False
        self.setFixedHeight(14)
        self.setMinimumWidth(120)

    def apply(self, kpa: float | None, gas: Gas, stale: bool) -> None:
        """Shows a pressure, None draws no pointer."""
        state = (kpa, _START_KPA[gas], stale)
        if state != (self._kpa, self._good, self._stale):
            self._kpa, self._good, self._stale = state
            self.update()

    def _x(self, kpa: float) -> float:
        low, high = _SCALE_KPA
        return min(1.0, max(0.0, (kpa - low) / (high - low))) * self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rail, the usual range, a pointer."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.raised))
        painter.drawRoundedRect(QRectF(0, 4, self.width(), 6), 3, 3)
        painter.setBrush(QColor(self._look.raised_edge))
        left, right = self._x(self._good[0]), self._x(self._good[1])
        painter.drawRoundedRect(QRectF(left, 4, right - left, 6), 3, 3)
        if self._kpa is not None:
            painter.setBrush(QColor(self._look.stale if self._stale else self._look.number))
            painter.drawRoundedRect(QRectF(self._x(self._kpa) - 3, 0, 6, 14), 3, 3)


class GasCard(QFrame):
    """One line a quantity, values at the right."""

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame, column = card(spacing=2)
        self.gauge = SupplyGauge(look)
        supply, self.supply = self._row(self.tr("Supply"), self.gauge)
        flow, self.flow = self._row(self.tr("Flow · released"))
        self.released = self._caption
        exhaust, self.exhaust = self._row(self.tr("Exhaust"))
        left, self.left = self._row(self.tr("Freezing time left"))
        for row in (supply, flow, exhaust, left):
            column.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.left.setProperty("role", "small")
        self.left.setWordWrap(True)
        left.setStretch(0, 2)
        left.setStretch(1, 3)
        self.enough = label("", "small")
        column.addWidget(self.enough)

    def _row(self, caption: str, extra: QWidget | None = None) -> tuple[QHBoxLayout, QLabel]:
        row = QHBoxLayout()
        row.setSpacing(12)
        self._caption = label(caption, "small", wrap=extra is None)
        value = label("", "value")
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._caption, 0 if extra is not None else 1)
        if extra is not None:
            row.addWidget(extra, 1)
        row.addWidget(value)
        return row, value

    def apply(self, snapshot: Snapshot) -> None:
        """Shows a snapshot."""
        seen, device = snapshot.observation, snapshot.link.device
        gas = device.gas if device is not None else Gas.N2O
        supply = seen.supply_kpa if seen is not None else None
        self.gauge.apply(supply, gas, snapshot.stale)
        say(self.supply, self.tr("{bar} bar").format(bar=bar(supply)))
        flow = litres_per_minute(seen.flow_mg_s) if seen is not None else None
        say(self.released, self.tr("Flow · {gas} released").format(gas=gas.label))
        say(
            self.flow,
            self.tr("{flow} L/min · {litres} L").format(
                flow=number(flow), litres=number(snapshot.gas.released_l, 0)
            ),
        )
        exhaust = seen.exhaust_kpa if seen is not None else None
        say(self.exhaust, self.tr("{bar} bar").format(bar=bar(exhaust)))
        left = snapshot.gas.left
        say(self.left, left_words(left))
        mark(self.left, "role", "small" if left is None else "name")
        say(self.enough, enough_words(snapshot.gas.enough))
        show(self.enough, left is not None)
        for value in (self.supply, self.flow, self.exhaust):
            mark(value, "stale", "true" if snapshot.stale else "false")

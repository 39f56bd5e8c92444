# ruff: noqa: N802 - Qt names what it calls
"""A number as large as its place allows, in figures of one width."""

from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.kit.theme import DARK, Palette, font

_LARGEST: Final = 260
_CAPITALS: Final = 0.73
"""Height of Inter's figures over the font's size."""


class BigNumber(QWidget):
    """A measured number with its unit. `stale` greys it. Nothing else is ever drawn over it."""

    def __init__(
        self, widest: str, unit: str = "", look: Palette = DARK, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self._widest, self._unit = look, widest, unit
        self.text = ""
        self.stale = False
        self._sized: tuple[tuple[object, ...], int] = ((), 0)
        # It stands on a card, and paints that itself: nothing under it is painted for its sake.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(200, 50)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """What is readable; it grows where there is room."""
        return QSize(320, 50)

    def set_unit(self, unit: str) -> None:
        """Another unit, where the console names its own."""
        if unit != self._unit:
            self._unit = unit
            self.update()

    def show_number(self, text: str, *, stale: bool = False, name: str = "") -> None:
        """`name`: what it is, for those who do not see it."""
        if (text, stale) == (self.text, self.stale):
            return
        self.text, self.stale = text, stale
        self.setAccessibleName(f"{name} {text} {self._unit}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """One size for all values: that of the widest one."""
        size = self._size()
        large = font(size, QFont.Weight.Bold, digits=True)
        small = font(max(20, size // 3), QFont.Weight.DemiBold)
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._look.card))
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        base = (self.height() + size * _CAPITALS) / 2
        painter.setFont(large)
        painter.setPen(QColor(self._look.stale if self.stale else self._look.number))
        left = -size * 0.03
        painter.drawText(QPointF(left, base), self.text)
        if self._unit:
            wide = QFontMetricsF(large).horizontalAdvance(self.text)
            painter.setFont(small)
            painter.setPen(QColor(self._look.muted))
            painter.drawText(QPointF(left + wide + size * 0.06, base), self._unit)

    def _size(self) -> int:
        given = (self.width(), self.height(), self._widest, self._unit)
        if self._sized[0] != given:
            self._sized = given, self._measured()
        return self._sized[1]

    def _measured(self) -> int:
        by_height = self.height() / (_CAPITALS + 0.12)
        probe = QFontMetricsF(font(100, QFont.Weight.Bold, digits=True))
        unit = QFontMetricsF(font(33, QFont.Weight.DemiBold))
        per_100 = probe.horizontalAdvance(self._widest) + 10
        if self._unit:
            per_100 += unit.horizontalAdvance(self._unit)
        return int(min(_LARGEST, by_height, 100.0 * self.width() / per_100))

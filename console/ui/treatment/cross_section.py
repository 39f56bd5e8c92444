# ruff: noqa: N802 - Qt names what it calls
"""The probe in the tissue, to scale: estimated edge of the ice, -20 °C, and the nerve."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.model.device import ProbeInfo
from console.model.estimate import Band, Estimate
from console.model.quantities import with_unit
from console.ui.kit.theme import DARK, SMALL, Palette, font

_PROBE_MM: Final = (1.4, 6.0)
"""Diameter and active length, where the console does not say."""
_SCALE_MM: Final = 15.0
"""Height of the picture: room for the ice of a third freeze."""
_NERVE_MM: Final = 2.0
_THINNEST_MM: Final = 0.5
"""Less than this around the probe is not drawn."""


class CrossSection(QWidget):
    """Dashed and light: a model, not a measurement."""

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._estimate: Estimate | None = None
        self._probe = _PROBE_MM
        # It stands on a card, and paints that itself: nothing under it is painted for its sake.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumHeight(64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Cross-section of the estimated ice ball"))

    def sizeHint(self) -> QSize:
        """What is readable; it grows where there is room."""
        return QSize(320, 64)

    def apply(self, estimate: Estimate | None, probe: ProbeInfo | None) -> None:
        """Draws an estimate; without one the probe alone."""
        size = (probe.diameter_mm, probe.tip_length_mm) if probe is not None else _PROBE_MM
        if (_seen(estimate), size) != (_seen(self._estimate), self._probe):
            self._estimate, self._probe = estimate, size
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tissue, probe, nerve, then the two dashed edges with their names."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._look.card))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.tissue))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        painter.setClipRect(self.rect())
        self._scale = self.height() / _SCALE_MM
        diameter, length = self._probe
        self._middle = QPointF(self.width() * 0.56, self.height() / 2)
        estimate = self._estimate
        if estimate is not None:
            self._ball(painter, estimate.ice_edge_mm, Qt.PenStyle.DashLine)
            self._ball(painter, estimate.minus20_mm, Qt.PenStyle.DotLine)
        self._draw_probe(painter, diameter, length)
        painter.setFont(font(SMALL))
        if estimate is None:
            painter.setPen(QColor(self._look.muted))
            painter.drawText(QPointF(10, 21), self.tr("ice not known now"))
            return
        self._nerve(painter, diameter, estimate.nerve_distance_mm)
        self._names(painter, estimate)

    def _ball(self, painter: QPainter, band: Band, style: Qt.PenStyle) -> None:
        diameter, _ = self._probe
        if band.value <= diameter + _THINNEST_MM:
            return
        ring = QColor(self._look.text)
        ring.setAlpha(14)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ring)
        painter.drawEllipse(self._middle, *self._radii(band.high))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._look.text), 1.2, style))
        painter.drawEllipse(self._middle, *self._radii(band.value))

    def _radii(self, across_mm: float) -> tuple[float, float]:
        diameter, length = self._probe
        along = length + max(0.0, across_mm - diameter)
        return along / 2 * self._scale, across_mm / 2 * self._scale

    def _draw_probe(self, painter: QPainter, diameter: float, length: float) -> None:
        half = max(3.0, diameter / 2 * self._scale)
        left = self._middle.x() - length / 2 * self._scale
        right = self._middle.x() + length / 2 * self._scale
        y = self._middle.y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.shaft))
        painter.drawRect(QRectF(right, y - half, self.width() - right, 2 * half))
        painter.setBrush(QColor(self._look.text))
        point = min(2.2 * half, (right - left) / 2)
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(left, y),
                    QPointF(left + point, y - half),
                    QPointF(right, y - half),
                    QPointF(right, y + half),
                    QPointF(left + point, y + half),
                ]
            )
        )

    def _nerve(self, painter: QPainter, diameter: float, distance: float) -> None:
        radius = _NERVE_MM / 2 * self._scale
        above = (diameter / 2 + distance + _NERVE_MM / 2) * self._scale
        centre = QPointF(self._middle.x(), self._middle.y() - above)
        fill = QColor(self._look.nerve)
        fill.setAlpha(120)
        painter.setPen(QPen(QColor(self._look.nerve), 1.2))
        painter.setBrush(fill)
        painter.drawEllipse(centre, radius, radius)
        painter.setPen(QColor(self._look.nerve))
        lines = (self.tr("nerve"), self.tr("assumed"), with_unit(distance, "mm"))
        for index, text in enumerate(lines):
            painter.drawText(QPointF(10, 20 + 19 * index), text)
        reach = QFontMetricsF(painter.font()).horizontalAdvance(lines[0]) + 16
        painter.setPen(QPen(QColor(self._look.nerve), 1))
        painter.drawLine(QPointF(reach, 15), QPointF(centre.x() - radius - 2, centre.y()))

    def _names(self, painter: QPainter, estimate: Estimate) -> None:
        rows = (
            (self.tr("ice edge"), estimate.ice_edge_mm, 20.0),
            (self.tr("−20 °C"), estimate.minus20_mm, self.height() - 10.0),
        )
        metrics = QFontMetricsF(painter.font())
        for name, band, y in rows:
            if band.value <= self._probe[0] + _THINNEST_MM:
                continue
            wide, high = self._radii(band.value)
            left = self.width() - metrics.horizontalAdvance(name) - 10
            up = -0.75 if y < self.height() / 2 else 0.75
            rim = QPointF(
                self._middle.x() + wide * (1 - up * up) ** 0.5, self._middle.y() + high * up
            )
            painter.setPen(QPen(QColor(self._look.muted), 1))
            painter.drawLine(rim, QPointF(left - 5, y - 5))
            painter.setPen(QColor(self._look.text))
            painter.drawText(QPointF(left, y), name)


def _seen(estimate: Estimate | None) -> tuple[int, ...] | None:
    """What of it can be told apart on the picture, where 0.1 mm is a pixel."""
    if estimate is None:
        return None
    bands = (estimate.ice_edge_mm, estimate.minus20_mm)
    lengths = [length for band in bands for length in (band.value, band.high)]
    return tuple(round(20 * each) for each in (*lengths, estimate.nerve_distance_mm))

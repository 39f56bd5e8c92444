"""Paints a picture of the plots. What stands still is painted once, into two grounds: one as it is
beside the running freeze or thaw, one as it is within it. The newest reading parts the two."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF

from console.model.quantities import minutes, number
from console.ui.kit.theme import SMALL, Palette, font
from console.ui.plot.area import Area, time_ticks, value_ticks
from console.ui.plot.history import DRAWN, Floats
from console.ui.plot.marks import SpanKind
from console.ui.plot.picture import Curve, Ink, Level, Picture, Ribbon, Strip

DOT: Final = 5.5
"""Radius of the newest reading."""
_THINNEST: Final = 3.0
"""A ribbon is drawn at least this high, in pixels."""
_LINE: Final = 16.0
"""From one number at the left to the next, in pixels, at least."""
_SETTLED_S: Final = 8.0
"""A tip is at its target, or away from it, about that long after the gas was turned."""
_BESIDE: Final = 4.0
"""Pixels of curve to draw beyond the part to be painted: lines have joints and a width."""


@dataclass(frozen=True)
class Words:
    """A text where it stands: left end and base line."""

    at: QPointF
    text: str
    ink: QColor
    bold: bool = False
    over: QRectF | None = None  # what to cover first, with the card's colour


def inked(colour: str, alpha: int = 255) -> QColor:
    """A colour of the palette, lighter."""
    made = QColor(colour)
    made.setAlpha(alpha)
    return made


def curve_pen(look: Palette, ink: Ink) -> QPen:
    """Measured: full. The cycle before: faint. A model: light and dashed."""
    match ink:
        case Ink.MEASURED:
            return QPen(QColor(look.number), 1.5)
        case Ink.BEFORE:
            return QPen(inked(look.text, 105), 1)
        case _:
            return QPen(inked(look.text, 190), 1, Qt.PenStyle.DashLine)


def ribbon_fill(look: Palette, ink: Ink) -> QColor:
    """The reference is tinted, so that it is not taken for the target's band."""
    return inked(look.accent, 105) if ink is Ink.REFERENCE else inked(look.text, 34)


class PlotPaint:
    """One picture in one view, with its words laid out once."""

    def __init__(
        self,
        look: Palette,
        picture: Picture,
        areas: tuple[Area, ...],
        origin_s: float,
        size: QSize,
    ) -> None:
        self._look = look
        self._size = size
        self._grounds: tuple[QPixmap, QPixmap] | None = None
        self.picture = picture
        self._areas = areas
        self._origin_s = origin_s
        self._font = font(SMALL)
        self._bold = font(SMALL, QFont.Weight.DemiBold)
        self._metrics = QFontMetricsF(self._font)
        self.points = 0
        self._words = [*self._numbers(), *self._titles(), *self._phases()]
        self._words += [*self._events(), *self._levels()]

    def at(self, picture: Picture) -> None:
        """The same picture a little later."""
        self.picture = picture

    def paint(self, painter: QPainter, part: QRect) -> None:
        """This part of the sheet: its ground, what goes on, and the newest reading."""
        self.points = 0
        inside = QRectF(part)
        self._lay(painter, inside)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for strip, area in zip(self.picture.strips, self._areas, strict=True):
            with _within(painter, area, inside) as view:
                if view is not None:
                    self._live(painter, strip, area, view)
        self._newest(painter)

    def _lay(self, painter: QPainter, inside: QRectF) -> None:
        ratio = painter.device().devicePixelRatio()
        if self._grounds is None or self._grounds[0].devicePixelRatio() != ratio:
            self._grounds = self._ground(ratio, within=False), self._ground(ratio, within=True)
        beside, within = self._grounds
        now = round(self._areas[0].x(self.picture.newest_s))
        for ground, left, right in (
            (within, inside.left(), min(inside.right(), now)),
            (beside, max(inside.left(), now), inside.right()),
        ):
            if right > left:
                painter.save()
                place = QRectF(left, inside.top(), right - left, inside.height())
                painter.setClipRect(place, Qt.ClipOperation.IntersectClip)
                painter.drawPixmap(0, 0, ground)
                painter.restore()

    def _ground(self, ratio: float, *, within: bool) -> QPixmap:
        ground = QPixmap(self._size * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(QColor(self._look.card))
        painter = QPainter(ground)
        whole = QRectF(QRect(QPoint(), self._size))
        for strip, area in zip(self.picture.strips, self._areas, strict=True):
            self._shade(painter, area, within=within)
            self._scale(painter, strip, area)
        self._marks(painter)
        self._write(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for strip, area in zip(self.picture.strips, self._areas, strict=True):
            with _within(painter, area, whole) as view:
                if view is not None:
                    self._still(painter, strip, area, view)
        painter.end()
        return ground

    # --- ground -------------------------------------------------------------------------------

    def _shade(self, painter: QPainter, area: Area, *, within: bool) -> None:
        look, whole = self._look, area.rect
        for span in self.picture.spans:
            runs = span.to_s >= self.picture.newest_s
            if runs and not within:
                continue
            left = max(area.x(span.from_s), whole.left())
            right = whole.right() if runs else min(area.x(span.to_s), whole.right())
            if right > left:
                frozen = span.kind is SpanKind.FREEZE
                shade = QColor(look.freeze_shade if frozen else look.thaw_shade)
                painter.fillRect(QRectF(left, whole.top(), right - left, whole.height()), shade)

    def _scale(self, painter: QPainter, strip: Strip, area: Area) -> None:
        look, whole = self._look, area.rect
        for value in value_ticks(area, strip.step):
            strong = value == strip.emphasis
            painter.setPen(QPen(inked(look.muted, 150 if strong else 38), 1))
            _across(painter, area, value)
        for level in strip.levels:
            if level.within:
                top, bottom = area.y(level.value + level.within), area.y(level.value - level.within)
                band = QRectF(whole.left(), top, whole.width(), bottom - top)
                painter.fillRect(band, inked(look.text, 26))
            style = Qt.PenStyle.DotLine if level.dotted else Qt.PenStyle.DashLine
            painter.setPen(QPen(QColor(look.text), 1, style))
            _across(painter, area, level.value)

    def _marks(self, painter: QPainter) -> None:
        area = self._areas[-1]
        for mark in self.picture.marks:
            x = round(area.x(mark.at_s)) + 0.5
            if area.rect.left() <= x <= area.rect.right():
                colour = self._look.alarm_mark if mark.alarm else self._look.muted
                painter.setPen(QPen(QColor(colour), 1, Qt.PenStyle.DotLine))
                high = min(30.0, area.rect.height())
                bottom = area.rect.bottom()
                painter.drawLine(QPointF(x, bottom - high), QPointF(x, bottom))

    # --- curves -------------------------------------------------------------------------------

    def _still(self, painter: QPainter, strip: Strip, area: Area, view: QRectF) -> None:
        for ribbon in strip.ribbons:
            if ribbon.at_s is not None:
                self._ribbon(painter, ribbon, area, view)
        for curve in strip.curves:
            if curve.ink is Ink.BEFORE:
                self._curve(painter, curve, area, view)

    def _live(self, painter: QPainter, strip: Strip, area: Area, view: QRectF) -> None:
        for ribbon in strip.ribbons:
            if ribbon.at_s is None:
                self._ribbon(painter, ribbon, area, view)
        for curve in strip.curves:
            if curve.ink is not Ink.BEFORE:
                self._curve(painter, curve, area, view)

    def _curve(self, painter: QPainter, curve: Curve, area: Area, view: QRectF) -> None:
        painter.setPen(curve_pen(self._look, curve.ink))
        for line in area.lines(*self._points(curve, area, view)):
            painter.drawPolyline(line)

    def _points(self, curve: Curve, area: Area, view: QRectF) -> tuple[Floats, Floats]:
        # Two points a pixel show all there is to see; thinner costs less. The whole view says how
        # thin, so that a part painted anew meets its neighbours.
        left, right = area.left_s - curve.by_s, area.right_s - curve.by_s
        left, right = max(curve.from_s, left), min(curve.to_s, right)
        if left >= right:
            return np.empty(0), np.empty(0)
        ends = area.seconds(view.left() - _BESIDE), area.seconds(view.right() + _BESIDE)
        part = ends[0] - curve.by_s, ends[1] - curve.by_s
        points = min(DRAWN, max(600, 2 * round(area.rect.width())))
        xs, ys = curve.track.drawn(left, right, points, curve.column, part)
        self.points += len(xs)
        return xs + curve.by_s, ys * curve.scale

    def _ribbon(self, painter: QPainter, ribbon: Ribbon, area: Area, view: QRectF) -> None:
        low, high = ribbon.low, ribbon.high
        if isinstance(low, Curve) and isinstance(high, Curve):
            (xs, lows), (_, highs) = self._points(low, area, view), self._points(high, area, view)
        else:
            assert ribbon.at_s is not None
            assert not isinstance(low, Curve)
            assert not isinstance(high, Curve)
            xs, lows, highs = ribbon.at_s, low, high
        least = _THINNEST * (area.high - area.low) / area.rect.height()
        more = np.maximum(0.0, least - (highs - lows)) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ribbon_fill(self._look, ribbon.ink))
        tops, feet = area.lines(xs, highs + more), area.lines(xs, lows - more)
        for top, foot in zip(tops, feet, strict=True):
            painter.drawPolygon(QPolygonF([*top.toList(), *reversed(foot.toList())]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _newest(self, painter: QPainter) -> None:
        dot, area = self.picture.dot, self._areas[0]
        if dot is None or not area.left_s <= self.picture.newest_s <= area.right_s:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.number))
        painter.drawEllipse(QPointF(area.x(self.picture.newest_s), area.y(dot)), DOT, DOT)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # --- words --------------------------------------------------------------------------------

    def _write(self, painter: QPainter) -> None:
        for words in self._words:
            if words.over is not None:
                painter.fillRect(words.over, inked(self._look.card, 200))
            painter.setFont(self._bold if words.bold else self._font)
            painter.setPen(words.ink)
            painter.drawText(words.at, words.text)

    def _numbers(self) -> list[Words]:
        found, muted = [], QColor(self._look.muted)
        for strip, area in zip(self.picture.strips, self._areas, strict=True):
            last = float("inf")
            for value in value_ticks(area, strip.step):
                text, y = number(value, 0), area.y(value) + 5
                if len(self._areas) > 1:  # clear of the strips above and below
                    y = min(max(y, area.rect.top() + 11), area.rect.bottom())
                if last - y < _LINE:
                    continue
                last = y
                wide = self._metrics.horizontalAdvance(text)
                found.append(Words(QPointF(area.rect.left() - wide - 6, y), text, muted))
        bottom = self._areas[-1]
        for at_s in time_ticks(bottom, self._origin_s):
            text = minutes(at_s - self._origin_s)
            x = bottom.x(at_s) - self._metrics.horizontalAdvance(text) / 2
            found.append(Words(QPointF(x, bottom.rect.bottom() + 19), text, muted))
        return found

    def _titles(self) -> list[Words]:
        found = []
        for strip, area in zip(self.picture.strips, self._areas, strict=True):
            if strip.title:
                wide = self._metrics.horizontalAdvance(strip.title)
                at = QPointF(area.rect.right() - wide - 5, area.rect.top() + 17)
                over = QRectF(at.x() - 5, area.rect.top() + 1, wide + 10, 21)
                found.append(Words(at, strip.title, QColor(self._look.text), over=over))
        return found

    def _phases(self) -> list[Words]:
        area, found = self._areas[0], []
        whole, metrics = area.rect, QFontMetricsF(self._bold)
        title = metrics.horizontalAdvance(self.picture.strips[0].title)
        end = whole.right() - (title + 14 if title else 0)
        free = whole.left()
        for span in self.picture.spans:
            left = max(area.x(span.from_s), whole.left()) + 6
            right = min(area.x(span.to_s), end)
            frozen = span.kind is SpanKind.FREEZE
            running = span is self.picture.spans[-1]
            text = span.label
            if running:
                right = end
                if not frozen and self.picture.melting:
                    text = QCoreApplication.translate("plot", "Thaw: ice melting")
            if left >= free and left + metrics.horizontalAdvance(text) <= right - 2:
                ink = QColor(self._look.freeze_ink if frozen else self._look.thaw_ink)
                found.append(Words(QPointF(left, whole.top() + 20), text, ink, bold=True))
                free = left + metrics.horizontalAdvance(text)
        return found

    def _events(self) -> list[Words]:
        area, found = self._areas[-1], []
        levels = self.picture.strips[-1].levels
        if len(self._areas) > 1 or (levels and not _room_under(area, levels[-1])):
            return []
        taken = area.rect.left()
        widest = max((self._metrics.horizontalAdvance(level.words) for level in levels), default=0)
        for mark in self.picture.marks:
            x, wide = area.x(mark.at_s) + 5, self._metrics.horizontalAdvance(mark.label)
            if x < taken or x + wide > area.rect.right() - widest - 12:
                continue
            ink = QColor(self._look.alarm_mark if mark.alarm else self._look.muted)
            found.append(Words(QPointF(x, area.rect.bottom() - 6), mark.label, ink))
            taken = x + wide + 8
        return found

    def _levels(self) -> list[Words]:
        found = []
        for strip, area in zip(self.picture.strips, self._areas, strict=True):
            levels = strip.levels
            if len(levels) > 1 and not _room_under(area, levels[-1]):
                first = levels[0]
                both = " · ".join(level.words for level in levels)
                words = first.words if self._clear(area, both) is None else both
                levels = (Level(first.value, words, within=first.within),)
            for index, level in enumerate(levels):
                above = area.y(level.value + level.within) - 4
                y = above if index == 0 else area.y(level.value) + 18
                clear = self._clear(area, level.words) if index == 0 else None
                x = area.rect.right() - self._wide(level.words) if clear is None else clear
                found.append(Words(QPointF(x, y), level.words, QColor(self._look.text)))
        return found

    def _clear(self, area: Area, words: str) -> float | None:
        """Where the last place begins in which no tip falls or rises through the words, None where
        there is none."""
        left = area.rect.right() - self._wide(words)
        for span in reversed(self.picture.spans):
            if left >= area.x(span.from_s + _SETTLED_S):
                break
            left = min(left, area.x(span.from_s) - self._wide(words))
        return left if left >= area.rect.left() else None

    def _wide(self, words: str) -> float:
        return self._metrics.horizontalAdvance(words) + _BESIDE


@contextmanager
def _within(painter: QPainter, area: Area, part: QRectF) -> Iterator[QRectF | None]:
    """What of an area lies in a part of the sheet, with nothing painted beyond; None: nothing."""
    view = part.intersected(area.rect)
    if view.width() <= 0 or view.height() <= 0:
        yield None
        return
    painter.save()
    painter.setClipRect(area.rect, Qt.ClipOperation.IntersectClip)
    yield view
    painter.restore()


def _across(painter: QPainter, area: Area, value: float) -> None:
    y = round(area.y(value)) + 0.5
    painter.drawLine(QPointF(area.rect.left(), y), QPointF(area.rect.right(), y))


def _room_under(area: Area, level: Level) -> bool:
    """Whether a line of words fits under a level."""
    return area.rect.bottom() - area.y(level.value) > 20

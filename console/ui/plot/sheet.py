# ruff: noqa: N802 - Qt names what it calls
"""The sheet that a plot is painted on: one time axis, looked along by wheel, pinch, touch and keys.

Like a paper recorder it paints only what is new at the right while nothing else changes: the rest
of the picture stays where it is."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QSizePolicy, QWidget

from console.ui.kit.theme import SMALL, Palette, font
from console.ui.plot.area import Area
from console.ui.plot.paint import DOT, PlotPaint, inked
from console.ui.plot.picture import Picture

NARROWEST_S: Final = 5.0
WIDEST_S: Final = 12 * 3_600.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 18, 8, 26
_BETWEEN: Final = 8
_NOTCH: Final = 120.0
_ZOOM: Final = 1.25
"""A notch of the wheel, or a press of + or −."""
_STEP_PX: Final = 8.0
"""How far a press of an arrow key moves the moment looked at."""
_TALL: Final = 190
"""From this height on the readout has a line for each quantity."""


@dataclass(frozen=True)
class Readout:
    """A moment looked at, device time in s, and what is said of it."""

    at_s: float
    words: tuple[str, ...]


class PlotSheet(QWidget):
    """Feed it pictures. `moved`: the view was changed by hand. `pointed`: a moment was touched,
    device time in s. `let_go`: back to the newest."""

    moved = Signal()
    pointed = Signal(float)
    let_go = Signal()

    def __init__(self, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._paint: PlotPaint | None = None
        self._painted_s: float | None = None
        self.left_s, self.right_s = 0.0, 60.0
        self.origin_s = 0.0
        self.readout: Readout | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleDescription(self._keys())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.grabGesture(Qt.GestureType.PinchGesture)

    def sizeHint(self) -> QSize:
        """As on the picture at 1440 × 900."""
        return QSize(600, 300)

    def minimumSizeHint(self) -> QSize:
        """Enough to see a curve's shape."""
        return QSize(200, 90)

    @property
    def painted_s(self) -> float | None:
        """Device time of the newest reading in the picture."""
        return self._painted_s

    @property
    def points(self) -> int:
        """How many points the last painting drew."""
        return self._paint.points if self._paint is not None else 0

    # --- what is shown ------------------------------------------------------------------------

    def look_at(self, left_s: float, right_s: float) -> None:
        """Shows this part of the time axis."""
        span = min(max(right_s - left_s, NARROWEST_S), WIDEST_S)
        middle = (left_s + right_s) / 2
        left_s, right_s = middle - span / 2, middle + span / 2
        if (left_s, right_s) != (self.left_s, self.right_s):
            self.left_s, self.right_s = left_s, right_s
            self._anew()

    def show_picture(self, picture: Picture) -> None:
        """Paints what is new: a strip at the right while all else stays as it was."""
        before = self._paint
        if before is None or before.picture.still != picture.still:
            self._paint = self._painting(picture)
            self.update()
        else:
            old = before.picture
            before.at(picture)
            self.update(self.fresh(old.newest_s, picture.newest_s))
        self._painted_s = picture.newest_s

    def fresh(self, before_s: float, now_s: float) -> QRect:
        """The part of the sheet that looks different when the newest reading goes from one device
        time to another."""
        left, right = sorted((self._x(before_s), self._x(now_s)))
        edge = DOT + 2
        return (
            QRectF(left - edge, 0, right - left + 2 * edge, self.height()).toAlignedRect()
            & self.rect()
        )

    def _keys(self) -> str:
        return self.tr("Arrows left and right read it out, plus and minus zoom")

    def read_out(self, readout: Readout | None) -> None:
        """Marks a moment and says what was so then; None takes it away."""
        if readout != self.readout:
            self.readout = readout
            self.setAccessibleDescription(", ".join(readout.words) if readout else self._keys())
            self.update()

    def recolour(self) -> None:
        """In the colours of now."""
        self._anew()

    def _anew(self) -> None:
        if self._paint is not None:
            picture = self._paint.picture
            self._paint = self._painting(picture)
        self.update()

    def _painting(self, picture: Picture) -> PlotPaint:
        areas = self.areas(picture)
        return PlotPaint(self._look, picture, areas, self.origin_s, self.size())

    def areas(self, picture: Picture) -> tuple[Area, ...]:
        """Where the strips lie."""
        count = len(picture.strips)
        high = (self.height() - _TOP - _BOTTOM - _BETWEEN * (count - 1)) / count
        wide = self.width() - _LEFT - _RIGHT
        return tuple(
            Area(
                QRectF(_LEFT, _TOP + index * (high + _BETWEEN), max(wide, 1), max(high, 1)),
                self.left_s,
                self.right_s,
                strip.low,
                strip.high,
            )
            for index, strip in enumerate(picture.strips)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """What Qt asks for: all of it, or the strip that is new."""
        painter = QPainter(self)
        if self._paint is None:
            painter.fillRect(event.rect(), QColor(self._look.card))
            return
        self._paint.paint(painter, event.rect())
        if self.readout is not None:
            self._read(painter, self.readout)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._look.number), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 8, 8)

    def _read(self, painter: QPainter, readout: Readout) -> None:
        areas = self.areas(self._paint.picture) if self._paint is not None else ()
        x = round(areas[0].x(readout.at_s)) + 0.5
        whole = areas[0].rect.united(areas[-1].rect)
        if not whole.left() <= x <= whole.right():
            return
        painter.setPen(QPen(QColor(self._look.number), 1))
        painter.drawLine(QPointF(x, whole.top()), QPointF(x, whole.bottom()))
        painter.setFont(font(SMALL))
        tall = whole.height() >= _TALL
        words = "\n".join(readout.words) if tall else " · ".join(readout.words)
        room = QRectF(0, 0, whole.width() - (20 if tall else 0), whole.height())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        box = painter.boundingRect(room, flags, words).adjusted(0, 0, 20, 12)
        left = x + 10 if x + 10 + box.width() <= whole.right() else x - 10 - box.width()
        left = max(whole.left(), min(left, whole.right() - box.width()))
        box.moveTo(left, whole.top() + (28 if tall else 0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.raised_edge), 1))
        painter.setBrush(inked(self._look.raised, 235))
        painter.drawRoundedRect(box, 8, 8)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(self._look.number))
        painter.drawText(box.adjusted(10, 6, 0, 0), flags, words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lays all of it anew."""
        super().resizeEvent(event)
        self._anew()

    # --- hands --------------------------------------------------------------------------------

    def _seconds(self, x: float) -> float:
        wide = max(1, self.width() - _LEFT - _RIGHT)
        return self.left_s + (x - _LEFT) / wide * (self.right_s - self.left_s)

    def _x(self, at_s: float) -> float:
        wide = max(1, self.width() - _LEFT - _RIGHT)
        return _LEFT + (at_s - self.left_s) / (self.right_s - self.left_s) * wide

    def _by_hand(self, left_s: float, right_s: float) -> None:
        self.moved.emit()  # first: whoever follows the newest must let go
        self.look_at(left_s, right_s)

    def zoom(self, factor: float, about_s: float) -> None:
        """Shows `factor` times as much, with `about_s` where it is."""
        span = min(max((self.right_s - self.left_s) * factor, NARROWEST_S), WIDEST_S)
        share = (about_s - self.left_s) / (self.right_s - self.left_s)
        left = about_s - share * span
        self._by_hand(left, left + span)

    def pan(self, seconds: float) -> None:
        """Moves the view to later, or with a negative number to earlier."""
        self._by_hand(self.left_s + seconds, self.right_s + seconds)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Looks at the moment that was touched."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._point(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """And at those that the finger slides over."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._point(event.position().x())

    def _point(self, x: float) -> None:
        inside = min(max(x, float(_LEFT)), float(self.width() - _RIGHT))
        self.pointed.emit(self._seconds(inside))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms about the pointer; sideways, or with Shift, it moves along."""
        turned = event.angleDelta()
        along = turned.x() or (
            turned.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0
        )
        if along:
            self.pan(-along / _NOTCH * (self.right_s - self.left_s) / 10)
        elif turned.y():
            self.zoom(_ZOOM ** (-turned.y() / _NOTCH), self._seconds(event.position().x()))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Two fingers zoom about their middle, and move along with it."""
        if event.type() == QEvent.Type.Gesture and isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._pinched(pinch)
                return True
        return super().event(event)

    def _pinched(self, pinch: QPinchGesture) -> None:
        about = self._seconds(self.mapFromGlobal(pinch.centerPoint()).x())
        before = self._seconds(self.mapFromGlobal(pinch.lastCenterPoint()).x())
        self.pan(before - about)
        if pinch.scaleFactor() > 0:
            self.zoom(1 / pinch.scaleFactor(), before)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows look at a moment before or after, + and − zoom, Page keys move along, Enter goes
        back to the newest. Esc and Space never come here: they are STOP."""
        span = self.right_s - self.left_s
        pixel_s = span / max(1, self.width() - _LEFT - _RIGHT)
        at_s = self.readout.at_s if self.readout is not None else None
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                sign = -1 if event.key() == Qt.Key.Key_Left else 1
                start = at_s if at_s is not None else (self._painted_s or self.right_s)
                self.pointed.emit(start + sign * _STEP_PX * pixel_s)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal | Qt.Key.Key_Up:
                self.zoom(1 / _ZOOM, at_s if at_s is not None else self.right_s - span / 2)
            case Qt.Key.Key_Minus | Qt.Key.Key_Down:
                self.zoom(_ZOOM, at_s if at_s is not None else self.right_s - span / 2)
            case Qt.Key.Key_PageUp:
                self.pan(-span / 2)
            case Qt.Key.Key_PageDown:
                self.pan(span / 2)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.let_go.emit()
            case _:
                super().keyPressEvent(event)

"""What the tests of the screen share."""

import html
import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QPainter, QPicture
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from console.model.pipe import ScreenAlarm
from console.model.request import AnyRequest
from console.model.snapshot import LinkState, Reply, Snapshot
from console.ui.kit import language
from console.ui.kit.notice import Notice
from console.ui.main_window import MainWindow
from console.ui.scripted import Script

FIELD_PADDING = 14
"""Of the style sheet: at each side of a field, with its border and the room for the cursor."""
BREAK = re.compile(r"\s+|(?<=-)")
"""Where a wrapped line may end."""
Written = list[tuple[str, QRect, QSize]]


def settle() -> None:
    """Lets all layouts come to rest."""
    for _ in range(4):
        QApplication.processEvents()


def freezing(window: MainWindow, script: Script | None = None) -> Script:
    """Brings the window into a first freeze at target."""
    script = script or Script()
    script.choose()
    window.apply(script.advance(2.0))
    script.start()
    window.apply(script.advance(40.0))
    settle()
    return script


class Fingers:
    """On the glass of a window. Each has a number; several may rest and tap at once."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._glass = QTest.createTouchDevice()
        self._down: dict[int, QPoint] = {}

    def press(self, finger: int, widget: QWidget, at: QPoint | None = None) -> None:
        at = widget.rect().center() if at is None else at
        self._down[finger] = widget.mapTo(self._window, at)
        self._tell(finger, "press")

    def slide(self, finger: int, by: QPoint) -> None:
        self._down[finger] += by
        self._tell(finger, "move")

    def lift(self, finger: int) -> None:
        self._tell(finger, "release")
        del self._down[finger]

    def tap(self, finger: int, widget: QWidget) -> None:
        self.press(finger, widget)
        self.lift(finger)

    def _tell(self, finger: int, what: str) -> None:
        handle = self._window.windowHandle()
        touch = QTest.touchEvent(handle, self._glass, False)
        for each, place in self._down.items():
            getattr(touch, what if each == finger else "move")(each, place, handle)
        touch.commit()


def clipped(root: QWidget) -> list[str]:
    """The texts that do not fit into their labels, buttons and fields."""
    found = []
    for button in root.findChildren(QPushButton):
        if button.isVisible() and button.text() and button.sizeHint().width() > button.width():
            need, has = button.sizeHint().width(), button.width()
            found.append(f"{button.text()!r} needs {need} px, has {has}")
    for field in root.findChildren(QLineEdit):
        room = field.contentsRect().width() - 2 * FIELD_PADDING
        need = field.fontMetrics().horizontalAdvance(field.placeholderText())
        if field.isVisible() and need > room:
            found.append(f"{field.placeholderText()!r} needs {need} px, has {room}")
    for label in root.findChildren(QLabel):
        if not label.isVisible() or not label.text():
            continue
        room = label.contentsRect().size()
        need = _needed(label, room)
        if need.width() > room.width() + 1 or need.height() > room.height() + 1:
            found.append(f"{label.text()!r} needs {need.toTuple()}, has {room.toTuple()}")
    return found


def _needed(label: QLabel, room: QSize) -> QSize:
    if label.wordWrap():
        high = label.heightForWidth(label.width()) - _frame(label).height()
        return QSize(_longest_word(label), high)
    return label.sizeHint() - _frame(label)


def _longest_word(label: QLabel) -> int:
    """In pixels: where no line may end. Of a text with tags nothing is known."""
    words = [] if "<" in label.text() else BREAK.split(label.text())
    return max(map(label.fontMetrics().horizontalAdvance, words), default=0)


def _frame(label: QLabel) -> QSize:
    return label.size() - label.contentsRect().size()


def outside(root: QWidget) -> list[str]:
    """Labels and buttons that stick out of what holds them; what can be scrolled to does not."""
    found = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, QLabel | QAbstractButton) or not widget.isVisible():
            continue
        inside = QRect(widget.mapTo(root, widget.rect().topLeft()), widget.size())
        holder = widget.parentWidget()
        while holder is not None:
            if isinstance(holder.parentWidget(), QScrollArea):
                break
            area = QRect(holder.mapTo(root, holder.rect().topLeft()), holder.size())
            if not area.contains(inside):
                found.append(f"{_name(widget)} {inside.getRect()} out of {area.getRect()}")
                break
            if holder is root:
                break
            holder = holder.parentWidget()
    return found


def overlapping(root: QWidget) -> list[str]:
    """Brothers that lie over each other."""
    found = []
    for parent in [root, *root.findChildren(QWidget)]:
        if not parent.isVisible():
            continue
        children = [
            child
            for child in parent.children()
            if isinstance(child, QWidget) and child.isVisible() and not child.isWindow()
            if not isinstance(child, Notice)  # it stands over words
        ]
        for index, one in enumerate(children):
            for other in children[index + 1 :]:
                both = one.geometry().intersected(other.geometry())
                if both.width() > 1 and both.height() > 1:
                    found.append(f"{_name(one)} and {_name(other)} share {both.getRect()}")
    return found


def scrolled(root: QWidget) -> list[str]:
    """What does not show all that it holds."""
    return [
        _name(bar.parentWidget() or bar)
        for bar in root.findChildren(QScrollBar)
        if bar.isVisible() and bar.maximum() > bar.minimum()
    ]


def crowded(root: QWidget, least: int) -> list[str]:
    """Buttons that can be pressed and are nearer to each other than so many pixels."""
    places = [
        (one, QRect(one.mapTo(root, QPoint()), one.size()))
        for one in root.findChildren(QAbstractButton)
        if one.isVisible() and one.isEnabled()
    ]
    found = []
    for (one, a), (other, b) in combinations(places, 2):
        across = max(a.left() - b.right(), b.left() - a.right()) - 1
        down = max(a.top() - b.bottom(), b.top() - a.bottom()) - 1
        if max(across, down) < least:
            found.append(f"{_name(one)} and {_name(other)}: {max(across, down)} px")
    return found


def unlit(root: QWidget) -> list[str]:
    """Controls that look the same with the keys as without."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        if not widget.isVisible() or not widget.isEnabled():
            continue
        widget.clearFocus()
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        assert widget.hasFocus(), _name(widget)
        if widget.grab().toImage() == before:
            found.append(_name(widget))
    return found


def _name(widget: QWidget) -> str:
    text = widget.accessibleName() or getattr(widget, "text", str)()
    return f"{type(widget).__name__} {text!r}"


class FakeClient:
    """A control process that says what the test says."""

    def __init__(self, port, on_message, on_gone) -> None:  # type: ignore[no-untyped-def]
        self.port, self.on_message, self.on_gone = port, on_message, on_gone
        self.done: list[str] = []
        self.requests: list[AnyRequest] = []
        self.ticks: list[int] = []
        self.told: list[ScreenAlarm] = []

    def start(self) -> None:
        self.done.append("start")

    def ask(self, request: AnyRequest) -> int:
        self.requests.append(request)
        return len(self.requests)

    def tick(self, snapshot: int) -> None:
        self.ticks.append(snapshot)

    def tell(self, alarm: ScreenAlarm) -> None:
        self.told.append(alarm)

    def kill(self) -> None:
        self.done.append("kill")

    def close(self) -> None:
        self.done.append("close")

    def says(self, message: Snapshot | Reply) -> None:
        self.on_message(message)


def failed(words: str) -> Snapshot:
    script = Script()
    script.link, script.device, script.link_words = LinkState.FAILED, None, words
    return script.snapshot()


SAID = re.compile(
    "|".join(
        (
            r"Cryoprobe",
            r"(?i:saphenous|superior lateral genicular)",  # as they were entered
            r"2026-\w+|\bAB\b",
            r"\S*/\S+",  # a path
            r"Console SN 0042|Serial port ttyUSB1|on ttyUSB0|FT232R.*",  # as a port names itself
            r"C?P-\w+|LT-14\S*|SIM\S*|PR-\w+",
            r"\d+ [A-Z][a-z]{2} \d{4}",  # a day, as the system writes it
            r"(?<![A-Za-z])(?:" + "|".join(map(re.escape, language.UNITS)) + r")(?![A-Za-z])",
        )
    )
)
"""What is the same in every language: names, what was entered, units."""
TEXTS = ("text", "placeholderText", "accessibleName", "accessibleDescription", "toolTip")


def foreign(root: QWidget, written: Written) -> list[str]:
    """The texts, seen or told, with words that were not translated. Needs the made-up language."""
    found = set()
    for widget in (root, *root.findChildren(QWidget)):
        if widget.isVisible():
            found |= {text for text in _texts(widget) if _plain(text)}
    return sorted(found | {text for text, *_ in written if _plain(text)})


def _texts(widget: QWidget) -> Iterator[str]:
    for name in TEXTS:
        ask = getattr(widget, name, None)
        entered = isinstance(widget, QLineEdit) and name == "text"
        if callable(ask) and not entered:
            yield str(ask())
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model = widget.model()
        for row in range(model.rowCount()):
            yield str(model.index(row, 0).data() or "")


def _plain(text: str) -> str:
    words = html.unescape(re.sub("<[^>]*>", "", text))
    return "".join(re.findall("[A-Za-z]{2,}", SAID.sub("", words)))


def painted(root: QWidget) -> Written:
    """What is written by the widgets that paint for themselves: words, where, on what size."""
    found: Written = []
    write = QPainter.drawText

    def spy(painter: QPainter, *told: Any) -> Any:
        text = next(one for one in told if isinstance(one, str))
        metrics, device = painter.fontMetrics(), painter.device()
        if isinstance(told[0], QPoint | QPointF):
            at = told[0] if isinstance(told[0], QPoint) else told[0].toPoint()
            area = metrics.tightBoundingRect(text).translated(at)
        elif isinstance(told[0], QRect | QRectF) and not isinstance(device, QPicture):
            area = QRectF(painter.boundingRect(told[0], told[1], text)).toAlignedRect()
        else:
            area = QRect()
        found.append((text, area, QSize(device.width(), device.height())))
        return write(painter, *told)

    QPainter.drawText = spy  # type: ignore[method-assign]
    try:
        for widget in root.findChildren(QWidget):
            paints = "paintEvent" in vars(type(widget)) or isinstance(widget, pg.PlotWidget)
            if paints and widget.isVisible():
                widget.grab()
    finally:
        QPainter.drawText = write  # type: ignore[method-assign]
    return found


def cut_in_paint(written: Written) -> list[str]:
    """What a widget writes beyond its own edge, or leaves out."""
    return [f"{text!r} is elided" for text, *_ in written if "…" in text] + [
        f"{text!r} at {area.getRect()} of {size.toTuple()}"
        for text, area, size in written
        if not area.isEmpty() and not QRect(QPoint(), size).contains(area)
    ]


CONTROLS = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.EditableText,
    QAccessible.Role.List,
    QAccessible.Role.Slider,
}


def nameless(root: QWidget) -> list[str]:
    """Visible controls of the accessibility tree that have no name or no role of a control."""
    found = []
    for widget in _told(QAccessible.queryAccessibleInterface(root)):
        focus = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not widget.isVisible() or not (focus or isinstance(widget, QAbstractButton)):
            continue
        told = QAccessible.queryAccessibleInterface(widget)
        # What paints itself has no role of its own: it says in words what its keys do.
        own = told.role() is QAccessible.Role.Client and told.text(QAccessible.Text.Description)
        if told.role() not in CONTROLS and not own:
            found.append(f"{_name(widget)} is {told.role()}")
        if not told.text(QAccessible.Text.Name):
            found.append(f"{type(widget).__name__} in {_name(widget.parentWidget())} has no name")
    return found


def _told(interface: QAccessibleInterface) -> Iterator[QWidget]:
    widget = interface.object()
    if isinstance(widget, QWidget):
        yield widget
    for index in range(interface.childCount()):
        child = interface.child(index)
        if child is not None and child.isValid():
            yield from _told(child)


def out_of_order(root: QWidget) -> list[str]:
    """Neighbours in the tab order, inside one part of the window, that go up or to the left."""
    stops, here = [], root.nextInFocusChain()
    while here is not root:
        tab = here.focusPolicy() & Qt.FocusPolicy.TabFocus
        if tab and here.isVisible() and here.isEnabled():
            stops.append(here)
        here = here.nextInFocusChain()
    found = []
    for one, other in pairwise(stops):
        part = one.parentWidget()
        if part is None or not part.isAncestorOf(other):
            continue
        a = QRect(one.mapTo(root, QPoint()), one.size())
        b = QRect(other.mapTo(root, QPoint()), other.size())
        beside = b.top() < a.bottom() and b.bottom() > a.top()
        if b.left() < a.left() if beside else b.top() < a.top():
            found.append(f"{_name(one)}, then {_name(other)}")
    return found

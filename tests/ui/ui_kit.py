"""What the tests of the screen share."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget

from console.model.request import AnyRequest
from console.model.snapshot import LinkState, Reply, Snapshot
from console.ui.main_window import MainWindow
from console.ui.scripted import Script


def settle() -> None:
    """Lets all layouts come to rest."""
    for _ in range(4):
        QApplication.processEvents()


def freezing(window: MainWindow, script: Script | None = None) -> Script:
    """Brings the window into a first freeze at target."""
    script = script or Script()
    window.apply(script.advance(0.05))
    script.choose()
    window.apply(script.advance(2.0))
    script.start()
    window.apply(script.advance(40.0))
    settle()
    return script


def clipped(root: QWidget) -> list[str]:
    """The texts that do not fit into their labels."""
    found = []
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
        return QSize(0, label.heightForWidth(label.width()) - _frame(label).height())
    return label.sizeHint() - _frame(label)


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
        ]
        for index, one in enumerate(children):
            for other in children[index + 1 :]:
                both = one.geometry().intersected(other.geometry())
                if both.width() > 1 and both.height() > 1:
                    found.append(f"{_name(one)} and {_name(other)} share {both.getRect()}")
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

    def start(self) -> None:
        self.done.append("start")

    def ask(self, request: AnyRequest) -> int:
        self.requests.append(request)
        return len(self.requests)

    def tick(self, snapshot: int) -> None:
        self.ticks.append(snapshot)

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

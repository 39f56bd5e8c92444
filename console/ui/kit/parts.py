"""Small building blocks of all screens."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from console.ui.kit.theme import GUTTER


def label(
    text: str = "", role: str = "", *, wrap: bool = False, parent: QWidget | None = None
) -> QLabel:
    """A text of a role of the style sheet. Plain text unless said otherwise."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if wrap:
        made.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    return made


def say(where: QLabel, text: str) -> None:
    """Changes a text only when it differs, so that nothing is laid out again for nothing."""
    if where.text() != text:
        where.setText(text)


def mark(widget: QWidget, name: str, value: str | bool) -> None:
    """Sets a property that the style sheet looks at, and restyles the widget if it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def card(spacing: int = 4, margin: int = 14) -> tuple[QFrame, QVBoxLayout]:
    """A card and the column inside it."""
    frame = QFrame()
    frame.setProperty("role", "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(margin, GUTTER, margin, GUTTER)
    column.setSpacing(spacing)
    return frame, column


def show(widget: QWidget, visible: bool) -> None:
    """Shows or hides, only when that changes something. What is hidden lets go of the keys: Qt
    would hand them to whatever comes next, and Enter would press that."""
    if widget.isHidden() == visible:
        held = None if visible else QApplication.focusWidget()
        if held is not None and (held is widget or widget.isAncestorOf(held)):
            held.clearFocus()
        widget.setVisible(visible)

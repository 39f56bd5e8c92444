"""A card of short lines: a name at the left, its value at the right."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.ui.kit.parts import card, label, say, show


class LineCard(QFrame):
    """`names` by their keys, in order; `apply` takes values by the same keys. A value that is too
    long for its line goes under it."""

    def __init__(
        self,
        title: str,
        names: Mapping[str, str],
        *,
        role: str = "value",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        frame, column = card(spacing=1)
        column.setContentsMargins(14, 8, 14, 8)
        self.title = label(title, "small")
        column.addWidget(self.title)
        self.values: dict[str, QLabel] = {}
        for key, name in names.items():
            row = QHBoxLayout()
            row.setSpacing(12)
            value = label("", role, wrap=True)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(label(name, "small"))
            row.addWidget(value, 1)
            column.addLayout(row)
            self.values[key] = value
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        show(self.title, bool(title))

    def apply(self, title: str, values: Mapping[str, str]) -> None:
        """Shows values."""
        say(self.title, title)
        show(self.title, bool(title))
        for key, text in values.items():
            say(self.values[key], text)

# ruff: noqa: N802 - Qt names what it calls
"""A plan as a tile: its name and its freezes and thaws as a timeline."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from console.model.plan import Cycle
from console.ui.kit.blocks import plan_blocks
from console.ui.kit.buttons import EnterButton
from console.ui.kit.cycle_timeline import CycleTimeline
from console.ui.kit.parts import label, mark, say, show
from console.ui.kit.theme import DARK, Palette


class PresetTile(EnterButton):
    """A tile that cannot be chosen says why."""

    def __init__(
        self,
        title: str,
        detail: str,
        cycles: Sequence[Cycle],
        look: Palette = DARK,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", parent)
        self._detail = detail
        self.title = label(title, "action", wrap=True)
        self.words = label("", "why", wrap=True)
        self.timeline = CycleTimeline(look, height=32, inset=True)
        self.timeline.apply(plan_blocks(cycles))
        column = QVBoxLayout(self)
        self._column = column
        column.setContentsMargins(14, 4, 14, 6)
        column.setSpacing(2)
        for part in (self.title, self.words, self.timeline):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)
        column.insertSpacing(2, 2)
        self.setAccessibleName(title)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_blocked(None)

    def set_blocked(self, why: str | None) -> None:
        """Locks the tile with a reason, or unlocks it."""
        words = why or self._detail
        say(self.words, words)
        mark(self.title, "locked", "true" if why is not None else "false")
        show(self.words, bool(words))
        self.setAccessibleDescription(words)
        if self.isEnabled() != (why is None):
            self.setEnabled(why is None)

    def hasHeightForWidth(self) -> bool:
        """Its words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height that words and timeline need at this width."""
        return max(self.least, self._column.heightForWidth(width))

    def sizeHint(self) -> QSize:
        """Room for its words and its timeline."""
        return self._column.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As sizeHint: words are never cut."""
        return QSize(self._column.minimumSize().width(), self._column.sizeHint().height())

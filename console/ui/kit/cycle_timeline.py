# ruff: noqa: N802 - Qt names what it calls
"""The freezes and thaws of a site as a row of blocks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.kit.blocks import Block, BlockKind, BlockState
from console.ui.kit.theme import DARK, SMALL, Palette, font

_GAP: Final = 7.0
_PAD: Final = 12.0
_LEAST_PAD: Final = 8.0
"""Where even the shortest labels have no room for more."""


class CycleTimeline(QWidget):
    """Draws blocks; each shows the longest of its labels that there is room for. `inset`: on a dark
    ground of its own, all blocks full: a plan that has not begun."""

    def __init__(
        self,
        look: Palette = DARK,
        height: int = 44,
        *,
        inset: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._inset = inset
        self._blocks: tuple[Block, ...] = ()
        self.setFixedHeight(height)
        self.setMinimumWidth(200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(560, self.height())

    def apply(self, blocks: Sequence[Block]) -> None:
        """Shows blocks; a progress that moves by less than a pixel or so is not drawn anew."""
        steps = max(1, self.width() // 2)
        seen = tuple(
            replace(each, progress=round(each.progress * steps) / steps) for each in blocks
        )
        if seen != self._blocks:
            self._blocks = seen
            self.setAccessibleName(", ".join(block.labels[0] for block in self._blocks))
            self.update()

    def _font(self) -> QFont:
        return font(SMALL, QFont.Weight.DemiBold)

    def placed(self) -> list[tuple[QRectF, Block, str]]:
        """Where each block lies and what it says. Widths follow the time, as far as the labels
        leave room for it; where the longest labels do not fit, the shorter ones are taken."""
        if not self._blocks:
            return []
        metrics = QFontMetricsF(self._font())
        edge = 5.0 if self._inset else 1.0
        room = self.width() - 2 * edge - _GAP * (len(self._blocks) - 1)
        words = self._words(metrics, room)
        written = [metrics.horizontalAdvance(text) for text in words]
        pad = min(_PAD, max(_LEAST_PAD, (room - sum(written)) / len(words)))
        least = [wide + pad for wide in written]
        spare = max(0.0, room - sum(least))
        whole = sum(block.seconds for block in self._blocks)
        wanting = [
            max(0.0, block.seconds / whole * room - need)
            for block, need in zip(self._blocks, least, strict=True)
        ]
        factor = spare / sum(wanting) if sum(wanting) else 0.0
        found, x = [], edge
        for block, text, need, more in zip(self._blocks, words, least, wanting, strict=True):
            rect = QRectF(x, edge, need + more * factor, self.height() - 2 * edge)
            found.append((rect, block, text))
            x += rect.width() + _GAP
        return found

    def _words(self, metrics: QFontMetricsF, room: float) -> list[str]:
        """The longest labels that fit together. Blocks of a kind are shortened alike, what is still
        to come first: those that save just enough, or, where none does, those that save most."""
        groups: dict[tuple[BlockKind, BlockState, int], int] = {
            _group(block): 0 for block in self._blocks
        }

        def width(block: Block, level: int) -> float:
            return metrics.horizontalAdvance(block.labels[level]) + _PAD

        def saving(group: tuple[BlockKind, BlockState, int]) -> float:
            level = groups[group]
            return sum(
                width(block, level) - width(block, level + 1)
                for block in self._blocks
                if _group(block) == group
            )

        while True:
            over = sum(width(block, groups[_group(block)]) for block in self._blocks) - room
            longer = [group for group, level in groups.items() if level + 1 < group[2]]
            if over <= 0.0 or not longer:
                break
            coming = [group for group in longer if group[1] is BlockState.NEXT] or longer
            enough = [group for group in coming if saving(group) >= over]
            groups[min(enough, key=saving) if enough else max(coming, key=saving)] += 1
        return [block.labels[groups[_group(block)]] for block in self._blocks]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Done ones full, the running one filled as far as it is, the rest dim."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._inset:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._look.window))
            painter.drawRoundedRect(QRectF(self.rect()), 9, 9)
        painter.setFont(self._font())
        for rect, block, words in self.placed():
            self._paint(painter, rect, block, words)

    def _paint(self, painter: QPainter, rect: QRectF, block: Block, words: str) -> None:
        look = self._look
        frozen = block.kind is BlockKind.FREEZE
        dim = QColor(look.accent_fill if frozen else look.thaw_shade)
        full = QColor(look.freeze_block if frozen else look.thaw_block)
        edge = QColor(look.accent if frozen else look.thaw_ink)
        shape = QPainterPath()
        shape.addRoundedRect(rect, 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        if block.state is BlockState.SKIPPED:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(look.locked_edge), 1, Qt.PenStyle.DashLine))
            painter.drawPath(shape)
        else:
            done = self._inset or block.state in (BlockState.DONE, BlockState.STOPPED)
            painter.fillPath(shape, full if done else dim)
        if block.state is BlockState.RUNNING:
            painter.save()
            painter.setClipPath(shape)
            painter.fillRect(
                QRectF(rect.left(), rect.top(), rect.width() * block.progress, rect.height()), full
            )
            painter.restore()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(edge, 2))
            painter.drawPath(shape)
        elif block.state is BlockState.STOPPED:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(look.text), 2, Qt.PenStyle.DashLine))
            painter.drawPath(shape)
        skipped = block.state is BlockState.SKIPPED
        painter.setPen(QColor(look.muted if skipped else look.text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)


def _group(block: Block) -> tuple[BlockKind, BlockState, int]:
    return block.kind, block.state, len(block.labels)

# ruff: noqa: N802 - Qt names what it calls
"""The freezes and thaws of a site, changed by touch: a block of the timeline is chosen, and made
longer or shorter; freezes are added and left out. What is refused says its limit."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.model import draft as drafts
from console.model.draft import Draft, Limit
from console.model.plan import (
    LONGEST_FREEZE_S,
    LONGEST_FROM_TARGET_S,
    LONGEST_THAW_S,
    MOST_CYCLES,
    MOST_SITES,
    SHORTEST_FREEZE_S,
    WARMEST_TARGET_CELSIUS,
    NextFreeze,
    ThawEnd,
    Timing,
)
from console.model.quantities import minutes, number
from console.ui.kit.blocks import BlockKind, plan_blocks
from console.ui.kit.buttons import EnterButton, PressButton
from console.ui.kit.cycle_timeline import CycleTimeline
from console.ui.kit.parts import label, show
from console.ui.kit.theme import DARK, GAP, Palette

STEP_S: Final = 15.0
STEP_CELSIUS: Final = 1.0
_HEIGHT: Final = 50


def _tr(text: str) -> str:
    return QCoreApplication.translate("cycle_editor", text)


def limit_words(limit: Limit, coldest_celsius: float | None = None) -> str:
    """Why a change is refused."""
    return {
        Limit.LONGEST_FREEZE: _tr("A freeze lasts at most {time} from gas-on").format(
            time=minutes(LONGEST_FREEZE_S)
        ),
        Limit.LONGEST_FROM_TARGET: _tr(
            "Timed from the target a freeze lasts at most {time}"
        ).format(time=minutes(LONGEST_FROM_TARGET_S)),
        Limit.SHORTEST_FREEZE: _tr("A freeze lasts at least {time}").format(
            time=minutes(SHORTEST_FREEZE_S)
        ),
        Limit.LONGEST_THAW: _tr("A thaw between freezes lasts at most {time}").format(
            time=minutes(LONGEST_THAW_S)
        ),
        Limit.NO_THAW: _tr("A thaw cannot be shorter than 0:00"),
        Limit.COLDEST_TARGET: _tr(
            "This console holds {celsius} °C at the coldest (its coldest_target)"
        ).format(celsius=number(coldest_celsius, 0)),
        Limit.WARMEST_TARGET: _tr("A nerve is frozen at {celsius} °C or colder").format(
            celsius=number(WARMEST_TARGET_CELSIUS, 0)
        ),
        Limit.LAST_CYCLE: _tr("It is the only freeze of this site"),
        Limit.MOST_CYCLES: _tr("At most {count} freezes a site").format(count=MOST_CYCLES),
        Limit.LAST_SITE: _tr("It is the only site"),
        Limit.MOST_SITES: _tr("At most {count} sites").format(count=MOST_SITES),
        Limit.NO_CYCLES: _tr("Choose a plan first"),
    }[limit]


class TouchTimeline(CycleTimeline):
    """A timeline of which a block can be chosen, by touch or by the arrow keys. `chosen` carries
    its number, from 0."""

    chosen = Signal(int)

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(look, height=_HEIGHT, inset=True, parent=parent)
        self.at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleDescription(self.tr("Arrows choose a freeze or a thaw"))

    def choose(self, block: int) -> None:
        """Shows this block as the chosen one."""
        if block != self.at:
            self.at = block
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Chooses the block that was touched. The last is the thaw to release: nothing to set."""
        for index, (rect, _, _) in enumerate(self.placed()[:-1]):
            if rect.left() <= event.position().x() <= rect.right():
                self.chosen.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right choose the block beside."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        elif 0 <= self.at + by < len(self.placed()) - 1:
            self.chosen.emit(self.at + by)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ring around the chosen block."""
        super().paintEvent(event)
        placed = self.placed()
        if self.at >= len(placed) - 1:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.number), 4.0 if self.hasFocus() else 2.5))
        painter.drawRoundedRect(QRectF(placed[self.at][0]).adjusted(1, 1, -1, -1), 8, 8)


class CycleEditor(QWidget):
    """`changed` carries the draft after a change; `time_wanted`: the length of the chosen block is
    to be entered by digits."""

    changed = Signal(object)
    refused = Signal(str)
    time_wanted = Signal()

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = Draft()
        self._coldest: float | None = None
        self.timeline = TouchTimeline(look)
        self.timeline.chosen.connect(self._choose)
        self.empty = label(self.tr("Choose a plan at the left: its freezes stand here."), "name",
                           wrap=True)  # fmt: skip
        self.shorter = self._key("−", self.tr("Shorter by 0:15"))
        self.longer = self._key("+", self.tr("Longer by 0:15"))
        self.length = PressButton(least=_HEIGHT)
        self.shorter.clicked.connect(lambda: self._lengthen(-STEP_S))
        self.longer.clicked.connect(lambda: self._lengthen(STEP_S))
        self.length.clicked.connect(self.time_wanted)
        self.add = PressButton(self.tr("Add a freeze"), least=48)
        self.remove = PressButton(least=48)
        self.add.clicked.connect(lambda: self._take(drafts.add_cycle(self._draft)))
        self.remove.clicked.connect(self._remove)
        self.colder = self._key("−", self.tr("Colder by 1 °C"))
        self.warmer = self._key("+", self.tr("Warmer by 1 °C"))
        self.target = label("", "name", wrap=True)
        self.target.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.colder.clicked.connect(lambda: self._warm(-STEP_CELSIUS))
        self.warmer.clicked.connect(lambda: self._warm(STEP_CELSIUS))
        self.timing, self.thaw_end, self.next_freeze = (PressButton(least=50) for _ in range(3))
        self.timing.clicked.connect(self._turn_timing)
        self.thaw_end.clicked.connect(self._turn_thaw_end)
        self.next_freeze.clicked.connect(self._turn_next)
        self._body = QWidget()
        self._lay_out()

    def _key(self, sign: str, name: str) -> EnterButton:
        key = EnterButton(sign, least=_HEIGHT)
        key.setProperty("role", "side")
        key.setAccessibleName(name)
        key.setFixedWidth(88)
        return key

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        inside.addWidget(self.timeline)
        for left, middle, right in (
            (self.shorter, self.length, self.longer),
            (self.colder, self.target, self.warmer),
        ):
            row = QHBoxLayout()
            row.setSpacing(GAP)
            row.addWidget(left)
            row.addWidget(middle, 1)
            row.addWidget(right)
            inside.addLayout(row)
            if left is self.shorter:
                ends = QHBoxLayout()
                ends.setSpacing(GAP)
                ends.addWidget(self.add, 1)
                ends.addWidget(self.remove, 1)
                inside.addLayout(ends)
        rules = QGridLayout()
        rules.setSpacing(GAP)
        for index, button in enumerate((self.timing, self.thaw_end, self.next_freeze)):
            rules.addWidget(button, 0, index)
            rules.setColumnStretch(index, 1)
        inside.addLayout(rules)
        inside.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.empty)
        column.addWidget(self._body, 1)
        column.addStretch(0)

    # --- what it shows ------------------------------------------------------------------------

    def apply(self, draft: Draft, coldest_celsius: float | None) -> None:
        """Shows the freezes of the chosen site."""
        self._draft, self._coldest = draft, coldest_celsius
        cycles = draft.site.cycles
        show(self.empty, not cycles)
        show(self._body, bool(cycles))
        if not cycles:
            return
        blocks = plan_blocks(cycles)
        self.timeline.apply(blocks)
        self._choose(min(self.timeline.at, len(blocks) - 2))
        self.target.setText(
            self.tr("Tip at {celsius} °C").format(celsius=number(draft.target_celsius, 0))
        )
        at_target = draft.timing is Timing.FROM_TARGET
        self.timing.set_words(
            self.tr("Timed from"), self.tr("the target") if at_target else self.tr("gas-on")
        )
        by_tip = draft.thaw_end is ThawEnd.TIP_ABOVE
        self.thaw_end.set_words(
            self.tr("Thaw ends"), self.tr("tip above +10 °C") if by_tip else self.tr("by time")
        )
        auto = draft.next_freeze is NextFreeze.AUTO
        self.next_freeze.set_words(
            self.tr("Next freeze"), self.tr("by itself") if auto else self.tr("when asked")
        )

    @property
    def cycle(self) -> int:
        """The freeze that is chosen, or whose thaw is, from 0."""
        return self.timeline.at // 2

    @property
    def is_freeze(self) -> bool:
        """Whether a freeze is chosen, and not a thaw."""
        return self.timeline.at % 2 == 0

    @property
    def length_s(self) -> float:
        """Of the chosen block."""
        one = self._draft.site.cycles[self.cycle]
        return one.freeze_s if self.is_freeze else one.thaw_s

    @property
    def block_name(self) -> str:
        """ "Freeze 2", "Thaw after freeze 2"."""
        words = self.tr("Freeze {n}") if self.is_freeze else self.tr("Thaw after freeze {n}")
        return words.format(n=self.cycle + 1)

    def _choose(self, block: int) -> None:
        self.timeline.choose(block)
        name = self.block_name
        self.length.set_words(f"{name} · {minutes(self.length_s)}", self.tr("touch for digits"))
        self.timeline.setAccessibleDescription(self.tr("chosen: {block}").format(block=name))
        kind = plan_blocks(self._draft.site.cycles)[block].kind
        assert (kind is BlockKind.FREEZE) is self.is_freeze
        self.remove.set_words(self.tr("Leave freeze {n} out").format(n=self.cycle + 1))

    # --- what it changes ----------------------------------------------------------------------

    def set_length(self, seconds: float) -> str | None:
        """Gives the chosen block this length; why not, in words."""
        return self._lengthen(seconds - self.length_s)

    def _lengthen(self, by_s: float) -> str | None:
        change = drafts.lengthen_freeze if self.is_freeze else drafts.lengthen_thaw
        return self._take(change(self._draft, self.cycle, by_s))

    def _remove(self) -> None:
        self._take(drafts.remove_cycle(self._draft, self.cycle))

    def _warm(self, by_celsius: float) -> None:
        self._take(drafts.warmer(self._draft, by_celsius, self._coldest))

    def _turn_timing(self) -> None:
        from_start = self._draft.timing is Timing.FROM_START
        self._take(
            drafts.timed(self._draft, Timing.FROM_TARGET if from_start else Timing.FROM_START)
        )

    def _turn_thaw_end(self) -> None:
        by_time = self._draft.thaw_end is ThawEnd.TIME
        self._take(drafts.thawed(self._draft, ThawEnd.TIP_ABOVE if by_time else ThawEnd.TIME))

    def _turn_next(self) -> None:
        ask = self._draft.next_freeze is NextFreeze.ASK
        self._take(drafts.followed(self._draft, NextFreeze.AUTO if ask else NextFreeze.ASK))

    def _take(self, made: Draft | Limit) -> str | None:
        if isinstance(made, Limit):
            words = limit_words(made, self._coldest)
            self.refused.emit(words)
            return words
        self.changed.emit(made)
        return None

# ruff: noqa: N802 - Qt names what it calls
"""Prepare: the plan, the nerve, the side (afresh each time), the case, who operates."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from console.model.plan import Plan, Side, Site, StimulationPlan
from console.model.request import ChoosePlan
from console.model.snapshot import LinkState, Snapshot
from console.ui.buttons import EnterButton, PressButton
from console.ui.notice import Notice
from console.ui.parts import card, label, mark, show
from console.ui.preset_tile import PresetTile
from console.ui.theme import DARK, GAP, GUTTER, Palette
from console.ui.words import number, plan_in_short, side_word


@dataclass(frozen=True)
class Preset:
    """A plan to choose; its nerve and side are replaced by what the operator chooses."""

    plan: Plan
    title: str
    detail: str = ""


class PrepareScreen(QWidget):
    """`asked` carries a ChoosePlan; `draft_changed` comes when nerve or side did."""

    asked = Signal(object)
    draft_changed = Signal()

    def __init__(
        self,
        presets: Sequence[Preset],
        demonstration: Plan | None,
        look: Palette = DARK,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._presets = tuple(presets)
        self._demonstration = demonstration
        self._blocked: str | None = self.tr("No console is connected")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GUTTER)
        row.addWidget(self._plans(look), 11)
        row.addWidget(self._site(), 10)
        self._check()

    def _plans(self, look: Palette) -> QFrame:
        frame, column = card(spacing=10, margin=16)
        self.demonstration: PresetTile | None = None
        if self._demonstration is not None:
            tile = PresetTile(
                self.tr("Demonstration {plan}").format(plan=plan_in_short(self._demonstration)),
                self.tr("One click: site, check and stimulation are pre-answered"),
                self._demonstration.sites[0],
                look,
            )
            mark(tile, "role", "primary")
            tile.clicked.connect(self._demonstrate)
            self.demonstration = tile
            column.addWidget(tile)
            self._or = label(self.tr("or choose a plan"), "small")
            column.addWidget(self._or)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.tiles = []
        for index, preset in enumerate(self._presets):
            tile = PresetTile(preset.title, preset.detail, preset.plan.sites[0], look)
            tile.setCheckable(True)
            self._group.addButton(tile, index)
            column.addWidget(tile)
            self.tiles.append(tile)
        self._group.idToggled.connect(lambda *_: self._check())
        column.addStretch(1)
        return frame

    def _site(self) -> QFrame:
        frame, column = card(spacing=6, margin=18)
        self.nerve = self._field(column, self.tr("Nerve"), self.tr("for example saphenous"))
        column.addSpacing(8)
        column.addWidget(label(self.tr("Side, chosen afresh each time"), "small"))
        sides = QHBoxLayout()
        sides.setSpacing(GAP)
        self._sides = QButtonGroup(self)
        self.sides: dict[Side, EnterButton] = {}
        for index, side in enumerate((Side.LEFT, Side.MIDLINE, Side.RIGHT)):
            button = EnterButton(side_word(side.value), least=68)
            button.setProperty("role", "side")
            button.setCheckable(True)
            self._sides.addButton(button, index)
            self.sides[side] = button
            sides.addWidget(button, 1)
        self._sides.idToggled.connect(lambda *_: self._check())
        column.addLayout(sides)
        column.addSpacing(8)
        self.case = self._field(column, self.tr("Case number"), "")
        column.addSpacing(8)
        self.operator = self._field(column, self.tr("Operator's initials"), "")
        self.operator.setMaxLength(8)
        column.addStretch(1)
        self.notice = Notice()
        column.addWidget(self.notice)
        self.use = PressButton(self.tr("Use this plan"))
        mark(self.use, "role", "primary")
        self.use.clicked.connect(self._use)
        column.addWidget(self.use)
        return frame

    def _field(self, column: QVBoxLayout, name: str, example: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(example)
        field.setMaxLength(40)
        field.textChanged.connect(lambda *_: self._check())
        field.returnPressed.connect(self.focusNextChild)
        caption = label(name, "small")
        caption.setBuddy(field)
        column.addWidget(caption)
        column.addWidget(field)
        return field

    def sizeHint(self) -> QSize:
        """The whole middle of the window."""
        return QSize(1_000, 640)

    @property
    def side(self) -> Side | None:
        """What was chosen, None before."""
        return next((side for side, button in self.sides.items() if button.isChecked()), None)

    @property
    def draft(self) -> str:
        """The strip's words for what is chosen so far."""
        nerve, side = self.nerve.text().strip(), self.side
        if not nerve and side is None:
            return self.tr("No site chosen")
        where = side_word(side.value) if side is not None else self.tr("side not chosen")
        return f"{where} · {nerve.upper() or self.tr('nerve not entered')}"

    def begin(self) -> None:
        """A new session: nothing is left of the one before, least of all the side."""
        for group in (self._group, self._sides):
            group.setExclusive(False)
            for button in group.buttons():
                button.setChecked(False)
            group.setExclusive(True)
        for field in (self.nerve, self.case):
            field.clear()
        self.notice.clear()
        self._check()
        first = self.demonstration or (self.tiles[0] if self.tiles else None)
        if first is not None and not first.isHidden():
            first.setFocus()

    def apply(self, snapshot: Snapshot) -> None:
        """Shows why a plan cannot be used now, if it cannot."""
        control = snapshot.controls.get("choose_plan")
        blocked = control.blocked if control is not None else None
        if snapshot.link.state is not LinkState.OPEN:
            blocked = snapshot.link.words or self.tr("No link to the console")
        device = snapshot.link.device
        if self.demonstration is not None:
            simulated = device is not None and device.simulated
            show(self.demonstration, simulated)
            show(self._or, simulated)
            self.demonstration.set_blocked(blocked)
        coldest = device.coldest_target_celsius if device is not None else None
        for tile, preset in zip(self.tiles, self._presets, strict=True):
            cold = coldest is not None and preset.plan.target_celsius < coldest - 0.01
            tile.set_blocked(
                self.tr("this console holds {celsius} °C at the coldest").format(
                    celsius=number(coldest, 0)
                )
                if cold
                else None
            )
        if blocked != self._blocked:
            self._blocked = blocked
            self._check()

    def _missing(self) -> str | None:
        if self._blocked:
            return self._blocked
        if self._group.checkedId() < 0:
            return self.tr("Choose a plan")
        if not self.nerve.text().strip():
            return self.tr("Enter the nerve")
        if self.side is None:
            return self.tr("Choose the side")
        return None

    def _check(self) -> None:
        if not hasattr(self, "use"):
            return
        missing = self._missing()
        index = self._group.checkedId()
        detail = ""
        if missing is None:
            detail = f"{self.draft.replace(' · ', ' ')}, {plan_in_short(self._presets[index].plan)}"
        self.use.set_words(self.tr("Use this plan"), detail, missing)
        self.draft_changed.emit()

    def _use(self) -> None:
        side = self.side
        if self._missing() is not None or side is None:
            return
        plan = self._presets[self._group.checkedId()].plan
        site = Site(self.nerve.text().strip(), side, plan.sites[0].cycles)
        self.notice.clear()
        self.asked.emit(
            ChoosePlan(
                msgspec.structs.replace(plan, sites=(site,), stimulation=StimulationPlan()),
                case=self.case.text().strip(),
                operator=self.operator.text().strip(),
            )
        )

    def _demonstrate(self) -> None:
        if self._demonstration is not None:
            self.notice.clear()
            self.asked.emit(
                ChoosePlan(
                    self._demonstration,
                    case=self.case.text().strip(),
                    operator=self.operator.text().strip(),
                    how="demonstration",
                )
            )

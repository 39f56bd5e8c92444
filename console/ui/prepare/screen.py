# ruff: noqa: N802 - Qt names what it calls
"""Prepare: the sites with their sides (chosen afresh each time) and freezes, the patient's day.

What is chosen so far is one value, the draft; each page changes a part of it."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.model import draft as drafts
from console.model.cylinder import GasLeft, freezing_s
from console.model.device import Gas
from console.model.draft import Draft, Lacking, Limit
from console.model.mapping import MappingNamed
from console.model.plan import Plan, Side, with_gas
from console.model.preset import Preset
from console.model.quantities import minutes, number
from console.model.request import ChoosePlan
from console.model.snapshot import LinkState, Snapshot
from console.ui.kit.buttons import EnterButton, PressButton
from console.ui.kit.language import spoken
from console.ui.kit.notice import Notice
from console.ui.kit.number_pad import NumberPad, PadKind, seconds_of
from console.ui.kit.parts import card, mark, show
from console.ui.kit.theme import DARK, GAP, GUTTER, Palette
from console.ui.kit.words import freezes_in_short, plan_in_short
from console.ui.prepare.contents_card import lend_for_contents
from console.ui.prepare.cycle_editor import CycleEditor, limit_words
from console.ui.prepare.gas_page import GasPage
from console.ui.prepare.mapping_page import MappingPage
from console.ui.prepare.pain_page import PainPage
from console.ui.prepare.patient_page import PatientPage
from console.ui.prepare.preset_tile import PresetTile
from console.ui.prepare.site_page import SitePage
from console.ui.prepare.site_row import SiteRow, site_words
from console.ui.records.record_source import VisitSource

SITE, FREEZES, PATIENT, GAS, DIGITS, PAIN = range(6)
"""The pages at the right; the first four have a tab."""
TABS: Final = (SITE, FREEZES, PATIENT, GAS)


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
        *,
        visits: VisitSource | None = None,
    ) -> None:
        super().__init__(parent)
        self._visits = visits
        self._presets = tuple(presets)
        self._demonstration = demonstration
        self._blocked: str | None = self.tr("No console is connected")
        self._coldest: float | None = None
        self._gas = Gas.N2O
        self._draft = Draft()
        self._page = SITE
        self._simulated = True
        self._left: GasLeft | None = None
        self.site_row = SiteRow()
        self.site_row.chosen.connect(self._choose_site)
        self.site_row.added.connect(self._add_site)
        self.site_row.removed.connect(lambda: self._take(drafts.remove_site(self._draft)))
        self.site_row.moved.connect(lambda by: self._take(drafts.move_site(self._draft, by)))
        self.cards = QWidget()
        cards = QHBoxLayout(self.cards)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(GUTTER)
        cards.addWidget(self._plans(look), 5)
        cards.addWidget(self._pages(look), 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.site_row)
        column.addWidget(self.cards, 1)
        self.mapping: MappingPage | None = None
        if visits is not None:
            self.mapping = MappingPage(visits)
            self.mapping.named.connect(self._named)
            self.mapping.left.connect(lambda: self._turn_mapping(False))
            self.mapping.hide()
            column.addWidget(self.mapping, 1)
        show(self.patient.mapping, visits is not None)
        self._show()

    # --- how it is built ----------------------------------------------------------------------

    def _plans(self, look: Palette) -> QFrame:
        frame, outer = card(spacing=0, margin=14)
        outer.setContentsMargins(14, 8, 14, 8)
        tiles, area = QWidget(), QScrollArea()  # there may be more than have room
        tiles.setObjectName("tiles")
        area.setObjectName("tiles")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(tiles)
        outer.addWidget(area)
        column = QVBoxLayout(tiles)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.demonstration: PresetTile | None = None
        if self._demonstration is not None:
            shown = self._demonstration.sites[0].cycles
            tile = PresetTile(
                self.tr("Demonstration {freezes}").format(freezes=freezes_in_short(shown)),
                self.tr("One click: all steps pre-answered"),
                shown,
                look,
            )
            mark(tile, "role", "primary")
            tile.clicked.connect(self._demonstrate)
            self.demonstration = tile
            column.addWidget(tile)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.tiles = []
        for index, preset in enumerate(self._presets):
            tile = PresetTile(spoken(preset.name), "", preset.plan.sites[0].cycles, look)
            tile.setCheckable(True)
            self._group.addButton(tile, index)
            column.addWidget(tile)
            self.tiles.append(tile)
        self._group.idClicked.connect(self._choose_preset)
        column.addStretch(1)
        return frame

    def _pages(self, look: Palette) -> QFrame:
        frame, column = card(spacing=8, margin=14)
        column.setContentsMargins(14, 8, 14, 8)
        self._tabs = QButtonGroup(self)
        tabs = QHBoxLayout()
        tabs.setSpacing(GAP)
        names = (self.tr("Site"), self.tr("Freezes"), self.tr("Patient"), self.tr("Gas"))
        self.tabs = tuple(EnterButton(name) for name in names)
        for number_, button in zip(TABS, self.tabs, strict=True):
            button.setCheckable(True)
            self._tabs.addButton(button, number_)
            tabs.addWidget(button, 1)
        self._tabs.idClicked.connect(self._turn)
        self.notice = Notice()
        self.site_page, self.editor = SitePage(), CycleEditor(look)
        self.patient, self.pad, self.pain_page = PatientPage(), NumberPad(), PainPage()
        self.site_page.changed.connect(self._site_changed)
        self.editor.changed.connect(self._take)
        self.editor.refused.connect(self.notice.tell)
        self.editor.time_wanted.connect(self._enter_time)
        self.patient.digits_wanted.connect(self._enter_case)
        self.patient.mapping_wanted.connect(lambda: self._turn_mapping(True))
        self.patient.pain_wanted.connect(lambda: self._turn(PAIN))
        self.gas = GasPage()
        self.gas.contents_wanted.connect(self._enter_contents)
        self.gas.asked.connect(self.asked)
        self.pad.left.connect(self._back)
        self.pain_page.scored.connect(self._scored)
        self.pain_page.left.connect(self._back)
        self.stack = QStackedWidget()
        pages = (self.site_page, self.editor, self.patient, self.gas, self.pad, self.pain_page)
        for page in pages:
            self.stack.addWidget(page)
        self.nerve, self.sides = self.site_page.nerve, self.site_page.sides
        self.case, self.operator = self.patient.case, self.patient.operator
        self.use = PressButton(self.tr("Use this plan"))
        mark(self.use, "role", "primary")
        self.use.clicked.connect(self._use)
        column.addLayout(tabs)
        column.addWidget(self.stack, 1)
        column.addWidget(self.use)
        return frame

    def sizeHint(self) -> QSize:
        """The whole middle of the window."""
        return QSize(1_000, 640)

    # --- what is chosen -----------------------------------------------------------------------

    @property
    def side(self) -> Side | None:
        """Of the site that is shown; None before it was chosen."""
        return self._draft.site.side

    @property
    def draft(self) -> str:
        """The strip's words for what is chosen so far."""
        return site_words(self._draft.site)

    @property
    def step(self) -> str:
        """The step's words: what the plan still lacks, or the plan in short."""
        plan = drafts.plan_of(self._draft)
        return self._lacking() or (plan_in_short(plan, self._draft.at) if plan else "")

    def begin(self) -> None:
        """A new session: nothing is left of the one before, least of all the side."""
        self.patient.clear()
        self.notice.clear()
        self._take(Draft())
        self._turn(SITE)
        self._turn_mapping(False)

    def _take(self, made: Draft | Limit) -> None:
        if isinstance(made, Limit):
            self.notice.tell(limit_words(made, self._coldest))
            return
        self._draft = made
        self._show()
        self.draft_changed.emit()

    def _choose_site(self, at: int) -> None:
        self._take(drafts.chosen(self._draft, at))

    def _add_site(self) -> None:
        self._take(drafts.add_site(self._draft))
        self._turn(SITE)

    def _choose_preset(self, index: int) -> None:
        self._take(drafts.with_preset(self._draft, with_gas(self._presets[index].plan, self._gas)))

    def _site_changed(self) -> None:
        page = self.site_page
        self._take(
            drafts.with_site(
                self._draft,
                nerve=page.nerve.text(),
                side=page.side,
                confirmed_by=page.confirmed_by.value,
                motor_loss_consented=page.consented.isChecked(),
            )
        )

    # --- digits and pain ----------------------------------------------------------------------

    def _turn(self, page: int) -> None:
        """Shows a page at the right; a pad goes back to the page that asked for it."""
        if page in TABS:
            self._page = page
        for each, button in zip(TABS, self.tabs, strict=True):
            button.setChecked(each == self._page)
        self.stack.setCurrentIndex(page)
        show(self.use, page in TABS)

    def _back(self) -> None:
        self._turn(self._page)

    def _lend(
        self,
        caption: str,
        text: str,
        take: Callable[[str], str | None],
        kind: PadKind,
    ) -> None:
        self._turn(DIGITS)
        self.pad.lend(caption, text, take, kind)

    def _enter_time(self) -> None:
        def take(text: str) -> str | None:
            seconds = seconds_of(text)
            if seconds is None:
                return self.tr("{text} is no time: minutes and seconds, as 1:30").format(text=text)
            return self.editor.set_length(seconds)

        self._lend(self.editor.block_name, minutes(self.editor.length_s), take, PadKind.TIME)

    def _enter_case(self) -> None:
        def take(text: str) -> str | None:
            self.case.setText(text)
            return None

        self._lend(self.tr("Case number"), self.case.text(), take, PadKind.CODE)

    def _enter_contents(self) -> None:
        self._turn(DIGITS)
        lend_for_contents(self.pad, self.asked.emit)

    def _turn_mapping(self, there: bool) -> None:
        if self.mapping is not None:
            if there:
                self.mapping.begin(self.case.text().strip(), self.operator.text().strip())
            show(self.mapping, there)
            show(self.cards, not there)

    def _named(self, visit: MappingNamed | None) -> None:
        self.patient.put_mapping(visit)
        self._turn_mapping(False)

    def _scored(self, score: int) -> None:
        self.patient.put_pain(score)
        self._back()

    # --- what it shows ------------------------------------------------------------------------

    def apply(self, snapshot: Snapshot) -> None:
        """Shows why a plan cannot be used now, if it cannot."""
        control = snapshot.controls.get("choose_plan")
        blocked = control.blocked if control is not None else None
        if snapshot.link.state is not LinkState.OPEN:
            blocked = snapshot.link.words or self.tr("No link to the console")
        device = snapshot.link.device
        if self.demonstration is not None:
            self._simulated = device is not None and device.simulated
        self._left = snapshot.gas.left
        self.gas.apply(snapshot, self._needed_s)
        coldest = device.coldest_target_celsius if device is not None else None
        self._gas = device.gas if device is not None else self._gas
        for tile, preset in zip(self.tiles, self._presets, strict=True):
            plan = with_gas(preset.plan, self._gas)
            tile.set_blocked(
                self.tr("this console holds {celsius} °C at the coldest").format(
                    celsius=number(coldest, 0)
                )
                if coldest is not None and plan.target_celsius < coldest - 0.01
                else None
            )
        self._offer_demonstration()
        if (blocked, coldest) != (self._blocked, self._coldest):
            self._blocked, self._coldest = blocked, coldest
            self._show()

    def _offer_demonstration(self) -> None:
        if self.demonstration is not None:
            show(self.demonstration, self._simulated)
            several = None if len(self._draft.sites) == 1 else self.tr("for one site alone")
            self.demonstration.set_blocked(self._blocked or several)

    def _show(self) -> None:
        draft = self._draft
        self._offer_demonstration()
        self.site_row.apply(draft)
        self.site_page.put(draft.site)
        self.editor.apply(draft, self._coldest)
        self._group.setExclusive(False)
        for tile, preset in zip(self.tiles, self._presets, strict=True):
            tile.setChecked(preset.plan.sites[0].cycles == draft.site.cycles)
        self._group.setExclusive(True)
        self.gas.show_plan(self._left, self._needed_s)
        missing = self._missing()
        self.use.set_words(self.tr("Use this plan"), "" if missing else self._in_short(), missing)

    @property
    def _needed_s(self) -> float:
        """Seconds with the gas on of all that is chosen so far."""
        draft = self._draft
        return sum(freezing_s(site.cycles, draft.timing) for site in draft.sites)

    def _missing(self) -> str | None:
        return self._blocked or self._lacking()

    def _lacking(self) -> str | None:
        lacks = drafts.lacking(self._draft)
        if lacks is None:
            return None
        index, what = lacks
        words = {
            Lacking.CYCLES: self.tr("Choose a plan"),
            Lacking.NERVE: self.tr("Enter the nerve"),
            Lacking.SIDE: self.tr("Choose the side"),
            Lacking.TWICE: self.tr("The same nerve on the same side is there twice"),
        }[what]
        if len(self._draft.sites) == 1:
            return words
        return self.tr("Site {number}: {what}").format(number=index + 1, what=words)

    def _in_short(self) -> str:
        told = []
        for site in self._draft.sites:
            words = site_words(site).replace(" · ", " ")
            freezes = freezes_in_short(site.cycles)
            told.append(
                self.tr("{site}, {freezes} at {target} °C").format(
                    site=words, freezes=freezes, target=number(self._draft.target_celsius, 0)
                )
            )
        return "\n".join(told) if len(told) < 3 else self.tr("{n} sites").format(n=len(told))

    def _use(self) -> None:
        plan = drafts.plan_of(self._draft)
        if self._missing() is None and plan is not None:
            self._ask(plan)

    def _demonstrate(self) -> None:
        if self._demonstration is not None:
            self._ask(with_gas(self._demonstration, self._gas), how="demonstration")

    def _ask(self, plan: Plan, how: str = "bedside") -> None:
        self.notice.clear()
        self.asked.emit(
            ChoosePlan(
                plan,
                case=self.case.text().strip(),
                operator=self.operator.text().strip(),
                how=how,
                preparation=self.patient.told,
            )
        )

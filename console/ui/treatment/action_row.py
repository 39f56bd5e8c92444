"""The row of main actions under the plot, and what stands in its place: more of them, reasons, a
field for one's own, keys for a pain score."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from console.model.request import ScorePain
from console.model.snapshot import Control, ProcedureView, Snapshot
from console.ui.kit.buttons import HoldButton, PressButton
from console.ui.kit.gas import may_type
from console.ui.kit.pain_pad import PainPad, pain_question
from console.ui.kit.parts import mark, show
from console.ui.kit.theme import DARK, GAP, TOUCH_MAIN, Palette
from console.ui.treatment.actions import ACTIONS, Action
from console.ui.treatment.own_words import OwnWords

A_ROW: Final = 5
"""So many buttons stand beside each other with all of their words."""


class ActionRow(QWidget):
    """Shows what may be done now; locked ones show why. `asked` carries a request;
    `turned` comes when other buttons are shown, which may need another height; `contents_wanted`:
    a new cylinder, its contents are to be entered."""

    asked = Signal(object)
    turned = Signal()
    contents_wanted = Signal()

    def __init__(
        self,
        look: Palette = DARK,
        actions: tuple[Action, ...] = ACTIONS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._view: ProcedureView | None = None
        self._page = "main"  # main, more, or the action whose reasons are shown
        self._snapshot: Snapshot | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self._rows = (QHBoxLayout(), QHBoxLayout())
        for row in self._rows:
            row.setSpacing(GAP)
            column.addLayout(row)
        self._shares: list[tuple[QWidget, int]] = []
        self._placed: list[QWidget] = []
        self.setMinimumHeight(TOUCH_MAIN)  # also where nothing may be done: nothing jumps
        self.buttons: dict[str, PressButton] = {}
        for action in actions:
            self.buttons[action.name] = self._button(action, look)
        self.more = self._extra(self.tr("More"))
        self.more.clicked.connect(lambda: self._turn("more"))
        self.reasons = {
            action.name: tuple(self._reason(action, why, look) for why in action.reasons())
            for action in actions
        }
        self.other = self._extra(self.tr("Another reason: write it"), 2)
        self.other.title.setProperty("role", "name")
        self.other.clicked.connect(self._write)
        self.own = {
            hold: OwnWords(hold=hold, look=look)
            for hold in sorted({action.hold_reason for action in actions if action.reasons()})
        }
        for own in self.own.values():
            self._add(own, 6)
            own.given.connect(self._written)
            own.left.connect(lambda: self._turn(self._page))
        self._writing = False
        self.pain = PainPad(pain_question())
        self.pain.scored.connect(self._scored)
        self._add(self.pain, 6)
        self.pain.hide()
        self.back = self._extra(self.tr("Back"))
        self.back.clicked.connect(lambda: self._turn("main"))

    def _button(self, action: Action, look: Palette) -> PressButton:
        button = HoldButton(look=look) if action.hold else PressButton()
        fired = button.held if isinstance(button, HoldButton) else button.clicked
        fired.connect(lambda *_: self._ask(action))
        button.at_once = action.at_once
        self._add(button, action.wide)
        button.hide()
        return button

    def _reason(self, action: Action, why: str, look: Palette) -> PressButton:
        button = HoldButton(why, look=look) if action.hold_reason else PressButton(why)
        fired = button.held if isinstance(button, HoldButton) else button.clicked
        button.title.setProperty("role", "name")
        fired.connect(lambda *_: self._because(action, why))
        self._add(button, 2)
        button.hide()
        return button

    def _extra(self, title: str, share: int = 1) -> PressButton:
        button = PressButton(title)
        self._add(button, share)
        button.hide()
        return button

    def apply(self, snapshot: Snapshot) -> None:
        """Shows the controls of a snapshot."""
        before, view = self._view, snapshot.procedure
        self._view, self._snapshot = view, snapshot
        if before is None or before.phase is not view.phase:
            self._page = "main"
        self._lay_out()

    def _turn(self, page: str) -> None:
        """Shows a page of the row; keys that were in it stay in it."""
        held = QApplication.focusWidget()
        inside = held is not None and self.isAncestorOf(held)
        self._page, self._writing = page, False
        self._lay_out()
        if inside and self._placed:
            first = self._placed[0]
            (self.pain.keys[0] if first is self.pain else first).setFocus()
        self.turned.emit()

    def _lay_out(self) -> None:
        snapshot, view = self._snapshot, self._view
        if snapshot is None or view is None:
            return
        more = False
        if self._page not in ("main", "more", *snapshot.controls):
            self._page = "main"
        self._ask_in_words(snapshot)
        for action in self._actions:
            button = self.buttons[action.name]
            control = snapshot.controls.get(action.name)
            offered = (
                control is not None
                and action.wanted(view)
                and not (action.unless_locked and control.blocked)
            )
            first = action.first(view)
            more = more or (offered and not first)
            visible = offered and self._page == ("main" if first else "more")
            if control is not None:
                detail = control.detail
                if action.hold and control.blocked is None:
                    detail = self.tr("{detail} · hold for 1\u00a0s").format(detail=detail)
                    detail = detail.removeprefix(" · ")
                button.set_words(control.label, detail, control.blocked)
                mark(button, "role", "primary" if action.primary(view) else "plain")
                button.answers(action.question(view))
            show(button, visible)
            for one in self.reasons[action.name]:
                if control is not None:
                    one.set_words(one.title.text(), self._whose(action, control), control.blocked)
                show(one, self._page == action.name and not self._writing)
        show(self.pain, any(a.pad and a.name == self._page for a in self._actions))
        show(self.more, more and self._page == "main")
        show(self.back, self._page != "main" and not self._writing)
        self._place()

    def _ask_in_words(self, snapshot: Snapshot) -> None:
        """The field for a reason of one's own; it goes with what locks it, and where gas or
        stimulation may be on."""
        asking = self._asking
        control = snapshot.controls.get(asking.name) if asking is not None else None
        why = control.blocked if control is not None else None
        if why is None and not may_type(snapshot):
            why = self.tr("Gas or stimulation may be on")
        if asking is None or control is None or why is not None:
            self._writing = False
        self.other.set_words(self.other.title.text(), "", why)
        show(self.other, asking is not None and not self._writing)
        for hold, own in self.own.items():
            if not (self._writing and asking is not None and hold is asking.hold_reason):
                own.close_field()
            elif control is not None:
                own.say(control.label, "" if hold else self.tr("early"))
                if own.isHidden():
                    own.open()

    @property
    def _asking(self) -> Action | None:
        """That whose reasons are shown."""
        return next((a for a in self._actions if a.name == self._page and a.reasons()), None)

    def _add(self, widget: QWidget, share: int) -> None:
        self._rows[0].addWidget(widget, share)
        self._shares.append((widget, share))

    def _place(self) -> None:
        """More than a row holds stand in two, each in its order."""
        shown = [each for each in self._shares if not each[0].isHidden()]
        if [widget for widget, _ in shown] == self._placed:
            return
        self._placed = [widget for widget, _ in shown]
        in_one = len(shown) <= A_ROW and self._asking is None  # reasons are whole sentences
        first = len(shown) if in_one else (len(shown) + 1) // 2
        for at, (widget, share) in enumerate(shown):
            self._rows[at >= first].addWidget(widget, share)

    def _ask(self, action: Action) -> None:
        view = self._view
        if view is None:
            return
        if action.asks_why(view):
            self._turn(action.name)
            return
        if action.digits:
            self._turn("main")
            self.contents_wanted.emit()
            return
        self.asked.emit(action.request(view))

    def _whose(self, action: Action, control: Control) -> str:
        if action.hold_reason:
            return self.tr("{label} · hold for 1 s").format(label=control.label)
        return self.tr("{label}, early").format(label=control.label)

    def _scored(self, score: int) -> None:
        self._turn("main")
        self.asked.emit(ScorePain(score))

    def _write(self) -> None:
        self._writing = True
        self._lay_out()
        self.turned.emit()

    def _written(self, why: str) -> None:
        action = self._asking
        if action is not None:
            self._because(action, why)

    def _because(self, action: Action, why: str) -> None:
        self._turn("main")
        self.asked.emit(action.because(why))

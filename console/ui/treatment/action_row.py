# ruff: noqa: N802 - Qt names what it calls
"""The row of main actions under the plot, and what stands in its place: more of them, reasons, a
field for one's own, keys for a pain score."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from console.model.request import ScorePain
from console.model.snapshot import Control, ProcedureView, Snapshot
from console.ui.kit.buttons import HoldButton, PressButton
from console.ui.kit.gas import may_type
from console.ui.kit.pain_pad import PainPad, pain_question
from console.ui.kit.parts import mark, show
from console.ui.kit.theme import DARK, GAP, TOUCH_MAIN, Palette
from console.ui.treatment.actions import ACTIONS, Action
from console.ui.treatment.own_words import OwnWords

ONE_ROW, TWO_ROWS = 88, TOUCH_MAIN
"""Of the main actions: a row's height where one holds them, and where two do. In pixels."""
_SHARES: Final = (5, 3, 3, 1.5)
"""Of the width, in one row: the main places from the left, and More."""
_CELL: Final = 188
"""Pixels that a button of another page has at least: its words are whole sentences."""
MORE: Final = 3


def _look(widget: QWidget) -> object:
    """Of a widget, what its place and its height follow from; None where it is hidden."""
    if widget.isHidden():
        return None
    if isinstance(widget, PressButton):
        return widget.title.text(), widget.detail.text(), widget.property("place")
    return id(widget)


def _stops(widget: QWidget) -> Sequence[QWidget]:
    """What of it takes the keys, in order."""
    if isinstance(widget, PainPad):
        return widget.keys
    if isinstance(widget, OwnWords):
        return widget.field, widget.give, widget.back
    return (widget,)


def places(width: int, *, two_rows: bool) -> list[QRect]:
    """Where the main actions stand, and at last More: at the same place whatever else is shown."""
    if two_rows:
        half = (width - GAP) // 2
        below = TWO_ROWS + GAP
        more = (width - GAP) // 4
        return [
            QRect(0, 0, width - GAP - more, TWO_ROWS),
            QRect(0, below, half, TWO_ROWS),
            QRect(half + GAP, below, width - half - GAP, TWO_ROWS),
            QRect(width - more, 0, more, TWO_ROWS),
        ]
    left, found = 0.0, []
    one = (width - GAP * (len(_SHARES) - 1)) / sum(_SHARES)
    for share in _SHARES:
        found.append(QRect(round(left), 0, round(one * share), ONE_ROW))
        left += one * share + GAP
    return found


class ActionRow(QWidget):
    """Shows what may be done now; locked ones show why. Each main action has its own place, which
    stays empty while it is not offered: nothing moves under a finger. `asked` carries a request;
    `turned` comes when another page is shown, which may need another height; `contents_wanted`: a
    new cylinder, its contents are to be entered. `two_rows`: where the page is narrow."""

    asked = Signal(object)
    turned = Signal()
    contents_wanted = Signal()

    def __init__(
        self,
        look: Palette = DARK,
        actions: tuple[Action, ...] = ACTIONS,
        parent: QWidget | None = None,
        *,
        two_rows: bool = False,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._view: ProcedureView | None = None
        self._page = "main"  # main, more, or the action whose reasons are shown
        self._snapshot: Snapshot | None = None
        self._two_rows = two_rows
        self._shown: list[QWidget] = []
        self._placed: tuple[object, ...] = ()
        self.buttons: dict[str, PressButton] = {}
        for action in actions:
            self.buttons[action.name] = self._button(action, look)
        self.more = self._extra(self.tr("More"))
        self.more.clicked.connect(lambda: self._turn("more"))
        self.reasons = {
            action.name: tuple(self._reason(action, why, look) for why in action.reasons())
            for action in actions
        }
        self.other = self._extra(self.tr("Another reason: write it"))
        self.other.title.setProperty("role", "name")
        self.other.clicked.connect(self._write)
        self.own = {
            hold: OwnWords(hold=hold, look=look)
            for hold in sorted({action.hold_reason for action in actions if action.reasons()})
        }
        for own in self.own.values():
            own.setParent(self)
            own.given.connect(self._written)
            own.left.connect(lambda: self._turn(self._page))
        self._writing = False
        self.pain = PainPad(pain_question())
        self.pain.scored.connect(self._scored)
        self.pain.setParent(self)
        self.pain.hide()
        self.back = self._extra(self.tr("Back"))
        self.back.clicked.connect(lambda: self._turn("main"))

    def _button(self, action: Action, look: Palette) -> PressButton:
        button = HoldButton(look=look) if action.hold else PressButton()
        fired = button.held if isinstance(button, HoldButton) else button.clicked
        fired.connect(lambda *_: self._ask(action))
        button.at_once = action.at_once
        button.setParent(self)
        button.hide()
        return button

    def _reason(self, action: Action, why: str, look: Palette) -> PressButton:
        button = HoldButton(why, look=look) if action.hold_reason else PressButton(why)
        fired = button.held if isinstance(button, HoldButton) else button.clicked
        button.title.setProperty("role", "name")
        fired.connect(lambda *_: self._because(action, why))
        button.setParent(self)
        button.hide()
        return button

    def _extra(self, title: str) -> PressButton:
        button = PressButton(title)
        button.setParent(self)
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
        if inside and self._shown:
            first = self._shown[0]
            (self.pain.keys[0] if first is self.pain else first).setFocus()
        self.turned.emit()

    def _lay_out(self) -> None:
        snapshot, view = self._snapshot, self._view
        if snapshot is None or view is None:
            return
        if self._page not in ("main", "more", *snapshot.controls):
            self._page = "main"
        self._ask_in_words(snapshot)
        main, more = self._sorted(snapshot, view)
        here = main if self._page == "main" else more if self._page == "more" else {}
        for action in self._actions:
            button = self.buttons[action.name]
            control = snapshot.controls.get(action.name)
            if control is not None:
                detail = control.detail
                if action.hold and control.blocked is None:
                    detail = self.tr("{detail} · hold for 1\u00a0s").format(detail=detail)
                    detail = detail.removeprefix(" · ")
                button.set_words(control.label, detail, control.blocked)
                mark(button, "role", "primary" if action.primary(view) else "plain")
                button.answers(action.question(view))
            if action.name in here:
                button.setProperty("place", here[action.name])
            show(button, action.name in here)
            fitting = action.fitting(view) if action.fitting is not None else None
            for one in self.reasons[action.name]:
                fits = fitting is None or one.title.text() in fitting
                if control is not None:
                    one.set_words(one.title.text(), self._whose(action, control), control.blocked)
                show(one, fits and self._page == action.name and not self._writing)
        show(self.pain, any(a.pad and a.name == self._page for a in self._actions))
        show(self.more, bool(more) and self._page == "main")
        show(self.back, self._page != "main" and not self._writing)
        self._place()

    def _sorted(
        self, snapshot: Snapshot, view: ProcedureView
    ) -> tuple[dict[str, int], dict[str, int]]:
        """What is offered: the main actions with their places, and what stands under More. Of two
        that want one place the first has it."""
        main: dict[str, int] = {}
        more: dict[str, int] = {}
        for action in self._actions:
            control = snapshot.controls.get(action.name)
            if control is None or not action.wanted(view):
                continue
            if action.unless_locked and control.blocked:
                continue
            place = action.place
            if action.first(view) and place not in main.values():
                main[action.name] = place
            else:
                more[action.name] = len(more)
        return main, more

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

    @property
    def is_main(self) -> bool:
        """Whether the main actions are shown, which need no more room than is kept for them."""
        return self._page == "main"

    def _place(self) -> None:
        """Main actions stand where they always do; of another page each has its cell."""
        wide = self.width()
        look = (self._page, wide, *(_look(w) for w in (self.more, *self._others())))
        if look == self._placed:
            return  # this comes with every snapshot
        self._placed = look
        if self._page == "main":
            rects = places(wide, two_rows=self._two_rows)
            self.more.setGeometry(rects[MORE])
            for button in self.buttons.values():
                if not button.isHidden():
                    button.setGeometry(rects[button.property("place")])
            order = [b for b in self.buttons.values() if not b.isHidden()]
            order.sort(key=lambda button: int(button.property("place")))
            if not self.more.isHidden():
                largest = sum(button.property("place") == 0 for button in order)
                order.insert(largest if self._two_rows else len(order), self.more)
            self._in_order(order)
            self.setFixedHeight(2 * TWO_ROWS + GAP if self._two_rows else ONE_ROW)
            return
        shown = [w for w in self._others() if not w.isHidden()]
        high = 0
        for panel in (self.pain, *self.own.values()):
            if not panel.isHidden():
                tall = panel.sizeHint().height()
                panel.setGeometry(0, high, wide, tall)
                high += tall + GAP
                shown.remove(panel)
        across = max(1, min(len(shown), (wide + GAP) // (_CELL + GAP)))
        rows = -(-len(shown) // across)
        across = -(-len(shown) // rows) if rows else 1  # as even as they go
        cell = (wide - GAP * (across - 1)) // across
        tall = max([TOUCH_MAIN, *(one.heightForWidth(cell) for one in shown)])
        for at, one in enumerate(shown):
            row, place = divmod(at, across)
            one.setGeometry(place * (cell + GAP), high + row * (tall + GAP), cell, tall)
        high += rows * (tall + GAP)
        self._in_order([w for w in self._others() if not w.isHidden()])
        self.setFixedHeight(max(high - GAP, TOUCH_MAIN))

    def _in_order(self, shown: Sequence[QWidget]) -> None:
        """Tab goes from one to the next as the eyes do."""
        self._shown = list(shown)
        stops = [stop for one in shown for stop in _stops(one)]
        for one, following in pairwise(stops):
            self.setTabOrder(one, following)

    def _others(self) -> list[QWidget]:
        """What other pages show, in its order."""
        reasons = [one for each in self.reasons.values() for one in each]
        own = list(self.own.values())
        return [*self.buttons.values(), *reasons, self.other, *own, self.pain, self.back]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Places all of it in the new width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._place()

    def sizeHint(self) -> QSize:
        """As high as it is."""
        return QSize(600, self.minimumHeight())

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

"""The row of main actions under the plot: a table from the controls of a snapshot to requests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.model.plan import NextFreeze
from console.model.request import (
    PAIN_GONE,
    AddFreeze,
    AfterStop,
    AnyRequest,
    Decide,
    EndFreeze,
    ExtendFreeze,
    FinishHere,
    NewSession,
    ProbeMoved,
    ProbeOut,
    StartFreeze,
    Wait,
)
from console.model.snapshot import Phase, ProcedureView, Snapshot
from console.ui.buttons import HoldButton, PressButton
from console.ui.parts import mark, show
from console.ui.theme import DARK, GAP, TOUCH_MAIN, Palette

COUNTDOWN_S: Final = 10.0


@dataclass(frozen=True)
class Action:
    """A control's place in the row. `wanted`: whether it is of use here; `first`: whether it is
    among the main ones, else it is under More; `wide`: its share of the row."""

    name: str
    request: Callable[[ProcedureView], AnyRequest]
    hold: bool = False
    wide: int = 2
    wanted: Callable[[ProcedureView], bool] = lambda view: True
    first: Callable[[ProcedureView], bool] = lambda view: True
    primary: Callable[[ProcedureView], bool] = lambda view: False


def _counting(view: ProcedureView) -> bool:
    return view.auto_start_in_s is not None and view.auto_start_in_s <= COUNTDOWN_S


def _auto(view: ProcedureView) -> bool:
    return view.plan is not None and view.plan.next_freeze is NextFreeze.AUTO


def _finish(view: ProcedureView) -> AnyRequest:
    return Decide(AfterStop.FINISH) if view.phase is Phase.STOPPED else FinishHere()


def _freezing(view: ProcedureView) -> bool:
    return view.phase is Phase.FREEZING


def _releasing(view: ProcedureView) -> bool:
    return view.phase in (Phase.RELEASING, Phase.FREE)


ACTIONS: Final = (
    Action("wait", lambda view: Wait(), wide=4, wanted=_auto, primary=_counting),
    Action(
        "start_freeze",
        lambda view: StartFreeze(),
        hold=True,
        wide=4,
        wanted=lambda view: not _counting(view),
        primary=lambda view: True,
    ),
    Action("end_freeze", lambda view: EndFreeze(), wide=3),
    Action("extend", lambda view: ExtendFreeze(30.0)),
    Action("probe_moved", lambda view: ProbeMoved(), wide=3, first=_freezing),
    Action("repeat", lambda view: Decide(AfterStop.REPEAT), wide=3),
    Action("count", lambda view: Decide(AfterStop.COUNT), wide=3),
    Action(
        "pain_gone",
        lambda view: FinishHere(PAIN_GONE),
        wide=3,
        first=lambda view: not _counting(view),
    ),
    Action("finish", _finish, wide=3, first=lambda view: view.phase is Phase.STOPPED),
    Action("add_freeze", lambda view: AddFreeze()),
    Action(
        "probe_out",
        lambda view: ProbeOut(),
        wide=3,
        first=_releasing,
        primary=lambda view: view.phase is Phase.FREE,
    ),
    Action("new_session", lambda view: NewSession(), primary=lambda view: True),
)
"""In the order of the row. Acknowledge stands in the alarm bar, "Use this plan" in Prepare."""


def early_reasons() -> tuple[str, ...]:
    """Why a probe may be out before it is known to be free."""
    return (
        QCoreApplication.translate("actions", "Thawed on ultrasound"),
        QCoreApplication.translate("actions", "Temperature unknown, waited"),
        QCoreApplication.translate("actions", "Emergency"),
    )


class ActionRow(QWidget):
    """Shows what may be done now; locked ones show why. `asked` carries a request;
    `turned` comes when other buttons are shown, which may need another height."""

    asked = Signal(object)
    turned = Signal()

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: ProcedureView | None = None
        self._page = "main"  # main, more, reasons
        self._snapshot: Snapshot | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self.setMinimumHeight(TOUCH_MAIN)  # also where nothing may be done: nothing jumps
        self.buttons: dict[str, PressButton] = {}
        for action in ACTIONS:
            self.buttons[action.name] = self._button(action, look)
        self.more = self._extra(self.tr("More"), "")
        self.more.clicked.connect(lambda: self._turn("more"))
        self.reasons = tuple(
            self._extra(reason, self.tr("Probe is out, early")) for reason in early_reasons()
        )
        for button, reason in zip(self.reasons, early_reasons(), strict=True):
            button.clicked.connect(lambda _=False, why=reason: self._out(why))
        self.back = self._extra(self.tr("Back"), "")
        self.back.clicked.connect(lambda: self._turn("main"))

    def _button(self, action: Action, look: Palette) -> PressButton:
        button = HoldButton(look=look) if action.hold else PressButton()
        fired = button.held if isinstance(button, HoldButton) else button.clicked
        fired.connect(lambda *_: self._ask(action))
        self._row.addWidget(button, action.wide)
        button.hide()
        return button

    def _extra(self, title: str, detail: str) -> PressButton:
        button = PressButton(title, detail)
        self._row.addWidget(button, 1 if not detail else 2)
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
        self._page = page
        self._lay_out()
        self.turned.emit()

    def _lay_out(self) -> None:
        snapshot, view = self._snapshot, self._view
        if snapshot is None or view is None:
            return
        more = False
        for action in ACTIONS:
            button = self.buttons[action.name]
            control = snapshot.controls.get(action.name)
            offered = control is not None and action.wanted(view)
            first = action.first(view)
            more = more or (offered and not first)
            visible = offered and self._page == ("main" if first else "more")
            if control is not None:
                detail = control.detail
                if action.hold and control.blocked is None:
                    detail = self.tr("{detail} · hold for 1 s").format(detail=detail)
                    detail = detail.removeprefix(" · ")
                button.set_words(control.label, detail, control.blocked)
                mark(button, "role", "primary" if action.primary(view) else "plain")
            show(button, visible)
        show(self.more, more and self._page == "main")
        for button in self.reasons:
            show(button, self._page == "reasons")
        show(self.back, self._page != "main")

    def _ask(self, action: Action) -> None:
        view = self._view
        if view is None:
            return
        if action.name == "probe_out" and view.phase is not Phase.FREE:
            self._turn("reasons")
            return
        self.asked.emit(action.request(view))

    def _out(self, why: str) -> None:
        self._turn("main")
        self.asked.emit(ProbeOut(why))

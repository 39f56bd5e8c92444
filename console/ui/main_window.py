# ruff: noqa: N802 - Qt names what it calls
"""The window: the frame that is always there, and one page in its middle."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.model.plan import Plan
from console.model.preset import Preset
from console.model.request import Acknowledge, AnyRequest, Stop
from console.model.snapshot import Control, LinkState, Phase, Snapshot
from console.ui.alarms.sound import AlarmSound
from console.ui.alarms.speaker import Speaker
from console.ui.connect import PortTile
from console.ui.frame import judge
from console.ui.frame.alarm_history import AlarmHistory
from console.ui.frame.hands import Hands
from console.ui.frame.judge import Page
from console.ui.frame.own_alarms import OwnAlarms
from console.ui.frame.question import QuestionBar
from console.ui.frame.screen_keys import ScreenKeys
from console.ui.frame.steps import StepColumn
from console.ui.frame.strip import Strip
from console.ui.frame.top_bar import SIDE_WIDTH, TopBar
from console.ui.kit import gas
from console.ui.kit.buttons import EnterButton
from console.ui.kit.language import in_language, spoken
from console.ui.kit.palette import Coloured, Look
from console.ui.kit.parts import mark, show
from console.ui.kit.theme import GAP, GUTTER, dress
from console.ui.pages import Pages

if TYPE_CHECKING:
    from console.ui.records.record_source import RecordSource
    from console.ui.treatment.stimulate import HearPatient

_LOST_CLOCK_MS: Final = 500
SMALLEST: Final = QSize(1_280, 650)
"""Logical pixels inside the frame: of 1366 x 768 a title bar and a task bar leave a little more."""
USUAL: Final = QSize(1_440, 900)


class MainWindow(QWidget):
    """Shows snapshots by `apply`, and emits what the operator wants.

    `requested` carries a request and is meant to be connected directly: STOP must not wait in a
    queue. `port_chosen`, `console_left` and `restart_wanted` are for the owner of the control
    process; `theme_changed` carries the theme that was chosen; `closed` comes once, when the
    window may go."""

    requested = Signal(object)
    port_chosen = Signal(str)
    console_left = Signal()
    restart_wanted = Signal()
    theme_changed = Signal(str)
    closed = Signal()

    def __init__(
        self,
        *,
        presets: Sequence[Preset],
        demonstration: Plan | None,
        list_ports: Callable[[], Sequence[PortTile]],
        look: Look | None = None,
        clock: Callable[[], datetime] = datetime.now,
        speaker: Speaker | None = None,
        records: "RecordSource | None" = None,
        patient: "HearPatient | None" = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Cryoprobe Console")
        self._look = look = look or Look()
        self.snapshot: Snapshot | None = None
        self._was_open = False
        self.own = OwnAlarms(clock, self)
        self._clock = clock
        self._last_heard: tuple[Snapshot, datetime] | None = None
        self._lost_clock = QTimer(self)
        self._lost_clock.setInterval(_LOST_CLOCK_MS)
        self._lost_clock.timeout.connect(self._count_on)
        self._may_close = False
        self._has_records = records is not None

        self.top = TopBar(look)
        self.top.stopped.connect(lambda: self.stop("screen"))
        self.sound = AlarmSound(speaker, parent=self)
        self.sound.changed.connect(self._sounds)
        if speaker is not None:
            speaker.device_known.connect(self._sounds)
        self.top.alarms.sound.clicked.connect(self.sound.turn)
        self.history = AlarmHistory()
        self.top.alarms.history.toggled.connect(self._turn_left)
        self.top.alarms.acknowledged.connect(self._acknowledge)
        self.top.alarms.helped.connect(self.restart_wanted)
        self.strip = Strip()
        self.question = QuestionBar()
        self.question.answered.connect(self._closing_answered)
        self.steps = StepColumn()
        self.leave = EnterButton(self.tr("Records,\nother console"))
        self.leave.setAccessibleName(self.leave.text().replace("\n", " "))
        self.leave.setObjectName("leave")
        self.leave.clicked.connect(self._leave)
        self.keys = ScreenKeys(look)
        self.keys.theme.clicked.connect(self._change_theme)
        self.hands = Hands(self, self.top.stop, (self.keys.unlock,))
        self.keys.lock_wanted.connect(self._lock_touch)
        self.pages = Pages(
            look,
            clock,
            list_ports=list_ports,
            presets=presets,
            demonstration=demonstration,
            records=records,
            patient=patient,
            strip=self.strip,
        )
        self.pages.asked.connect(self.requested)
        self.pages.draft_changed.connect(lambda: self._where(self.snapshot))
        self.pages.report_wanted.connect(self._open_report)
        self.pages.records_left.connect(lambda: self._turn_to(Page.CONNECT))
        self.pages.connect_screen.records_wanted.connect(self._look_back)
        self.pages.connect_screen.chosen.connect(self._choose_port)
        self.pages.connect_screen.cancelled.connect(self._leave)
        self._lay_out()
        self._frame(None)
        self.resize(USUAL)
        self.setMinimumSize(SMALLEST)

    def _lay_out(self) -> None:
        body = QHBoxLayout()
        body.setContentsMargins(12, GUTTER, 12, GUTTER)
        body.setSpacing(GAP)
        self.left = QStackedWidget()
        self.left.addWidget(self.steps)
        self.left.addWidget(self.history)
        self.left.setFixedWidth(SIDE_WIDTH)
        side = QVBoxLayout()
        side.setSpacing(GUTTER)
        side.addWidget(self.left, 1)
        side.addWidget(self.leave)
        side.addSpacing(GAP - GUTTER)
        side.addWidget(self.keys)
        body.addLayout(side)
        body.addWidget(self.pages, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.strip)
        column.addWidget(self.question)
        column.addLayout(body, 1)

    def event(self, event: QEvent) -> bool:
        """Its hands are on the native window, which comes late and may be replaced."""
        if event.type() in (QEvent.Type.WinIdChange, QEvent.Type.Show):
            self.hands.watch()
        return super().event(event)

    def open_on(self, room: QSize) -> None:
        """Shows the window on all of a screen with this much room: digits, plot and gaps grow with
        it, and STOP stands in its corner."""
        self.resize(USUAL.boundedTo(room))
        self.showMaximized()

    # --- what is shown ------------------------------------------------------------------------

    def apply(self, snapshot: Snapshot) -> None:
        """Shows what is so now. Snapshots that flow end the alarms about the control process."""
        snapshot = in_language(snapshot)
        if snapshot.procedure.phase is Phase.STOPPED and not judge.stopped(self.snapshot):
            self.hands.let_go()  # the pedal, a trip
        self.snapshot = snapshot
        self._last_heard = None
        self.own.heard()
        if snapshot.link.state is LinkState.OPEN:
            self._was_open = True
        if self._failed(snapshot):
            self._leave()
            self.pages.connect_screen.fail(
                snapshot.link.words or self.tr("The console does not answer.")
            )
            return
        self.history.add(snapshot.alarm_log)
        self.sound.phase(snapshot.procedure)
        self._show(snapshot)

    def _failed(self, snapshot: Snapshot) -> bool:
        never = snapshot.link.state is LinkState.FAILED and not self._was_open
        return never and snapshot.procedure.phase is Phase.PREPARE

    def _show(self, snapshot: Snapshot) -> None:
        page = judge.page_of(snapshot, self._was_open)
        self._frame(snapshot)
        self.pages.apply(page, snapshot)
        self._turn_to(page)

    def _turn_to(self, page: Page) -> None:
        self.pages.turn_to(page)

    def _frame(self, snapshot: Snapshot | None) -> None:
        link = snapshot.link if snapshot is not None else None
        self.top.apply(link)
        device = link.device if link is not None else None
        simulated = device is not None and device.simulated
        mark(self, "simulated", "true" if simulated else "false")
        self._where(snapshot)
        self.keys.apply(gas.gas_may_be_on(snapshot))
        leave = self._has_records and self._was_open and judge.may_leave(snapshot)
        show(self.leave, leave)
        show(self.strip, snapshot is not None and judge.page_of(snapshot, True) is not Page.CONNECT)
        self._alarms()

    def _alarms(self) -> None:
        lost = self.own.lost
        known = self.snapshot.alarms if self.snapshot is not None and not lost else ()
        acknowledge = self.snapshot.controls.get("acknowledge") if self.snapshot else None
        if self.own.to_acknowledge:
            acknowledge = Control(self.tr("Acknowledge"))
        alarms = (*known, *self.own.shown)
        self.sound.apply(alarms)
        self.top.alarms.apply(
            alarms,
            None if self.own.lost else acknowledge,
            self.tr("Start it again") if self.own.given_up else "",
            watching=judge.watching(self.snapshot) and not lost,
        )

    def _sounds(self) -> None:
        speaker = self.sound.speaker
        device = speaker.has_device if isinstance(speaker, Speaker) else None
        self.top.alarms.apply_sound(self.sound.audible, self.sound.paused_for_s, device)

    def _turn_left(self, history: bool) -> None:
        self.left.setCurrentWidget(self.history if history else self.steps)

    def _change_theme(self) -> None:
        self.wear(self._look.other)
        self.theme_changed.emit(self._look.theme)

    def wear(self, theme: str) -> None:
        """Shows everything in another theme."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._look.wear(theme)
        dress(app, self._look)
        for widget in self.findChildren(QWidget):
            if isinstance(widget, Coloured):
                widget.recolour()

    def _where(self, snapshot: Snapshot | None) -> None:
        """Which site it is, and how far the session is; until it has begun, by the draft."""
        draft = self.pages.prepare if self.pages.is_made(Page.PREPARE) else None
        chosen = snapshot is not None and snapshot.procedure.plan is not None
        self.steps.apply(snapshot, draft.step if draft is not None and not chosen else "")
        if snapshot is not None:
            self.strip.apply(snapshot.procedure, draft.draft if draft is not None else "")

    def refuse(self, request: AnyRequest, reason: str) -> None:
        """Says why a request was refused, where it was asked."""
        self.pages.refuse(judge.page_of(self.snapshot, self._was_open), spoken(reason))

    # --- the control process ------------------------------------------------------------------

    def connecting(self, port: str) -> None:
        """A port was chosen and is being opened."""
        self.snapshot = self._last_heard = None
        self._was_open = False
        self.pages.connect_screen.connecting(port)
        self._turn_to(Page.CONNECT)

    def lose_control(self, reason: str) -> None:
        """The control process is gone or silent; it is being started again."""
        self.own.lose_control(reason, stopped=gas.gas_may_be_on(self.snapshot))
        self._show_lost()

    def give_up_control(self, reason: str) -> None:
        """It does not start."""
        self.own.give_up_control(reason)
        self.pages.connect_screen.ready()
        self._show_lost()

    def _show_lost(self) -> None:
        if self.snapshot is None:
            self._alarms()
            return
        if self._last_heard is None:
            self._last_heard = (self.snapshot, self._clock())
        self._lost_clock.start()
        self._count_on()

    def _count_on(self) -> None:
        """What is waited for goes on while nobody tells of it."""
        if self._last_heard is None or not self.own.lost:
            self._lost_clock.stop()
            return
        last, since = self._last_heard
        lost_s = (self._clock() - since).total_seconds()
        self.snapshot = judge.lost_view(last, starting=not self.own.given_up, lost_s=lost_s)
        self._show(self.snapshot)

    def tell_error(self, what: str) -> None:
        """Something in this program went wrong; `what` has been printed, and is nothing for the
        operator. With the gas on that is a STOP."""
        danger = self.stop_if_gas_may_be_on("screen error")
        self.own.fail(stopped=danger)
        self._alarms()

    def _look_back(self) -> None:
        """Shows the records; its page is made when it is first needed."""
        if self._has_records and self.snapshot is None:
            self.pages.turn_to_records()

    def _open_report(self) -> None:
        """Leaves the console, whose session has ended, for the report of that session."""
        journal = self.snapshot.journal if self.snapshot is not None else None
        if journal is not None and self._has_records and judge.may_leave(self.snapshot):
            self._leave()
            self._look_back()
            self.pages.records.open(Path(journal).parent.name)

    def _choose_port(self, port: str) -> None:
        self.connecting(port)
        self.port_chosen.emit(port)

    def go_on_with(self, port: object) -> None:
        """A case was broken off at this port: it is connected, unless another was chosen."""
        connect = self.pages.connect_screen
        if isinstance(port, str) and self.snapshot is None and not connect.is_connecting:
            self._choose_port(port)

    def _leave(self) -> None:
        self.snapshot = self._last_heard = None
        self._was_open = False
        self.own.clear()
        self.pages.connect_screen.ready()
        self._frame(None)
        self._turn_to(Page.CONNECT)
        self.console_left.emit()

    # --- what the operator wants --------------------------------------------------------------

    def stop(self, source: str) -> None:
        """STOP, at once. Presses that have begun come to nothing."""
        self.requested.emit(Stop(source))
        self.hands.let_go()
        self.sound.stopped()

    def stop_if_gas_may_be_on(self, source: str) -> bool:
        """STOP unless the gas is known to be off; whether it was sent."""
        danger = gas.gas_may_be_on(self.snapshot)
        if danger:
            self.stop(source)
        return danger

    def may_type(self) -> bool:
        """Whether Space may be a letter now."""
        return gas.may_type(self.snapshot)

    def _acknowledge(self) -> None:
        self.own.acknowledge()
        if self.snapshot is not None and "acknowledge" in self.snapshot.controls:
            self.requested.emit(Acknowledge())
        self._alarms()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Gas on: STOP, then ask. Not released: ask. The question covers nothing."""
        lost = bool(self.own.shown) and judge.not_released(self.snapshot)
        if self._may_close:
            event.accept()
            self.closed.emit()
        elif gas.gas_may_be_on(self.snapshot) or lost:
            event.ignore()
            self.stop("window closed")
            self._ask(self.tr("STOP was sent. Close the application as well?"))
        elif judge.not_released(self.snapshot):
            event.ignore()
            self._ask(self.tr("The probe is not recorded as out. Close the application?"))
        else:
            event.accept()
            self.closed.emit()

    def _lock_touch(self, on: bool) -> None:
        if on is not self.hands.locked:
            self.hands.locked = on
            self.keys.show_locked(on)

    def _ask(self, words: str) -> None:
        self._lock_touch(False)  # it was closed on purpose, and is to be answered
        self.question.ask(words, self.tr("Close the application"), self.tr("Stay"))

    def _closing_answered(self, yes: bool) -> None:
        if yes:
            self.close_now()

    def close_now(self) -> None:
        """Closes without a question. With the gas on STOP goes first."""
        self.stop_if_gas_may_be_on("window closed")
        self._may_close = True
        self.close()

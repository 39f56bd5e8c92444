"""The pages in the middle of the window, each loaded and made when it is first needed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from console.model.plan import Plan
from console.model.preset import Preset
from console.model.snapshot import Snapshot
from console.ui.connect import ConnectScreen, PortTile
from console.ui.frame.judge import Page
from console.ui.kit.palette import Look

if TYPE_CHECKING:
    from console.ui.prepare.screen import PrepareScreen
    from console.ui.records.record_source import RecordSource
    from console.ui.records.screen import RecordsScreen
    from console.ui.treatment.check_page import CheckPage
    from console.ui.treatment.session import SessionPage
    from console.ui.treatment.stimulate import HearPatient, StimulatePage
    from console.ui.treatment.time_out import TimeOutPage

Asking = TypeVar(
    "Asking", "PrepareScreen", "CheckPage", "TimeOutPage", "StimulatePage", "SessionPage"
)
MODULES: Final = (
    "console.ui.prepare.screen",
    "console.ui.treatment.check_page",
    "console.ui.treatment.session",
    "console.ui.treatment.stimulate",
    "console.ui.treatment.time_out",
)
"""Of the pages. They load slowly, and the first page needs none of them."""


class Pages(QStackedWidget):
    """`asked` carries a request and is meant to be connected directly: STOP must not wait in a
    queue. `draft_changed`: of the plan on Prepare; `report_wanted`: of the session that has ended;
    `records_left`: back to Connect."""

    asked = Signal(object)
    draft_changed = Signal()
    report_wanted = Signal()
    records_left = Signal()

    def __init__(
        self,
        look: Look,
        clock: Callable[[], datetime],
        *,
        list_ports: Callable[[], Sequence[PortTile]],
        presets: Sequence[Preset],
        demonstration: Plan | None,
        records: "RecordSource | None",
        patient: "HearPatient | None",
        strip: QWidget,
    ) -> None:
        super().__init__()
        self._look, self._clock = look, clock
        self._presets, self._demonstration = tuple(presets), demonstration
        self._source, self._patient, self._strip = records, patient, strip
        self._unmade = iter(Page)
        self.connect_screen = ConnectScreen(list_ports, records=records is not None)
        self.addWidget(self.connect_screen)

    # --- how each is made ---------------------------------------------------------------------

    @cached_property
    def prepare(self) -> "PrepareScreen":  # noqa: D102
        from console.ui.prepare.screen import PrepareScreen  # noqa: PLC0415

        page = PrepareScreen(self._presets, self._demonstration, self._look, visits=self._source)
        page.draft_changed.connect(self.draft_changed)
        page.notice.cover(self._strip, 0.6)  # the page itself has no room that stays free
        return self._joined(page)

    @cached_property
    def check(self) -> "CheckPage":  # noqa: D102
        from console.ui.treatment.check_page import CheckPage  # noqa: PLC0415

        return self._joined(CheckPage(self._look))

    @cached_property
    def time_out(self) -> "TimeOutPage":  # noqa: D102
        from console.ui.treatment.time_out import TimeOutPage  # noqa: PLC0415

        return self._joined(TimeOutPage(self._look))

    @cached_property
    def stimulate(self) -> "StimulatePage":  # noqa: D102
        from console.ui.treatment.stimulate import StimulatePage  # noqa: PLC0415

        return self._joined(StimulatePage(self._look, self._clock, self._patient))

    @cached_property
    def session(self) -> "SessionPage":  # noqa: D102
        from console.ui.treatment.session import SessionPage  # noqa: PLC0415

        page = SessionPage(self._look, self._clock, reports=self._source is not None)
        page.report_wanted.connect(self.report_wanted)
        return self._joined(page)

    @cached_property
    def records(self) -> "RecordsScreen":
        """Where the window was given a source of records."""
        from console.ui.records.screen import RecordsScreen  # noqa: PLC0415

        assert self._source is not None
        page = RecordsScreen(self._source, self._look, self._clock)
        page.left.connect(self.records_left)
        self.addWidget(page)
        return page

    def _joined(self, page: Asking) -> Asking:
        page.asked.connect(self.asked)
        self.addWidget(page)
        return page

    def is_made(self, page: Page) -> bool:
        """Whether it is there already."""
        return page.name.lower() in self.__dict__

    def at(
        self, page: Page
    ) -> "ConnectScreen | PrepareScreen | CheckPage | TimeOutPage | StimulatePage | SessionPage":
        """That page, made now if it is not there."""
        match page:
            case Page.CONNECT:
                return self.connect_screen
            case Page.PREPARE:
                return self.prepare
            case Page.CHECK:
                return self.check
            case Page.TIME_OUT:
                return self.time_out
            case Page.STIMULATE:
                return self.stimulate
            case Page.SESSION:
                return self.session

    def make_next(self) -> bool:
        """Makes one more of the pages that a session will need: to make them all would hold the
        main thread. False when all are there."""
        page = next(self._unmade, None)
        if page is not None:
            self.at(page)
        return page is not None

    # --- what they show -----------------------------------------------------------------------

    def apply(self, page: Page, snapshot: Snapshot) -> None:
        """Lets `page` show what is so now."""
        shown = self.at(page)
        if not isinstance(shown, ConnectScreen):
            shown.apply(snapshot)
        if page is not Page.SESSION and self.is_made(Page.SESSION):
            self.session.apply(snapshot)  # its plot leaves no sample out

    def turn_to(self, page: Page) -> None:
        """Shows `page`."""
        widget = self.at(page)
        if self.currentWidget() is not widget:
            held = QApplication.focusWidget()
            if held is not None and self.isAncestorOf(held):
                held.clearFocus()
            self.setCurrentWidget(widget)
            if self.is_made(Page.PREPARE):
                self.prepare.notice.clear()
            if page is Page.PREPARE:
                self.prepare.begin()
        self.take_keys()

    def take_keys(self) -> None:
        """Where nothing has the keys, what says where the session stands gets them: Tab goes on
        from there, and Enter presses nothing."""
        page = self.currentWidget()
        if page is not None and QApplication.focusWidget() is None and self.isActiveWindow():
            line: QWidget = getattr(page, "phase_line", page)
            (page if line.isHidden() else line).setFocus(Qt.FocusReason.OtherFocusReason)

    def turn_to_records(self) -> None:
        """Shows the records."""
        self.setCurrentWidget(self.records)

    def refuse(self, page: Page, reason: str) -> None:
        """Says on `page` why a request was refused."""
        shown = self.at(page)
        if not isinstance(shown, ConnectScreen):
            shown.notice.tell(reason)

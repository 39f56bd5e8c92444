# ruff: noqa: N802, B008 - Qt names what it calls, and declares it so
"""Records: the sessions of this computer, found by their words, and the report of one as pages; or
the key numbers of their freezes over time, per console and probe.

It is reached from Connect alone, where no session is open. The store may be slow: it is asked apart
from the screen, and an answer that is no longer wanted is dropped.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.model.mapping import MappingVisit
from console.model.trend import FreezeNumbers
from console.ui.kit.apart import Apart
from console.ui.kit.buttons import EnterButton, PressButton
from console.ui.kit.language import spoken
from console.ui.kit.parts import card, label, say
from console.ui.kit.theme import DARK, GAP, Palette
from console.ui.kit.words import side_word
from console.ui.records.follow_up_form import FollowUpForm
from console.ui.records.mapping_form import MappingForm
from console.ui.records.record_source import RecordSource, RecordsUnreadableError, SessionLine
from console.ui.records.report_card import ReportCard
from console.ui.records.trend_numbers import Thing
from console.ui.records.trends import TrendChoice, TrendPlots

SEARCH_AFTER_MS: Final = 250
LIST_WIDTH: Final = 420
_Index = QModelIndex | QPersistentModelIndex
_TEXT: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


class _Lines(QAbstractListModel):
    """The lines of the list."""

    def __init__(self, words: Callable[[SessionLine], str]) -> None:
        super().__init__()
        self._words = words
        self.lines: Sequence[SessionLine] = ()

    def take(self, lines: Sequence[SessionLine]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        return self._words(self.lines[index.row()]) if role in _TEXT else None


class RecordsScreen(QWidget):
    """List and search at the left, the report of the chosen session at the right; or consoles and
    probes, and the trends of the chosen one. `left`: back."""

    left = Signal()

    def __init__(
        self,
        source: RecordSource,
        look: Palette = DARK,
        clock: Callable[[], datetime] = datetime.now,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._source = source
        self._wish = ""
        self._reading = Apart(RecordsUnreadableError, self)
        self._saving = Apart(RecordsUnreadableError, self)
        self._trending = Apart(RecordsUnreadableError, self)
        self._trending.told.connect(self._tell_share)
        self.report = ReportCard()
        self.report.save_wanted.connect(self._save)
        self.report.follow_up_wanted.connect(self._begin_follow_up)
        self.follow_up = FollowUpForm()
        self.follow_up.saved.connect(self._add_follow_up)
        self.follow_up.left.connect(self._back_to_report)
        self.choice = TrendChoice()
        self.choice.chosen.connect(self._choose_thing)
        self.trends = TrendPlots(look)
        self.trends.opened.connect(self.open)
        self._left = QStackedWidget()
        self._left.addWidget(self._find_page())
        self._left.addWidget(self.choice)
        self._right = QStackedWidget()
        self._right.addWidget(self.report)
        self._right.addWidget(self.trends)
        self._right.addWidget(self.follow_up)
        self._right.addWidget(self._mapping_card())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self._left_card())
        row.addWidget(self._right, 1)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SEARCH_AFTER_MS)
        self._later.timeout.connect(self._look)

    def _left_card(self) -> QWidget:
        frame, column = card(spacing=GAP, margin=18)
        column.addWidget(label(self.tr("Records"), "headline"))
        self.to_reports = EnterButton(self.tr("Reports"))
        self.to_trends = EnterButton(self.tr("Trends"))
        self._modes = QButtonGroup(self)
        modes = QHBoxLayout()
        modes.setSpacing(GAP)
        for number, button in enumerate((self.to_reports, self.to_trends)):
            button.setCheckable(True)
            self._modes.addButton(button, number)
            modes.addWidget(button, 1)
        self.to_reports.setChecked(True)
        self._modes.idToggled.connect(self._turn)
        column.addLayout(modes)
        column.addWidget(self._left, 1)
        self.back = PressButton(self.tr("Back"), self.tr("choose a console"))
        self.back.clicked.connect(self._go)
        column.addWidget(self.back)
        frame.setFixedWidth(LIST_WIDTH)
        return frame

    def _find_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setPlaceholderText(self.tr("Case, nerve, day, alarm …"))
        self.search.textChanged.connect(lambda _: self._later.start())
        self.search.returnPressed.connect(self._look)
        column.addWidget(self.search)
        self._lines = _Lines(self._words)
        self.list = QListView()
        self.list.setObjectName("sessions")
        self.list.setAccessibleName(self.tr("Sessions, newest first"))
        self.list.setModel(self._lines)
        self.list.setWordWrap(True)
        self.list.setSpacing(4)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._choose)
        column.addWidget(self.list, 1)
        self.found = label("", "small", wrap=True)
        column.addWidget(self.found)
        self.new_mapping = PressButton(self.tr("New mapping visit"), least=56)
        self.new_mapping.clicked.connect(self._begin_mapping)
        column.addWidget(self.new_mapping)
        return page

    def showEvent(self, event: QShowEvent) -> None:
        """Reads what it shows anew."""
        super().showEvent(event)
        self.search.setFocus()
        self._look()
        if self.to_trends.isChecked():
            self._look_at_trends()

    def _go(self) -> None:
        for each in (self._reading, self._trending):
            each.drop()
        self.left.emit()

    def _turn(self, page: int, chosen: bool) -> None:
        if chosen:
            self._left.setCurrentIndex(page)
            self._right.setCurrentIndex(page)
            if page == self._modes.id(self.to_trends):
                self._look_at_trends()

    # --- reports ------------------------------------------------------------------------------

    def _look(self) -> None:
        self._later.stop()
        search = self.search.text()
        say(self.found, self.tr("Looking …"))
        self.report.empty(self.tr("Choose a session."))
        self._reading.ask(lambda _: self._source.listed(search), self._take_list)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            if self.to_reports.isChecked():
                self._back_to_report()
            self._read(self._lines.lines[index.row()].id)

    def _read(self, session: str) -> None:
        self._tell_opening(session)

        def take(found: bytes | RecordsUnreadableError) -> None:
            if isinstance(found, RecordsUnreadableError):
                self.report.empty(str(found))
            else:
                self.report.take(session, found)

        self._reading.ask(lambda _: self._source.report(session), take)

    def _tell_opening(self, session: str) -> None:
        self.report.empty(self.tr("Opening the report of {session} …").format(session=session))

    def _take_list(self, found: Sequence[SessionLine] | RecordsUnreadableError) -> None:
        wish, self._wish = self._wish, ""
        if isinstance(found, RecordsUnreadableError):
            say(self.found, "")
            self.report.empty(str(found))
            return
        self._lines.take(found)
        say(self.found, self._count(len(found)))
        if wish and not self._select(wish):
            self._read(wish)

    def _count(self, count: int) -> str:
        if count == 0:
            if self.search.text().strip():
                return self.tr("No session has all of these words.")
            return self.tr("No session is recorded on this computer yet.")
        return (
            self.tr("1 session") if count == 1 else self.tr("{count} sessions").format(count=count)
        )

    def _select(self, session: str) -> bool:
        for row, line in enumerate(self._lines.lines):
            if line.id == session:
                self.list.setCurrentIndex(self._lines.index(row, 0))
                return True
        return False

    def open(self, session: str) -> None:
        """The report of a session: in the list of all, so that its line is seen too."""
        self.to_reports.setChecked(True)
        self._wish = session
        self.search.setText("")
        self._look()
        self._tell_opening(session)

    def _save(self, session: str, path: Path) -> None:
        def take(found: RecordsUnreadableError | None) -> None:
            if found is None:
                self.report.tell(self.tr("Saved: {path}").format(path=path))
            else:
                self.report.tell(self.tr("Not saved. {why}").format(why=found))

        self._saving.ask(lambda _: self._source.save_report(session, path), take)

    # --- visits -------------------------------------------------------------------------------

    def _mapping_card(self) -> QWidget:
        frame, column = card(spacing=GAP, margin=18)
        self.mapping = MappingForm()
        self.mapping.saved.connect(self._save_mapping)
        self.mapping.left.connect(self._back_to_report)
        column.addWidget(self.mapping)
        self._mapping_frame = frame
        return frame

    def _back_to_report(self) -> None:
        self._right.setCurrentWidget(self.report)

    def _begin_mapping(self) -> None:
        self.mapping.begin()
        self._right.setCurrentWidget(self._mapping_frame)
        self.mapping.nerve.setFocus()

    def _save_mapping(self, visit: MappingVisit, case: str, operator: str) -> None:
        def take(found: str | RecordsUnreadableError) -> None:
            if isinstance(found, RecordsUnreadableError):
                self.mapping.tell(self.tr("Not saved. {why}").format(why=found))
            else:
                self._right.setCurrentWidget(self.report)
                self.open(found)

        self.mapping.tell(self.tr("Saving …"))
        self._saving.ask(lambda _: self._source.save_mapping(visit, case, operator), take)

    def _begin_follow_up(self, session: str) -> None:
        line = next((each for each in self._lines.lines if each.id == session), None)
        self.follow_up.begin(session, line.started if line is not None else None, self._clock())
        self._right.setCurrentWidget(self.follow_up)

    def _add_follow_up(self, session: str, who: str, text: str) -> None:
        def take(found: RecordsUnreadableError | None) -> None:
            if found is not None:
                self.follow_up.tell(self.tr("Not added. {why}").format(why=found))
            else:
                self._right.setCurrentWidget(self.report)
                self.open(session)

        self.follow_up.tell(self.tr("Saving …"))
        self._saving.ask(lambda _: self._source.follow_up(session, who, text), take)

    # --- trends -------------------------------------------------------------------------------

    def _look_at_trends(self) -> None:
        self._tell_share(0.0)
        self._trending.ask(self._source.trends, self._take_trends)

    def _tell_share(self, share: float) -> None:
        words = self.tr("Reading the journals … {percent} %")
        self.trends.empty(words.format(percent=round(share * 100)))

    def _take_trends(self, found: Sequence[FreezeNumbers] | RecordsUnreadableError) -> None:
        if isinstance(found, RecordsUnreadableError):
            self.choice.take(())
            self.trends.empty(str(found))
        else:
            self.choice.take(found)

    def _choose_thing(self, thing: Thing | None) -> None:
        if thing is not None:
            self.trends.apply(thing)
        elif self.choice.left_out:
            self.trends.empty(self.tr("All freezes on this computer are SIMULATED: left out."))
        else:
            self.trends.empty(
                self.tr("No freeze is recorded on this computer yet: there is nothing to compare.")
            )

    def _words(self, line: SessionLine) -> str:
        when = _when(line)
        case = self.tr("case {case}").format(case=line.case or "---")
        sites = ", ".join(f"{side_word(side)} {nerve}" for side, nerve in line.sites)
        notes = [spoken(line.outcome)]
        if line.simulated:
            notes.append(self.tr("SIMULATED"))
        if line.amendments:
            notes.append(self.tr("amended"))
        return f"{when}  ·  {case}\n{sites or self.tr('no plan')}\n{' · '.join(notes)}"


def _when(line: SessionLine) -> str:
    """Day and time where the session was begun; its zone with it where this computer has another
    then."""
    when = (line.started or line.id)[:16].replace("T", "  ")
    try:
        began = datetime.fromisoformat(line.started or "")
    except ValueError:
        return when
    elsewhere = began.utcoffset() not in (None, began.astimezone().utcoffset())
    return f"{when} {began:%z}" if elsewhere else when

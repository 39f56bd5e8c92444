# ruff: noqa: N802, B008 - Qt names what it calls, and declares it so
"""Records: the sessions of this computer, found by their words, and the report of one as pages.

It is reached from Connect alone, where no session is open. The store may be slow: it is asked apart
from the screen, and an answer that is no longer wanted is dropped.
"""

import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QBuffer,
    QByteArray,
    QIODevice,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QShowEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QListView, QWidget

from console.ui.buttons import PressButton
from console.ui.parts import card, label, say, show
from console.ui.theme import GAP

SEARCH_AFTER_MS: Final = 250
LIST_WIDTH: Final = 420
_Index = QModelIndex | QPersistentModelIndex
_TEXT: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


@dataclass(frozen=True)
class SessionLine:
    """A session of the list. `started`: ISO 8601, local, None when it is not known."""

    id: str
    started: str | None
    case: str
    nerves: Sequence[str]
    outcome: str
    simulated: bool
    amendments: int = 0


class RecordsUnreadableError(Exception):
    """The store or a session cannot be read; one line that says why."""


class RecordSource(Protocol):
    """The store, as this screen needs it. Called apart from the main thread; either may raise
    RecordsUnreadableError."""

    def listed(self, search: str) -> Sequence[SessionLine]:
        """The sessions in which every word of `search` occurs, newest first."""

    def report(self, session: str) -> bytes:
        """The report of a session, a PDF."""


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
    """List and search at the left, the report of the chosen session at the right. `left`: back."""

    left = Signal()
    _answered = Signal(object)

    def __init__(self, source: RecordSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._wanted = 0
        self._bytes = QBuffer()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self._list_card())
        row.addWidget(self._report_card(), 1)
        self._answered.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SEARCH_AFTER_MS)
        self._later.timeout.connect(self._look)

    def _list_card(self) -> QWidget:
        frame, column = card(spacing=GAP, margin=18)
        column.addWidget(label(self.tr("Records"), "headline"))
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
        self.back = PressButton(self.tr("Back"), self.tr("choose a console"))
        self.back.clicked.connect(self.left)
        column.addWidget(self.back)
        frame.setFixedWidth(LIST_WIDTH)
        return frame

    def _report_card(self) -> QWidget:
        frame, column = card(spacing=GAP, margin=18)
        self.state = label("", "name", wrap=True)
        column.addWidget(self.state)
        self.document = QPdfDocument(self)
        self.pages = QPdfView(self)
        self.pages.setAccessibleName(self.tr("Report of the chosen session"))
        self.pages.setDocument(self.document)
        self.pages.setPageMode(QPdfView.PageMode.MultiPage)
        self.pages.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        column.addWidget(self.pages, 1)
        return frame

    def showEvent(self, event: QShowEvent) -> None:
        """Reads the list anew."""
        super().showEvent(event)
        self.search.setFocus()
        self._look()

    def _look(self) -> None:
        self._later.stop()
        search = self.search.text()
        say(self.found, self.tr("Looking …"))
        self._empty(self.tr("Choose a session."))
        self._ask(lambda: self._source.listed(search))

    def _choose(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        chosen = self._lines.lines[index.row()].id
        self._empty(self.tr("Opening the report of {session} …").format(session=chosen))
        self._ask(lambda: self._source.report(chosen))

    def _empty(self, words: str) -> None:
        self.document.close()
        show(self.pages, False)
        show(self.state, True)
        say(self.state, words)

    def _ask(self, work: Callable[[], Sequence[SessionLine] | bytes]) -> None:
        self._wanted += 1
        number = self._wanted

        def run() -> None:
            try:
                found: object = work()
            except RecordsUnreadableError as error:
                found = str(error)
            with contextlib.suppress(RuntimeError):  # the window is gone
                self._answered.emit((number, found))

        threading.Thread(target=run, name="records", daemon=True).start()

    def _take(self, answer: tuple[int, Sequence[SessionLine] | bytes | str]) -> None:
        number, found = answer
        if number != self._wanted:
            return
        if isinstance(found, str):
            say(self.found, "")
            self._empty(found)
        elif isinstance(found, bytes):
            self._show_report(found)
        else:
            self._lines.take(found)
            say(self.found, self._count(len(found)))

    def _count(self, count: int) -> str:
        if count == 0:
            return self.tr("No session has all of these words.")
        return self.tr("{count} sessions").format(count=count)

    def _show_report(self, pdf: bytes) -> None:
        self._bytes.close()
        self._bytes.setData(QByteArray(pdf))
        self._bytes.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._bytes)
        show(self.state, False)
        show(self.pages, True)

    def _words(self, line: SessionLine) -> str:
        when = (line.started or line.id)[:16].replace("T", "  ")
        case = self.tr("case {case}").format(case=line.case or "---")
        nerves = ", ".join(line.nerves) or self.tr("no plan")
        notes = [line.outcome]
        if line.simulated:
            notes.append(self.tr("SIMULATED"))
        if line.amendments:
            notes.append(self.tr("amended"))
        return f"{when}  ·  {case}\n{nerves}\n{' · '.join(notes)}"

# ruff: noqa: N802, B008 - Qt names what it calls, and declares it so
"""The alarm history: every alarm of this computer, newest first. It stands in the place of the
steps, so that it covers neither a reading nor STOP."""

from collections import deque
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QVBoxLayout, QWidget

from console.model.alarm import AlarmEntry, AlarmTurn
from console.ui.frame.top_bar import SIDE_WIDTH
from console.ui.kit.parts import card, label

SHOWN: Final = 2_000
SIGNS: Final = {"high": "!!!", "medium": "!!", "low": "!"}
_Index = QModelIndex | QPersistentModelIndex
_TEXT: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


class _Entries(QAbstractListModel):
    """The entries, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: deque[AlarmEntry] = deque(maxlen=SHOWN)

    def add(self, entries: Iterable[AlarmEntry]) -> None:
        newest = self.entries[0].number if self.entries else 0
        fresh = [entry for entry in entries if entry.number > newest]
        if fresh:
            self.beginResetModel()
            self.entries.extendleft(fresh)
            self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        return in_words(self.entries[index.row()]) if role in _TEXT else None


class AlarmHistory(QFrame):
    """Takes the place of the steps while it is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame, column = card(spacing=6, margin=12)
        column.addWidget(label(self.tr("Alarm history"), "name"))
        self.none = label(self.tr("No alarms yet"), "small", wrap=True)
        column.addWidget(self.none)
        self._model = _Entries()
        self.list = QListView()
        self.list.setObjectName("history")
        self.list.setAccessibleName(self.tr("Alarm history, newest first"))
        self.list.setModel(self._model)
        self.list.setWordWrap(True)
        self.list.setSpacing(4)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.list, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.setFixedWidth(SIDE_WIDTH)

    def add(self, entries: Iterable[AlarmEntry]) -> None:
        """Takes in entries; those it has already are left out."""
        self._model.add(entries)
        self.none.setVisible(not self._model.entries)

    def entries(self) -> list[AlarmEntry]:
        """What is shown, newest first."""
        return list(self._model.entries)


def in_words(entry: AlarmEntry) -> str:
    """An entry as it is shown."""
    alarm = entry.alarm
    times = f" ×{alarm.count}" if alarm.count > 1 else ""
    turn = {
        AlarmTurn.RAISED: _tr("raised"),
        AlarmTurn.CLEARED: _tr("over"),
        AlarmTurn.ACKNOWLEDGED: _tr("acknowledged"),
        AlarmTurn.RELEASED: _tr("released by an engineer"),
    }[entry.turn]
    day, time = entry.wall[:10], entry.wall[11:19]
    words = f"\n{entry.words}" if entry.words else ""
    return f"{time} {SIGNS[alarm.priority.value]} {turn}\n{alarm.happened}{times}{words}\n{day}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("alarm_history", text)

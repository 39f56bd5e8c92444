"""What was done: a line a freeze, each with its site, and where the record is."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from console.model.cycle import CycleRecord, keys
from console.model.plan import Plan
from console.model.quantities import minutes, number
from console.model.snapshot import Snapshot
from console.ui.kit.language import spoken
from console.ui.kit.parts import label, say
from console.ui.kit.words import freeze_word, site_name

_WORDS: Final = 4
"""Columns of words; those after them are numbers."""


class Summary(QWidget):
    """The freezes of a session in a table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(4)
        self._shown: tuple[CycleRecord, ...] | None = None
        self._cells: list[QLabel] = []
        self.total = label("", "name", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._grid)
        column.addWidget(self.total)

    def apply(self, snapshot: Snapshot) -> None:
        """Shows the records of a snapshot."""
        view = snapshot.procedure
        if view.records != self._shown:
            self._shown = view.records
            self._fill(view.records, view.plan)
        device = snapshot.link.device
        gas = device.gas.label if device is not None else self.tr("gas")
        text = self.tr("{gas} released: {litres} L ({grams} g).").format(
            gas=gas,
            litres=number(snapshot.gas.released_l, 0),
            grams=number(snapshot.gas.released_g, 0),
        )
        if device is not None and device.simulated:
            text += " " + self.tr("SIMULATED: no patient was treated.")
        say(self.total, text)

    def _fill(self, records: tuple[CycleRecord, ...], plan: Plan | None) -> None:
        for cell in self._cells:
            self._grid.removeWidget(cell)
            cell.deleteLater()
        self._cells = []
        head = (
            self.tr("Site"),
            self.tr("Place"),
            self.tr("Freeze"),
            self.tr("Outcome"),
            self.tr("Ran"),
            self.tr("Lowest tip"),
            self.tr("To target"),
            self.tr("At target"),
            self.tr("Gas"),
        )
        self._line(0, head, "small")
        for row, (key, record) in enumerate(zip(keys(records), records, strict=True), 1):
            ended = record.ended_ms
            ran = (ended - record.started_ms) / 1_000 if ended is not None else None
            words = (
                site_name(plan.sites[key.site]) if plan is not None else str(key.site + 1),
                str(key.placement),
                freeze_word(key),
                spoken(record.state.value),
                minutes(ran),
                f"{number(record.lowest_tip_celsius)} °C",
                f"{number(record.time_to_target_s, 0)} s",
                minutes(record.time_at_target_s),
                f"{number(record.gas_g, 0)} g",
            )
            self._line(row, words, "name")

    def _line(self, row: int, words: tuple[str, ...], role: str) -> None:
        for index, text in enumerate(words):
            cell = label(text, role)
            side = Qt.AlignmentFlag.AlignLeft if index < _WORDS else Qt.AlignmentFlag.AlignRight
            self._grid.addWidget(cell, row, index, side)
            self._cells.append(cell)

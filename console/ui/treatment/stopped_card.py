"""Freeze stopped, in facts: is the gas off; the tip; what the freeze was. What to do now stands in
the phase line alone."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from console.model.cycle import keys
from console.model.quantities import litres_per_minute, minutes, number
from console.model.snapshot import LinkState, Snapshot
from console.ui.kit.parts import card, label, say, show
from console.ui.kit.theme import GAP
from console.ui.kit.words import (
    freeze_word,
    waited_words,
    why_unknown,
)

_FLOW_ZERO = 0.25
"""L/min under which a flow meter reads nothing."""


class StoppedCard(QFrame):
    """The cause, then the lines in the order in which they matter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame, column = card(spacing=6, margin=18)
        self.cause = label("", "title", wrap=True)
        column.addWidget(self.cause)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self.lines = tuple(label("", "line", wrap=True) for _ in range(3))
        for index, line in enumerate(self.lines):
            grid.addWidget(label(str(index + 1), "line"), index, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(line, index, 1)
        column.addLayout(grid)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def apply(self, snapshot: Snapshot) -> None:
        """Shows a snapshot of the Freeze stopped phase."""
        say(self.cause, snapshot.procedure.stop_reason)
        show(self.cause, bool(snapshot.procedure.stop_reason))
        texts = (
            self._gas(snapshot),
            self._tip(snapshot),
            self._freeze(snapshot),
        )
        for line, text in zip(self.lines, texts, strict=True):
            say(line, text)

    def _gas(self, snapshot: Snapshot) -> str:
        off = snapshot.procedure.gas_confirmed_off
        if not off:
            why = self.tr(" (no link)") if off is None else ""
            return self.tr("Gas: NOT confirmed off{why}.").format(why=why)
        seen = snapshot.observation
        flow = litres_per_minute(seen.flow_mg_s) if seen is not None else None
        if flow is None:
            return self.tr("Gas: confirmed off (flow unknown).")
        if flow < _FLOW_ZERO:
            return self.tr("Gas: confirmed off (flow 0).")
        return self.tr("Gas: confirmed off (flow falling, {flow} L/min).").format(flow=number(flow))

    def _tip(self, snapshot: Snapshot) -> str:
        seen, view = snapshot.observation, snapshot.procedure
        thawing = self.tr("thawing {time}").format(time=minutes(view.gas_off_s))
        if seen is None or seen.tip_celsius is None or snapshot.stale:
            why = why_unknown(seen.tip_quality) if seen is not None else self.tr("no reading")
            if snapshot.link.state is not LinkState.OPEN:
                why = self.tr("no link")
            waited = waited_words(view) or thawing
            return self.tr("Tip unknown ({why}), {waited}.").format(why=why, waited=waited)
        tip = number(seen.tip_celsius, 0)
        return self.tr("Tip {tip} °C, {thawing}.").format(tip=tip, thawing=thawing)

    def _freeze(self, snapshot: Snapshot) -> str:
        records = snapshot.procedure.records
        if not records or records[-1].ended_ms is None:
            return self.tr("How long the freeze ran is not known.")
        record = records[-1]
        ended = record.ended_ms
        assert ended is not None
        text = self.tr("Freeze {number} ran {ran} of {planned}").format(
            number=freeze_word(keys(records)[-1]),
            ran=minutes((ended - record.started_ms) / 1_000),
            planned=minutes(record.planned_freeze_s + record.extended_s),
        )
        if snapshot.estimate is None:
            return self.tr("{text}.").format(text=text)
        below = minutes(snapshot.estimate.nerve_below_s.value)
        return self.tr("{text}, nerve below −20 °C about {below} in all here (estimate).").format(
            text=text, below=below
        )

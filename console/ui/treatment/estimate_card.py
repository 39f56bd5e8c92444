"""What the tissue model makes of the tip: lighter than anything measured, and called a model."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.model.estimate import Estimate
from console.model.quantities import UNKNOWN, minutes
from console.model.snapshot import Snapshot
from console.ui.kit.parts import card, label, say
from console.ui.kit.theme import DARK, Palette
from console.ui.kit.words import banded
from console.ui.treatment.cross_section import CrossSection


class EstimateCard(QFrame):
    """Ice edge across, -20 °C from the probe's surface, the nerve's time below it at this place,
    and the cross-section."""

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame, column = card(spacing=1)
        self.title = label(self.tr("Ice ball, model, not measured"), "small", wrap=True)
        column.addWidget(self.title)
        column.addSpacing(2)
        self.edge = self._row(column, self.tr("Ice edge, across"))
        self.reach = self._row(column, self.tr("−20 °C, from the probe"))
        self.nerve = self._row(column, self.tr("Nerve below −20 °C"))
        column.addSpacing(6)
        self.picture = CrossSection(look)
        column.addWidget(self.picture, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def _row(self, column: QVBoxLayout, caption: str) -> QLabel:
        row = QHBoxLayout()
        row.setSpacing(8)
        value = label("", "model")
        row.addWidget(label(caption, "small", wrap=True), 1)
        row.addWidget(value)
        column.addLayout(row)
        return value

    def apply(self, snapshot: Snapshot) -> None:
        """Shows the estimate of a snapshot, "---" where there is none."""
        estimate = snapshot.estimate
        say(self.edge, self._edge(estimate))
        say(self.reach, self._reach(estimate))
        say(self.nerve, self._nerve(estimate))
        device = snapshot.link.device
        self.picture.apply(estimate, device.probe if device is not None else None)

    def _edge(self, estimate: Estimate | None) -> str:
        if estimate is None:
            return UNKNOWN
        if estimate.ice_edge_mm.high < 0.5:
            return self.tr("none")
        return banded(estimate.ice_edge_mm, 0, "mm")

    def _reach(self, estimate: Estimate | None) -> str:
        if estimate is None:
            return UNKNOWN
        if estimate.minus20_reach_mm.high < 0.05:
            return self.tr("none")
        return banded(estimate.minus20_reach_mm, 1, "mm")

    def _nerve(self, estimate: Estimate | None) -> str:
        if estimate is None:
            return UNKNOWN
        below = estimate.nerve_below_s
        if below.high < 0.5:
            return minutes(0.0)
        return f"{minutes(below.value)} ({minutes(below.low)}–{minutes(below.high)})"

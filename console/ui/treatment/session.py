# ruff: noqa: N802 - Qt names what it calls
"""The page from the first freeze to the end: phase line, plot or card, timeline, actions, and the
readings at the right. What the middle shows is a row of a table for each phase."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.model.snapshot import Phase, Snapshot
from console.ui.kit.blocks import session_blocks
from console.ui.kit.cycle_timeline import CycleTimeline
from console.ui.kit.notice import Notice
from console.ui.kit.parts import card, show
from console.ui.kit.theme import DARK, GUTTER, Palette
from console.ui.plot.session_plot import SessionPlot
from console.ui.prepare.contents_card import ContentsCard
from console.ui.treatment.action_row import ActionRow
from console.ui.treatment.phase_line import PhaseLine
from console.ui.treatment.readings import Readings, wide
from console.ui.treatment.release_card import ReleaseCard
from console.ui.treatment.stopped_card import StoppedCard

_STOPPED: Final = frozenset({Phase.STOPPED})
_RELEASE: Final = frozenset({Phase.RELEASING, Phase.FREE, Phase.OUT})
_ROOMY: Final = 560
_NO_PLOT: Final = frozenset({Phase.OUT})


class SessionPage(QWidget):
    """Freeze, Freeze stopped and Release. `asked` carries a request; `report_wanted`: see
    ReleaseCard."""

    asked = Signal(object)
    report_wanted = Signal()

    def __init__(
        self,
        look: Palette = DARK,
        clock: Callable[[], datetime] = datetime.now,
        parent: QWidget | None = None,
        *,
        reports: bool = False,
    ) -> None:
        super().__init__(parent)
        self.phase_line = PhaseLine()
        self.plot = SessionPlot(look)
        self.stopped = StoppedCard()
        self.release = ReleaseCard(reports=reports)
        self.release.report_wanted.connect(self.report_wanted)
        self.timeline = CycleTimeline(look)
        self.notice = Notice()
        self.action_row = ActionRow(look, two_rows=True)
        self.action_row.asked.connect(self._asked)
        self.action_row.turned.connect(self._share_again)
        self.contents = ContentsCard()
        self.contents.asked.connect(self._asked)
        self.contents.turned.connect(self._share_again)
        self.action_row.contents_wanted.connect(self.contents.open_pad)
        self.readings = Readings(look, clock)
        frame, inside = card()
        self._timeline_card = frame
        self._phase: Phase | None = None
        self._of_one_site = True  # what the timeline shows is all there is
        inside.setContentsMargins(12, 6, 12, 6)
        inside.addWidget(self.timeline)
        self._beside = False
        middle = QVBoxLayout()
        middle.setSpacing(GUTTER)
        middle.addWidget(self.phase_line)
        middle.addWidget(self.contents, 1)
        middle.addWidget(self.stopped)
        middle.addWidget(self.release)
        middle.addWidget(self.plot, 1)
        middle.addWidget(frame)
        middle.addStretch(0)
        middle.addWidget(self.notice)
        middle.addWidget(self.action_row)
        self._middle = middle
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addLayout(middle, 1)
        row.addWidget(self.readings)

    def _asked(self, request: object) -> None:
        self.notice.clear()
        self.asked.emit(request)

    def apply(self, snapshot: Snapshot) -> None:
        """Shows a snapshot. The plot takes in samples in every phase."""
        view = snapshot.procedure
        self.plot.apply(snapshot)
        self._phase = view.phase
        if view.phase in (Phase.PREPARE, Phase.CHECK, Phase.TIME_OUT, Phase.STIMULATE):
            return
        self.phase_line.apply(view, snapshot.stale)
        control = snapshot.controls.get("enter_contents")
        if control is None or control.blocked is not None:
            self.contents.close_pad()
        show(self.stopped, view.phase in _STOPPED)
        show(self.release, view.phase in _RELEASE and self.contents.isHidden())
        if view.phase in _STOPPED:
            self.stopped.apply(snapshot)
        if view.phase in _RELEASE:
            self.release.apply(snapshot)
        self.timeline.apply(session_blocks(view))
        self.action_row.apply(snapshot)
        sites = len(view.plan.sites) if view.plan is not None else 1
        self._of_one_site = view.phase is not Phase.OUT or sites == 1
        self._share(view.phase)
        show(self.readings, view.phase not in _NO_PLOT)
        self.readings.apply(snapshot)

    def _share(self, phase: Phase) -> None:
        """Words come first. Under a card the plot stands without its tabs, and where that has no
        room it takes the estimate's place beside it: a card after a stop says the estimate too."""
        panel = self.stopped if phase in _STOPPED else self.release if phase in _RELEASE else None
        entering = not self.contents.isHidden()
        plot, timeline = phase not in _NO_PLOT and not entering, not entering and self._of_one_site
        show(self.action_row, not entering)
        plot, timeline, beside = phase not in _NO_PLOT and not entering, not entering, False
        self.plot.show_plain(panel is not None)
        if not entering and (panel is not None or not self.action_row.is_main):
            across = self._middle.geometry().width()
            words = (self.phase_line, panel, self.notice, self.action_row)
            taken = [
                _height(one, across) for one in words if one is not None and not one.isHidden()
            ]
            room = self.height() - sum(taken) - (len(taken) - 1) * GUTTER
            room -= _height(self.plot, across) + GUTTER if plot else 0
            beside = phase in _STOPPED and room < 0
            plot = plot and (beside or room >= 0)
            timeline = room >= _height(self._timeline_card, across) + GUTTER
        timeline = timeline and not (phase in _NO_PLOT and self.height() < _ROOMY)
        self._lend_plot(beside)
        show(self.plot, plot)
        show(self._timeline_card, timeline)
        if panel is not None:
            self._middle.setStretchFactor(panel, 0 if plot and not beside else 1)

    def _lend_plot(self, beside: bool) -> None:
        if beside is not self._beside:
            self._beside = beside
            if not beside:
                self._middle.insertWidget(self._middle.indexOf(self._timeline_card), self.plot, 1)
            self.readings.lend_place(self.plot if beside else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shares the new room."""
        super().resizeEvent(event)
        self.readings.setFixedWidth(wide(event.size().width()))
        self._share_again()

    def _share_again(self) -> None:
        if self._phase is not None:
            self._share(self._phase)


def _height(widget: QWidget, wide: int) -> int:
    high = widget.minimumSizeHint().height()
    if widget.hasHeightForWidth():
        high = max(high, widget.heightForWidth(wide))
    return max(high, widget.minimumHeight())

# ruff: noqa: N802 - Qt names what it calls
"""The right column: tip and time as equals, gas, and the estimate."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.model.instruction import WAIT_S
from console.model.plan import Cycle, Timing
from console.model.quantities import minutes, number
from console.model.snapshot import LinkState, Phase, ProcedureView, Snapshot
from console.ui.kit.parts import card, label, say, show
from console.ui.kit.theme import DARK, GUTTER, Palette
from console.ui.kit.words import waited_words, why_unknown
from console.ui.treatment.big_number import BigNumber
from console.ui.treatment.estimate_card import EstimateCard
from console.ui.treatment.gas_card import GasCard

WIDTH: Final = 368
"""At the smallest window. In a wider one it has the same share."""
SHARE: Final = 0.355
_PICTURE_FROM: Final = 560
"""Where this column is lower, the cross-section leaves its room to the digits."""


def wide(page: int) -> int:
    """How wide this column is on a page of that width, in pixels."""
    return max(WIDTH, round(page * SHARE))


class NumberCard(QFrame):
    """A giant number with a caption at its left and a remark at its right."""

    def __init__(self, widest: str, unit: str, look: Palette) -> None:
        super().__init__()
        frame, column = card(spacing=0)
        self.caption = label("", "small", wrap=True)
        self.remark = label("", "small")
        self.remark.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.number = BigNumber(widest, unit, look)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.caption, 1)
        head.addWidget(self.remark)
        column.addLayout(head)
        column.addWidget(self.number, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def apply(self, caption: str, text: str, remark: str, *, stale: bool = False) -> None:
        """Shows a value."""
        say(self.caption, caption)
        say(self.remark, remark)
        self.number.show_number(text, stale=stale, name=caption)


class StaleSince:
    """When the reading was last fresh, as wall clock."""

    def __init__(self, clock: Callable[[], datetime] = datetime.now) -> None:
        self._clock = clock
        self._since: str | None = None

    def words(self, snapshot: Snapshot) -> str | None:
        """ "10:42:07", None while the reading is fresh."""
        if not snapshot.stale:
            self._since = None
        elif self._since is None:
            since = self._clock() - timedelta(seconds=snapshot.age_s or 0.0)
            self._since = since.strftime("%H:%M:%S")
        return self._since


def tip_remark(snapshot: Snapshot, since: str | None) -> str:
    """Why the tip's temperature is unknown or old, and since when; empty while it is neither."""
    seen = snapshot.observation
    if seen is None or seen.tip_celsius is None:
        if snapshot.link.state in (LinkState.LOST, LinkState.FAILED):
            why = _tr("no link")
        else:
            why = why_unknown(seen.tip_quality) if seen is not None else _tr("no reading")
        return why if since is None else _tr("{why} since {time}").format(why=why, time=since)
    return "" if since is None else _tr("last known {time}").format(time=since)


def _tr(text: str) -> str:
    return QCoreApplication.translate("readings", text)


class Readings(QWidget):
    """What is measured, large; what is reckoned, lighter."""

    def __init__(
        self,
        look: Palette = DARK,
        clock: Callable[[], datetime] = datetime.now,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._stale = StaleSince(clock)
        self.tip = NumberCard("−88.8", "°C", look)
        self.time = NumberCard("88:88", "", look)
        self.gas = GasCard(look)
        self.estimate = EstimateCard(look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GUTTER)
        column.addWidget(self.tip, 10)
        column.addWidget(self.time, 10)
        column.addWidget(self.gas, 0)
        column.addWidget(self.estimate, 0)
        self._column = column
        self._guest: QWidget | None = None
        self.setFixedWidth(WIDTH)

    def lend_place(self, guest: QWidget | None) -> None:
        """Gives the estimate's place to another widget, or back to the estimate."""
        if guest is self._guest:
            return
        if guest is not None:
            self._column.addWidget(guest, 14)
        self._guest = guest
        show(self.estimate, guest is None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Digits come before the cross-section."""
        super().resizeEvent(event)
        roomy = event.size().height() >= _PICTURE_FROM
        show(self.estimate.picture, roomy)
        self._column.setStretchFactor(self.estimate, 14 if roomy else 0)

    def apply(self, snapshot: Snapshot) -> None:
        """Shows a snapshot."""
        since = self._stale.words(snapshot)
        tip = snapshot.observation.tip_celsius if snapshot.observation is not None else None
        remark = tip_remark(snapshot, since) or self._target(snapshot.procedure)
        self.tip.apply(self.tr("Tip"), number(tip), remark, stale=snapshot.stale)
        # What the clinician waits for is counted by this computer, heard or not.
        waits = snapshot.procedure.phase in (Phase.STOPPED, Phase.THAWING, Phase.RELEASING)
        self.time.apply(*self._time(snapshot.procedure), stale=snapshot.stale and not waits)
        self.gas.apply(snapshot)
        self.estimate.apply(snapshot)

    def _target(self, view: ProcedureView) -> str:
        if view.plan is None or view.phase not in (Phase.STARTING, Phase.FREEZING):
            return ""
        target = number(view.plan.target_celsius, 0)
        if view.at_target:
            return self.tr("at target, {celsius}").format(celsius=target)
        return self.tr("target {celsius}").format(celsius=target)

    def _time(self, view: ProcedureView) -> tuple[str, str, str]:
        cycles = _cycles(view)
        this = self.tr("Freeze {this} of {count}").format(
            this=min(view.cycle + 1, len(cycles)), count=len(cycles)
        )
        match view.phase:
            case Phase.FREEZING:
                done = self.tr("{time} done").format(time=minutes(view.elapsed_s))
                if view.remaining_s is None:
                    done = self.tr("no reading · {done}").format(done=done)
                caption = self.tr("{freeze}, time left").format(freeze=this)
                return caption, minutes(view.remaining_s), done
            case Phase.READY | Phase.STARTING:
                planned = cycles[view.cycle].freeze_s if view.cycle < len(cycles) else None
                caption = self.tr("{freeze}, planned").format(freeze=this)
                return caption, minutes(planned), self._timing(view)
            case Phase.THAWING:
                off = self.tr("gas off {time}").format(time=minutes(view.gas_off_s))
                if view.remaining_s:
                    return self.tr("Thaw, time left"), minutes(view.remaining_s), off
                return self.tr("Thawing for"), minutes(view.gas_off_s), ""
            case Phase.OUT:
                return self.tr("Probe is out"), "", ""
            case _:
                waits = bool(waited_words(view))
                remark = self.tr("of {time}").format(time=minutes(WAIT_S)) if waits else ""
                caption = self.tr("Waited") if waits else self.tr("Thawing for")
                return caption, minutes(view.gas_off_s), remark

    def _timing(self, view: ProcedureView) -> str:
        if view.plan is not None and view.plan.timing is Timing.FROM_TARGET:
            return self.tr("from reaching target")
        return self.tr("from gas-on")


def _cycles(view: ProcedureView) -> tuple[Cycle, ...]:
    if view.plan is None:
        return ()
    return view.plan.sites[min(view.site, len(view.plan.sites) - 1)].cycles

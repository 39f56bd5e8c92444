"""The console check: its lines in order with what was measured, and what the present one wants."""

from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.model.console_check import CheckItem, CheckResult, CheckStanding, CheckView
from console.model.quantities import UNKNOWN, minutes
from console.model.request import AnyRequest
from console.model.snapshot import Snapshot
from console.ui.kit.notice import Notice
from console.ui.kit.parts import card, label, mark, say, show
from console.ui.kit.theme import DARK, GAP, GUTTER, Palette
from console.ui.treatment.action_row import ActionRow
from console.ui.treatment.actions import CHECK_ACTIONS
from console.ui.treatment.phase_line import PhaseLine

_LONG: Final = 62
"""Letters from which the present line is written small, in two."""
_MARKS: Final = {
    CheckStanding.PASSED: "✓",
    CheckStanding.NOT_MEASURABLE: "✓",
    CheckStanding.FAILED: "✕",
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("check", text)


def names() -> dict[CheckItem, tuple[str, str]]:
    """Each line's name, and what is looked at when it is the present one."""
    return {
        CheckItem.PROBE: (_tr("Sterile probe"), _tr("Sterile, its plug on the hose")),
        CheckItem.SCAVENGING: (
            _tr("Scavenging hose"),
            _tr("From the exhaust to the outlet, not kinked"),
        ),
        CheckItem.CYLINDER: (
            _tr("Cylinder"),
            _tr("This gas, upright, without a siphon tube"),
        ),
        CheckItem.SUPPLY_LEAK: (
            _tr("Supply leak test"),
            _tr("The console shuts its supply and watches the pressure"),
        ),
        CheckItem.PROBE_LEAK: (
            _tr("Probe leak test"),
            _tr("Tip and shaft in sterile water: do bubbles rise?"),
        ),
        CheckItem.TEST_FREEZE: (
            _tr("Test freeze"),
            _tr("Ice only at the tip, even all round, no frost on the shaft?"),
        ),
        CheckItem.GAS_OFF: (_tr("Gas off"), _tr("Valve read back shut, flow 0")),
        CheckItem.THAW: (_tr("Thaw"), _tr("Leave the tip in the water")),
        CheckItem.THERMOCOUPLE: (
            _tr("Thermocouple"),
            _tr("Tip and room agree within 5 °C"),
        ),
    }


def how_word(how: str) -> str:
    """Who answered it, or why it is open, in the language of the screen."""
    return {
        "demonstration": _tr("demonstration"),
        "headless run": _tr("headless run"),
        "the probe was unplugged": _tr("the probe was unplugged"),
        "taken back": _tr("taken back"),
        "by hand": _tr("by hand"),
    }.get(how, how)


class _Line(QFrame):
    def __init__(self, number: int) -> None:
        super().__init__()
        self.setObjectName("step")
        self._number = number
        self.mark = label(str(number))
        self.mark.setObjectName("mark")
        self.mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.mark.setFixedSize(30, 30)
        self.name = label("", "name")
        self.name.setFixedWidth(236)
        self.words = label("", "small", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 12, 0)
        row.setSpacing(GAP)
        row.addWidget(self.mark)
        row.addWidget(self.name)
        row.addWidget(self.words, 1)

    def apply(self, name: str, words: str, standing: CheckStanding, *, now: bool) -> None:
        say(self.name, name)
        say(self.words, words)
        say(self.mark, _MARKS.get(standing, str(self._number)))
        state = "done" if standing.done else "now" if now else "next"
        mark(self.mark, "state", state)
        mark(self, "now", "true" if now else "false")
        mark(self.words, "role", "small" if not now else "note" if len(words) > _LONG else "name")
        self.setAccessibleName(f"{name}: {words}" if words else name)


class CheckPage(QWidget):
    """`asked` carries a request."""

    asked = Signal(object)

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.phase_line = PhaseLine()
        self.lines = {item: _Line(number) for number, item in enumerate(CheckItem, 1)}
        self.notice = Notice()
        self.action_row = ActionRow(look, CHECK_ACTIONS)
        self.action_row.asked.connect(self._ask)
        frame, inside = card(spacing=0, margin=12)
        inside.setContentsMargins(12, 6, 12, 6)
        self._frame = frame
        self.action_row.turned.connect(lambda: show(frame, self.action_row.is_main))
        for line in self.lines.values():
            inside.addWidget(line, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GUTTER)
        column.addWidget(self.phase_line)
        column.addWidget(frame, 1)
        column.addStretch(0)
        column.addWidget(self.action_row)
        self.notice.cover(self.phase_line)

    def _ask(self, request: AnyRequest) -> None:
        self.notice.clear()
        self.asked.emit(request)

    def apply(self, snapshot: Snapshot) -> None:
        """Shows a snapshot."""
        view = snapshot.procedure
        check = view.check
        self.phase_line.apply(view, snapshot.stale)
        results = {result.item: result for result in check.results}
        for item, (name, look_at) in names().items():
            result, now = results.get(item), item is check.now
            words = _present(check, look_at, result) if now else _past(result)
            standing = CheckStanding.OPEN if result is None else result.standing
            self.lines[item].apply(name, words, standing, now=now)
        self.action_row.apply(snapshot)
        show(self._frame, self.action_row.is_main)


def _past(result: CheckResult | None) -> str:
    if result is None:
        return ""
    if result.standing is CheckStanding.NOT_MEASURABLE:
        return _tr("Not measurable here: {why}").format(why=result.measure)
    return " · ".join(words for words in (result.measure, how_word(result.how)) if words)


def _present(check: CheckView, look_at: str, result: CheckResult | None) -> str:
    if check.mend:
        found = f"{result.measure}. " if result is not None and result.measure else ""
        return found + check.mend
    words = [look_at, check.now_words]
    if check.running is not None:
        left = UNKNOWN if check.left_s is None else minutes(check.left_s)
        words.append(_tr("{time} left").format(time=left))
    elif result is not None and result.standing is CheckStanding.RUN:
        words[1] = result.measure
    elif result is not None:
        words.append(how_word(result.how))
    return " · ".join(part for part in words if part)

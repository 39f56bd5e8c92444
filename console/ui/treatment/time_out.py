"""The time-out card: a line a question, one touch an answer, read aloud before anything else."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from console.model.request import AnswerTimeOut, AnyRequest, LiftTimeOut
from console.model.snapshot import ProcedureView, Snapshot
from console.model.time_out import NEVER_LIFTED, TimeOutAnswer, TimeOutItem
from console.ui.kit.buttons import EnterButton, HoldButton, PressButton
from console.ui.kit.gas import may_type
from console.ui.kit.language import spoken
from console.ui.kit.notice import Notice
from console.ui.kit.parts import card, label, mark, say, show
from console.ui.kit.theme import DARK, GAP, GUTTER, TOUCH, Palette
from console.ui.kit.words import site_name
from console.ui.treatment.action_row import ActionRow
from console.ui.treatment.actions import TIME_OUT_ACTIONS
from console.ui.treatment.own_words import OwnWords
from console.ui.treatment.phase_line import PhaseLine

_A_COLUMN: Final = 4
"""So many lines stand under each other, and the rest beside them: room between the answers."""
_WORDY: Final = frozenset(
    {TimeOutItem.IDENTITY, TimeOutItem.CONSENT, TimeOutItem.SIDE, TimeOutItem.ALLERGIES}
)
_ANSWERS: Final = (92, 148)
"""How wide answers are, in pixels: those of a word, and those of the wordy lines."""
_LONG: Final = 62
"""Letters from which a line is written small, so that it has room beside its answers."""
_FOOT: Final = 108
"""Pixels kept for the actions, or for a sentence and the reasons under it."""
_REASON: Final = 40


@dataclass(frozen=True)
class Line:
    """What is read, and the two answers to it. `clear` is the one that lets the work begin."""

    read: str
    clear: str
    unclear: str


def _tr(text: str) -> str:
    return QCoreApplication.translate("time_out", text)


def lines(view: ProcedureView) -> dict[TimeOutItem, Line]:
    """The card for this plan, in its order."""
    sites = view.plan.sites if view.plan is not None else ()
    where = ", ".join(site_name(site) for site in sites)
    return {
        TimeOutItem.IDENTITY: Line(
            _tr("Patient identity confirmed aloud"), _tr("Confirmed"), _tr("Not confirmed")
        ),
        TimeOutItem.CONSENT: Line(_tr("Consent is given"), _tr("Yes"), _tr("No")),
        TimeOutItem.SIDE: Line(
            _tr("Mark on the skin: {where}").format(where=where),
            _tr("Agrees"),
            _tr("Does not agree"),
        ),
        TimeOutItem.ALLERGIES: Line(
            _tr("Allergies: metal, local anaesthetic, latex"),
            _tr("None"),
            _tr("Yes"),
        ),
        TimeOutItem.ANTICOAGULANTS: Line(
            _tr("Anticoagulants or a bleeding disorder"), _tr("None"), _tr("Yes")
        ),
        TimeOutItem.PACEMAKER: Line(
            _tr("Pacemaker or neurostimulator (affects stimulation)"), _tr("None"), _tr("Yes")
        ),
        TimeOutItem.COLD_DISEASE: Line(
            _tr("Cryoglobulinaemia, cold urticaria, cold agglutinins, severe Raynaud's"),
            _tr("None"),
            _tr("Yes"),
        ),
        TimeOutItem.INFECTION: Line(_tr("Infection at the site"), _tr("None"), _tr("Yes")),
    }


def reasons() -> tuple[str, ...]:
    """Why the team may go on though a line is not clear."""
    return (
        _tr("Judged by the team, accepted"),
        _tr("Not applicable here"),
        _tr("Treated or bridged for today"),
    )


class TimeOutPage(QWidget):
    """`asked` carries a request."""

    asked = Signal(object)

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.phase_line = PhaseLine()
        self.texts: dict[TimeOutItem, QLabel] = {}
        self.clear: dict[TimeOutItem, EnterButton] = {}
        self.unclear: dict[TimeOutItem, EnterButton] = {}
        self.notice = Notice()
        self.action_row = ActionRow(look, TIME_OUT_ACTIONS)
        self.action_row.asked.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GUTTER)
        column.addWidget(self.phase_line)
        column.addWidget(self._card(), 1)
        self.foot = QStackedWidget()  # the actions, or the reasons in their place
        self.foot.addWidget(self._bottom(self.action_row))
        self.foot.addWidget(self._why(look))
        self.foot.setFixedHeight(_FOOT)
        column.addWidget(self.foot)
        self.action_row.turned.connect(self._share)
        self.notice.cover(self.phase_line)

    def _bottom(self, row: QWidget) -> QWidget:
        holder = QWidget()
        down = QVBoxLayout(holder)
        down.setContentsMargins(0, 0, 0, 0)
        down.addStretch(1)
        down.addWidget(row)
        return holder

    def _share(self) -> None:
        """Reasons and the like need more room than is kept, and then the questions wait."""
        main = self.action_row.is_main
        show(self._questions, main)
        self.foot.setFixedHeight(_FOOT if main else max(_FOOT, self.action_row.height()))

    def _card(self) -> QFrame:
        frame, column = card(spacing=0, margin=16)
        column.setContentsMargins(16, 4, 16, 4)
        self._questions = frame
        halves = QHBoxLayout()
        halves.setSpacing(2 * GAP)
        items = list(TimeOutItem)
        for part in (items[:_A_COLUMN], items[_A_COLUMN:]):
            half = QWidget()  # its own part of the tab order: down, then the next
            down = QVBoxLayout(half)
            down.setContentsMargins(0, 0, 0, 0)
            down.setSpacing(0)
            for item in part:
                down.addWidget(self._line(item), 1)
            halves.addWidget(half, 1)
        column.addLayout(halves, 1)
        return frame

    def _line(self, item: TimeOutItem) -> QWidget:
        """The question, and its answers beside it: however long it is, they stand still."""
        self.texts[item] = label("", "name", wrap=True)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.texts[item], 1)
        for buttons, is_clear in ((self.clear, True), (self.unclear, False)):
            button = EnterButton()
            button.setCheckable(True)
            button.setProperty("role", "answer")
            button.setFixedWidth(_ANSWERS[item in _WORDY])
            button.clicked.connect(
                lambda _=False, item=item, is_clear=is_clear: self._answer(item, is_clear)
            )
            buttons[item] = button
            row.addWidget(button)
        line.setMinimumHeight(TOUCH + GAP)
        return line

    def _why(self, look: Palette) -> QWidget:
        self.why = QWidget()
        column = QVBoxLayout(self.why)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addStretch(1)
        self.what_lifted = label("", "name")
        column.addWidget(self.what_lifted)
        self.own = OwnWords(hold=True, beside=True, look=look)
        self.own.given.connect(self._lift)
        self.own.left.connect(lambda: self._write(False))
        self.chosen = QWidget()
        row = QHBoxLayout(self.chosen)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        column.addWidget(self.chosen)
        column.addWidget(self.own)
        self.lifts = tuple(HoldButton(reason, look=look) for reason in reasons())
        for button, reason in zip(self.lifts, reasons(), strict=True):
            button.title.setProperty("role", "name")
            button.held.connect(lambda reason=reason: self._lift(reason))
            row.addWidget(button, 3)
        self.other = PressButton(_tr("Another reason: write it"))
        self.other.title.setProperty("role", "name")
        self.other.clicked.connect(lambda: self._write(True))
        row.addWidget(self.other, 2)
        self.leave = PressButton(_tr("More"))
        self.leave.title.setProperty("role", "name")
        self.leave.clicked.connect(self._leave_reasons)
        row.addWidget(self.leave, 1)
        self._lifting: TimeOutItem | None = None
        self._left_reasons = False
        return self.why

    def _leave_reasons(self) -> None:
        """The actions, though a line is not clear."""
        self._left_reasons = True
        self.foot.setCurrentIndex(0)

    # --- what is asked ------------------------------------------------------------------------

    def _ask(self, request: AnyRequest) -> None:
        self.notice.clear()
        self.asked.emit(request)

    def _answer(self, item: TimeOutItem, is_clear: bool) -> None:
        self._check(item, None)  # what is marked is what was taken in, not what was pressed
        self._ask(AnswerTimeOut(item, is_clear))

    def _write(self, wanted: bool) -> None:
        show(self.chosen, not wanted)
        if wanted:
            self.own.open()
        else:
            self.own.close_field()

    def _lift(self, reason: str) -> None:
        self._write(False)
        if self._lifting is not None:
            self._ask(LiftTimeOut(self._lifting, reason))

    # --- what it shows ------------------------------------------------------------------------

    def apply(self, snapshot: Snapshot) -> None:
        """Shows a snapshot."""
        view = snapshot.procedure
        self.phase_line.apply(view, snapshot.stale)
        answers = {answer.item: answer for answer in view.time_out.answers}
        for item, line in lines(view).items():
            answer = answers.get(item)
            lifted = (
                _tr(" · {reason}").format(reason=_short(spoken(answer.how)))
                if answer and answer.how
                else ""
            )
            say(self.texts[item], line.read + lifted)
            mark(self.texts[item], "role", "note" if len(line.read + lifted) > _LONG else "name")
            _name(self.clear[item], line.clear, line.read)
            _name(self.unclear[item], line.unclear, line.read)
            self._check(item, answer)
        self._widen()
        self._offer_lift(snapshot, answers)
        self.action_row.apply(snapshot)
        self._share()

    def _widen(self) -> None:
        """Answers of a half are as wide as its longest word, in whatever language."""
        for wordy in (False, True):
            half = [item for item in TimeOutItem if (item in _WORDY) is wordy]
            ones = [each[item] for each in (self.clear, self.unclear) for item in half]
            wide = max(_ANSWERS[wordy], *(one.sizeHint().width() for one in ones))
            if ones[0].width() != wide:
                for one in ones:
                    one.setFixedWidth(wide)

    def _check(self, item: TimeOutItem, answer: TimeOutAnswer | None) -> None:
        self.clear[item].setChecked(answer is not None and answer.clear)
        self.unclear[item].setChecked(answer is not None and not answer.clear)

    def _offer_lift(self, snapshot: Snapshot, answers: dict[TimeOutItem, TimeOutAnswer]) -> None:
        open_ones = [
            item
            for item in TimeOutItem
            if item in answers and not answers[item].clear and not answers[item].how
        ]
        before = self._lifting
        self._lifting = next((item for item in open_ones if item not in NEVER_LIFTED), None)
        lift = snapshot.controls.get("lift_time_out")
        locked = lift.blocked if lift is not None else None
        if locked is None and not may_type(snapshot):
            locked = _tr("Gas or stimulation may be on")
        self.other.set_words(self.other.title.text(), "", locked)
        if not self.own.isHidden() and (locked is not None or self._lifting is not before):
            self._write(False)  # what was being written was of another line
        if self._lifting is not before:
            self._left_reasons = False
        asks = self._lifting is not None and not self._left_reasons
        self.foot.setCurrentIndex(1 if asks else 0)
        if self._lifting is None:
            return
        line = spoken(self._lifting.value)
        say(self.what_lifted, _tr("Go on with {line}? Hold the reason for 1 s:").format(line=line))
        self.own.say(_tr("Go on for this reason"))


def _short(reason: str) -> str:
    """As much of a reason as has room; the report has all of it."""
    return reason if len(reason) <= _REASON else f"{reason[: _REASON - 1].rstrip()}…"


def _name(button: EnterButton, answer: str, read: str) -> None:
    if button.text() != answer:
        button.setText(answer)
    button.setAccessibleName(f"{read}: {answer}")

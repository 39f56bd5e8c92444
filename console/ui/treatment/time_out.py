"""The time-out card: a line a question, one touch an answer, read aloud before anything else."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.model.request import AnswerTimeOut, AnyRequest, LiftTimeOut
from console.model.snapshot import ProcedureView, Snapshot
from console.model.time_out import NEVER_LIFTED, TimeOutAnswer, TimeOutItem
from console.ui.kit.buttons import EnterButton, HoldButton
from console.ui.kit.language import spoken
from console.ui.kit.notice import Notice
from console.ui.kit.parts import card, label, say, show
from console.ui.kit.theme import DARK, GAP, GUTTER, Palette
from console.ui.kit.words import site_name
from console.ui.treatment.actions import TIME_OUT_ACTIONS, ActionRow
from console.ui.treatment.phase_line import PhaseLine


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
            _tr("Patient's identity, said by the team"), _tr("Confirmed"), _tr("Not confirmed")
        ),
        TimeOutItem.CONSENT: Line(_tr("Consent is given"), _tr("Yes"), _tr("No")),
        TimeOutItem.SIDE: Line(
            _tr("Mark on the skin: {where}").format(where=where),
            _tr("Agrees"),
            _tr("Does not agree"),
        ),
        TimeOutItem.ALLERGIES: Line(
            _tr("Allergies that matter here: metal, local anaesthetic, latex"),
            _tr("None"),
            _tr("Yes"),
        ),
        TimeOutItem.ANTICOAGULANTS: Line(
            _tr("Anticoagulants or a bleeding disorder"), _tr("None"), _tr("Yes")
        ),
        TimeOutItem.PACEMAKER: Line(
            _tr("Pacemaker or neurostimulator (the stimulation)"), _tr("None"), _tr("Yes")
        ),
        TimeOutItem.COLD_DISEASE: Line(
            _tr("Cryoglobulinaemia, cold urticaria, cold agglutinins, severe Raynaud's phenomenon"),
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
        column.addWidget(self._why(look))
        column.addWidget(self.notice)
        column.addWidget(self.action_row)

    def _card(self) -> QFrame:
        frame, column = card(spacing=0, margin=16)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        for row, item in enumerate(TimeOutItem):
            self.texts[item] = label("", "name", wrap=True)
            grid.addWidget(self.texts[item], row, 0, Qt.AlignmentFlag.AlignVCenter)
            for place, buttons, is_clear in ((1, self.clear, True), (2, self.unclear, False)):
                button = EnterButton()
                button.setCheckable(True)
                button.setMinimumWidth(190)
                button.clicked.connect(
                    lambda _=False, item=item, is_clear=is_clear: self._answer(item, is_clear)
                )
                buttons[item] = button
                grid.addWidget(button, row, place)
        column.addLayout(grid, 1)
        return frame

    def _why(self, look: Palette) -> QWidget:
        self.why = QWidget()
        row = QHBoxLayout(self.why)
        row.setContentsMargins(0, 0, 0, GAP - GUTTER)
        row.setSpacing(GAP)
        self.lifts = tuple(HoldButton(reason, look=look) for reason in reasons())
        for button, reason in zip(self.lifts, reasons(), strict=True):
            button.held.connect(lambda reason=reason: self._lift(reason))
            row.addWidget(button, 1)
        self._lifting: TimeOutItem | None = None
        return self.why

    # --- what is asked ------------------------------------------------------------------------

    def _ask(self, request: AnyRequest) -> None:
        self.notice.clear()
        self.asked.emit(request)

    def _answer(self, item: TimeOutItem, is_clear: bool) -> None:
        self._check(item, None)  # what is marked is what was taken in, not what was pressed
        self._ask(AnswerTimeOut(item, is_clear))

    def _lift(self, reason: str) -> None:
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
                _tr(" · {reason}").format(reason=spoken(answer.how))
                if answer and answer.how
                else ""
            )
            say(self.texts[item], line.read + lifted)
            _name(self.clear[item], line.clear, line.read)
            _name(self.unclear[item], line.unclear, line.read)
            self._check(item, answer)
        self._offer_lift(view, answers)
        self.action_row.apply(snapshot)

    def _check(self, item: TimeOutItem, answer: TimeOutAnswer | None) -> None:
        self.clear[item].setChecked(answer is not None and answer.clear)
        self.unclear[item].setChecked(answer is not None and not answer.clear)

    def _offer_lift(self, view: ProcedureView, answers: dict[TimeOutItem, TimeOutAnswer]) -> None:
        open_ones = [
            item
            for item in TimeOutItem
            if item in answers and not answers[item].clear and not answers[item].how
        ]
        self._lifting = next((item for item in open_ones if item not in NEVER_LIFTED), None)
        show(self.why, self._lifting is not None)
        show(self.phase_line, self._lifting is None)  # its place is needed
        if self._lifting is None:
            return
        detail = _tr("go on with {line} · hold for 1 s").format(line=spoken(self._lifting.value))
        for button, reason in zip(self.lifts, reasons(), strict=True):
            button.set_words(reason, detail)


def _name(button: EnterButton, answer: str, read: str) -> None:
    if button.text() != answer:
        button.setText(answer)
    button.setAccessibleName(f"{read}: {answer}")

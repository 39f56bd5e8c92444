"""The left column: the steps of a session with their states, and the interlocks. A step that was
passed is ticked only where it was done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.model.console_check import CheckItem
from console.model.cycle import counted
from console.model.plan import Confirmation, Plan
from console.model.snapshot import Interlock, Phase, ProcedureView, Snapshot
from console.model.stimulation import StimulationKind
from console.model.time_out import TimeOutItem
from console.ui.frame.top_bar import SIDE_WIDTH
from console.ui.kit.gas import GAS_PHASES
from console.ui.kit.language import spoken
from console.ui.kit.parts import card, label, mark, say, show
from console.ui.kit.words import confirmation_word, kind_word, plan_in_short, result_word


def _tr(text: str) -> str:
    return QCoreApplication.translate("steps", text)


@dataclass(frozen=True)
class Line:
    """What a step says of itself, and whether it is done once it was passed."""

    words: str
    done: bool = True


@dataclass(frozen=True)
class Step:
    """A row of the list: when it is the present one, and its line while there is a plan. `before`
    is said until then."""

    name: Callable[[], str]
    phases: frozenset[Phase]
    line: Callable[[ProcedureView, Plan], Line]
    before: Callable[[], str] = lambda: _tr("Opens with a plan")


def _prepare(view: ProcedureView, plan: Plan) -> Line:
    return Line(plan_in_short(plan, _site(view, plan)))


def _check(view: ProcedureView, plan: Plan) -> Line:
    check = view.check
    if view.phase is Phase.CHECK:
        return _share(sum(result.standing.done for result in check.results), len(CheckItem))
    if check.missing is not None:
        return Line(_tr("To be done again"), done=False)
    by_hand = any(not result.beforehand for result in check.results)
    return Line(_tr("Done") if by_hand else _tr("Pre-answered"))


def _time_out(view: ProcedureView, plan: Plan) -> Line:
    answers = view.time_out.answers
    if (
        view.phase is not Phase.TIME_OUT
        and view.how == "demonstration"
        and any(answer.how == view.how for answer in answers)
    ):
        return Line(_tr("Pre-answered"))
    words = _tr("{done} of {count} answered").format(done=len(answers), count=len(TimeOutItem))
    return Line(words, done=len(answers) == len(TimeOutItem))


def _stimulate(view: ProcedureView, plan: Plan) -> Line:
    shown = view.stimulation
    if shown.running is not None:
        return Line(_tr("{test} test running").format(test=kind_word(shown.running)))
    sensory = result_word(view, StimulationKind.SENSORY)
    if view.phase is Phase.OUT and len(plan.sites) > 1:
        tested = {test.site for test in view.tests if test.answer is not None}
        return _share_of_sites(len(tested), len(plan.sites))
    if any((test.site, test.placement) == (view.site, view.placement) for test in view.tests):
        return Line(_tr("Sensory: {result}").format(result=sensory))
    if shown.unconfirmed is not None:
        return Line(_tr("Not done here"), done=False)
    if view.how == "demonstration":
        return Line(_tr("Pre-answered"))
    if plan.stimulation is None:
        return Line(_tr("Not in this plan"), done=False)
    how = plan.sites[_site(view, plan)].confirmed_by
    if how is not Confirmation.STIMULATION:
        return Line(_tr("Confirmed by: {how}").format(how=confirmation_word(how)))
    return Line(_tr("Left out, with a reason"), done=False)


def _freeze(view: ProcedureView, plan: Plan) -> Line:
    count = len(plan.sites[_site(view, plan)].cycles)
    if view.phase is Phase.STOPPED:
        return Line(_tr("Stopped: decide"))
    if view.phase in GAS_PHASES:
        this = min(view.cycle + 1, count)
        return Line(_tr("{this} of {count} now").format(this=this, count=count))
    if view.phase is Phase.OUT:
        return _share(counted(view.records), sum(len(site.cycles) for site in plan.sites))
    return _share(counted(each for each in view.records if each.site == view.site), count)


def _release(view: ProcedureView, plan: Plan) -> Line:
    words = {
        Phase.RELEASING: _tr("Thawing, not free yet"),
        Phase.FREE: _tr("Free to move"),
        Phase.OUT: _tr("Probe is out"),
    }
    return Line(words.get(view.phase, _tr("Tip {rule}").format(rule=spoken(view.free_rule))))


def _share(done: int, count: int) -> Line:
    return Line(_tr("{done} of {count} done").format(done=done, count=count), done=done == count)


def _share_of_sites(done: int, count: int) -> Line:
    return Line(_tr("{done} of {count} sites").format(done=done, count=count), done=done == count)


def _site(view: ProcedureView, plan: Plan) -> int:
    return min(view.site, len(plan.sites) - 1)


_FREEZE: Final = frozenset(
    {Phase.READY, Phase.STARTING, Phase.FREEZING, Phase.THAWING, Phase.STOPPED}
)

STEPS: Final = (
    Step(
        lambda: _tr("Prepare"), frozenset({Phase.PREPARE}), _prepare, lambda: _tr("Choose a plan")
    ),
    Step(lambda: _tr("Check"), frozenset({Phase.CHECK}), _check),
    Step(lambda: _tr("Time-out"), frozenset({Phase.TIME_OUT}), _time_out),
    Step(lambda: _tr("Stimulate"), frozenset({Phase.STIMULATE}), _stimulate),
    Step(lambda: _tr("Freeze"), _FREEZE, _freeze),
    Step(
        lambda: _tr("Release"),
        frozenset({Phase.RELEASING, Phase.FREE, Phase.OUT}),
        _release,
        lambda: _tr("Probe free to move"),
    ),
)
"""In the order of a session. A new step is a new row."""


class _StepRow(QFrame):
    def __init__(self, number: int, step: Step) -> None:
        super().__init__()
        self.setObjectName("step")
        self._number = number
        self.mark = label(str(number))
        self.mark.setObjectName("mark")
        self.mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.mark.setFixedSize(30, 30)
        self.name = label(step.name(), "name")
        self.line = label("", "small", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 1, 8, 1)
        row.setSpacing(11)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def apply(self, state: str, line: str) -> None:
        say(self.mark, {"done": "✓", "left": "–"}.get(state, str(self._number)))
        mark(self.mark, "state", state)
        mark(self, "now", "true" if state == "now" else "false")
        say(self.line, line)
        self.setAccessibleName(f"{self.name.text()}: {line}")


class StepColumn(QFrame):
    """Steps above, interlocks below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame, column = card(spacing=0, margin=12)
        self.rows = tuple(_StepRow(number, step) for number, step in enumerate(STEPS, 1))
        for row in self.rows:
            column.addWidget(row)
        column.addStretch(1)
        line = QFrame()
        line.setProperty("role", "rule")
        line.setFixedHeight(1)
        column.addWidget(line)
        self.all_ready = label("", "ok", wrap=True)
        self.not_ready = label("", "small", wrap=True)
        self.not_ready.setObjectName("notready")
        column.addSpacing(4)
        column.addWidget(self.all_ready)
        column.addWidget(self.not_ready)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.setFixedWidth(SIDE_WIDTH)

    def apply(self, snapshot: Snapshot | None, draft: str = "") -> None:
        """Shows where the session stands; None before a console was chosen. `draft`: where the plan
        stands that is being made."""
        view = snapshot.procedure if snapshot is not None else _NOTHING
        here = next(i for i, step in enumerate(STEPS) if view.phase in step.phases)
        for index, (row, step) in enumerate(zip(self.rows, STEPS, strict=True)):
            ended = view.phase is Phase.OUT
            now = index == here and snapshot is not None and not ended
            line = step.line(view, view.plan) if view.plan is not None else Line(step.before())
            if now and view.plan is None and draft:
                line = Line(draft)
            passed = "done" if line.done else "left"
            row.apply("now" if now else passed if index < here or ended else "next", line.words)
        asked = view.plan is not None and view.phase is not Phase.OUT
        self._interlocks(snapshot.interlocks if snapshot is not None else (), asked=asked)

    def _interlocks(self, interlocks: tuple[Interlock, ...], *, asked: bool) -> None:
        """`asked`: something is to be started, so that to be ready for it means something."""
        waiting = [one for one in interlocks if not one.ready]
        some = len(waiting) < len(interlocks)
        say(
            self.all_ready,
            self.tr("✓ all other interlocks ready")
            if waiting
            else self.tr("✓ all interlocks ready"),
        )
        show(self.all_ready, some and asked)
        lines = [
            f"✕ {_not_ready_name(one)}" + (f": {one.words}" if one.words else "") for one in waiting
        ]
        say(self.not_ready, "\n\n".join(lines))
        show(self.not_ready, bool(lines))


def _not_ready_name(light: Interlock) -> str:
    """What is not ready, without the name's own claim that it is."""
    return {
        "link": _tr("Console"),
        "state": _tr("Console"),
        "probe": _tr("Probe"),
        "alarms": _tr("Blocked by alarm"),
        "record": _tr("Record"),
    }.get(light.id, light.name)


_NOTHING: Final = ProcedureView(phase=Phase.PREPARE, headline="")

"""The main actions: a table from the controls of a snapshot to requests."""

import dataclasses
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication

from console.model.console_check import CheckItem
from console.model.override import OverrideKind
from console.model.plan import NextFreeze
from console.model.request import (
    PAIN_GONE,
    AddFreeze,
    AfterStop,
    AnswerCheck,
    AnyRequest,
    BackToPrepare,
    ChangeCylinder,
    CheckLineBack,
    ConfirmInPlace,
    CylinderBack,
    Decide,
    EndCheck,
    EndFreeze,
    EndStimulation,
    EndTimeOut,
    EnterContents,
    ExtendFreeze,
    FinishHere,
    NewSession,
    OpenCheck,
    OpenTimeOut,
    Override,
    ProbeMoved,
    ProbeOut,
    ScorePain,
    StartCheck,
    StartFreeze,
    Stimulate,
    ToFreeze,
    UndoExtend,
    Wait,
)
from console.model.snapshot import Phase, ProcedureView

COUNTDOWN_S: Final = 10.0
UNDO_S: Final = 5.0


@dataclasses.dataclass(frozen=True)
class Action:
    """A control's place in the row. `wanted`: whether it is of use here; `first`: whether it is
    among the main ones, else it is under More; `place`: which of the three main places it
    has, 0 the largest. Where `asks_why`, it turns to its `reasons`, and `because` makes the
    request of the one chosen; `hold_reason`: that choice is held for a second, as an override is.
    `pad`: what it asks for is a pain score;
    `digits`: it is what a new cylinder holds. `unless_locked`: it is not there at all where nothing
    calls for it. `fitting`: those of the reasons that fit here; None: all.
    `question`: what it answers; `at_once`: it takes a press as soon as it is there, because it only
    makes things safer."""

    name: str
    request: Callable[[ProcedureView], AnyRequest]
    hold: bool = False
    place: int = 0
    wanted: Callable[[ProcedureView], bool] = lambda view: True
    first: Callable[[ProcedureView], bool] = lambda view: True
    primary: Callable[[ProcedureView], bool] = lambda view: False
    asks_why: Callable[[ProcedureView], bool] = lambda view: False
    reasons: Callable[[], tuple[str, ...]] = tuple
    because: Callable[[str], AnyRequest] = ProbeOut
    hold_reason: bool = False
    pad: bool = False
    unless_locked: bool = False
    digits: bool = False
    fitting: Callable[[ProcedureView], tuple[str, ...]] | None = None
    question: Callable[[ProcedureView], str] = lambda view: ""
    at_once: bool = False


def _counting(view: ProcedureView) -> bool:
    return view.auto_start_in_s is not None and view.auto_start_in_s <= COUNTDOWN_S


def _auto(view: ProcedureView) -> bool:
    return view.plan is not None and view.plan.next_freeze is NextFreeze.AUTO


def _finish(view: ProcedureView) -> AnyRequest:
    return Decide(AfterStop.FINISH) if view.phase is Phase.STOPPED else FinishHere()


def _freezing(view: ProcedureView) -> bool:
    return view.phase is Phase.FREEZING


def _unconfirmed(view: ProcedureView) -> bool:
    return view.stimulation.unconfirmed is not None


def _unchecked(view: ProcedureView) -> bool:
    return view.check.missing is not None


def _extending(view: ProcedureView) -> bool:
    return view.extended_in_s is not None


def _tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)


def early_reasons() -> tuple[str, ...]:
    """Why a probe may be out before it is known to be free."""
    return (
        _tr("Thawed on ultrasound"),
        _tr("Temperature unknown, waited"),
        _tr("Emergency"),
    )


def untreated_reasons() -> tuple[str, ...]:
    """Why a site is left without a freeze."""
    return (
        _tr("Not treated: nerve not found"),
        _tr("Not treated: patient's wish"),
        _tr("Not treated: decided by the team"),
    )


def _why_out(view: ProcedureView) -> tuple[str, ...]:
    """Reasons for a probe that is out early; where nothing was frozen none is of a thaw."""
    frozen = any(record.site == view.site for record in view.records)
    return early_reasons() if frozen else untreated_reasons()


def no_stimulation_reasons() -> tuple[str, ...]:
    """Why a site may be frozen without a stimulation that confirms it."""
    return (
        _tr("Nerve seen on ultrasound"),
        _tr("Nerve in direct vision"),
        _tr("Anaesthetised: no answer"),
    )


def contraction_reasons() -> tuple[str, ...]:
    """Why a site may be frozen though a muscle contracts there."""
    return (_tr("Motor loss is consented to"), _tr("The muscle itself was stimulated"))


def refreeze_reasons() -> tuple[str, ...]:
    """Why a freeze may start before the thaw of the plan is over."""
    return (
        _tr("Thawed on ultrasound"),
        _tr("Ice too small on ultrasound"),
        _tr("The patient cannot wait"),
    )


def weak_mapping_reasons() -> tuple[str, ...]:
    """Why a nerve may be frozen whose block relieved less than it should."""
    return (
        _tr("Judged by the team, accepted"),
        _tr("Agreed with the patient"),
        _tr("The block itself was incomplete"),
    )


def gas_short_reasons() -> tuple[str, ...]:
    """Why a freeze may start though the gas may not last for the plan."""
    return (
        _tr("Another cylinder is at hand"),
        _tr("Enough for this freeze"),
        _tr("Contents were entered too low"),
    )


def no_pain_reasons() -> tuple[str, ...]:
    """Why a freeze may start though the pain was not scored."""
    return (_tr("Sedated: no answer"), _tr("The patient cannot say"), _tr("Scored at the end"))


def _releasing(view: ProcedureView) -> bool:
    return view.phase in (Phase.RELEASING, Phase.FREE)


_PAIN: Final = Action(
    "score_pain",
    lambda view: ScorePain(0),
    place=1,
    first=lambda view: (
        _releasing(view) or not (_auto(view) or _unconfirmed(view) or _unchecked(view))
    ),
    asks_why=lambda view: True,
    pad=True,
)

_OPEN_CHECK: Final = Action(
    "open_check",
    lambda view: OpenCheck(),
    place=1,
    wanted=lambda view: _unchecked(view) or not (view.records or view.tests),
    first=_unchecked,
)

_OPEN_TIME_OUT: Final = Action(
    "open_time_out",
    lambda view: OpenTimeOut(),
    wanted=lambda view: not view.records and not view.tests,
    first=lambda view: False,
)

_PROBE_OUT: Final = Action(
    "probe_out",
    lambda view: ProbeOut(),
    first=_releasing,
    primary=lambda view: view.phase is Phase.FREE,
    asks_why=lambda view: view.phase is not Phase.FREE,
    reasons=lambda: (*early_reasons(), *untreated_reasons()),
    fitting=_why_out,
)


def _override(kind: OverrideKind, reasons: Callable[[], tuple[str, ...]]) -> Action:
    return Action(
        f"override_{kind.name.lower()}",
        lambda view: Override(kind, ""),
        first=lambda view: False,
        asks_why=lambda view: True,
        reasons=reasons,
        because=lambda why: Override(kind, why),
        hold_reason=True,
        unless_locked=True,
    )


ACTIONS: Final = (
    Action("wait", lambda view: Wait(), place=1, wanted=_auto, primary=_counting),
    Action(
        "start_freeze",
        lambda view: StartFreeze(),
        hold=True,
        wanted=lambda view: not _counting(view),
        primary=lambda view: True,
    ),
    Action(
        "tip_in_place",
        lambda view: ConfirmInPlace(),
        place=2,
        wanted=lambda view: view.in_place_asked,
    ),
    Action("stimulate", lambda view: Stimulate(), place=1, first=_unconfirmed),
    _OPEN_CHECK,
    _OPEN_TIME_OUT,
    Action("end_freeze", lambda view: EndFreeze(), at_once=True),
    Action(
        "extend",
        lambda view: ExtendFreeze(30.0, UNDO_S),
        place=1,
        wanted=lambda view: view.extended_in_s is None,
    ),
    Action("undo_extend", lambda view: UndoExtend(), place=1, wanted=_extending),
    Action("probe_moved", lambda view: ProbeMoved(), place=2, first=_freezing),
    Action("repeat", lambda view: Decide(AfterStop.REPEAT)),
    Action("count", lambda view: Decide(AfterStop.COUNT), place=1),
    Action("cylinder_back", lambda view: CylinderBack(), place=1, unless_locked=True),
    Action(
        "enter_contents",
        lambda view: EnterContents(0.0),
        place=2,
        first=lambda view: view.cylinder_changing,
        unless_locked=True,
        digits=True,
    ),
    Action(
        "pain_gone",
        lambda view: FinishHere(PAIN_GONE),
        hold=True,
        place=2,
        first=lambda view: not _counting(view) and not _unconfirmed(view),
    ),
    _PAIN,
    _override(OverrideKind.REFREEZE, refreeze_reasons),
    _override(OverrideKind.WEAK_MAPPING, weak_mapping_reasons),
    _override(OverrideKind.GAS_SHORT, gas_short_reasons),
    _override(OverrideKind.PAIN_MISSING, no_pain_reasons),
    Action(
        "change_cylinder",
        lambda view: ChangeCylinder(),
        first=lambda view: False,
        unless_locked=True,
    ),
    Action("finish", _finish, hold=True, place=2, first=lambda view: view.phase is Phase.STOPPED),
    Action("add_freeze", lambda view: AddFreeze(), place=2),
    _PROBE_OUT,
    Action("new_session", lambda view: NewSession()),
)
"""In the order of the row. Acknowledge stands in the alarm bar, "Use this plan" in Prepare."""


def _idle(view: ProcedureView) -> bool:
    return view.stimulation.running is None


def _line_now(view: ProcedureView) -> CheckItem:
    return view.check.now if view.check.now is not None else CheckItem.PROBE


CHECK_ACTIONS: Final = (
    Action("end_check", lambda view: EndCheck(), wanted=lambda view: not _unchecked(view),
           primary=lambda view: True),
    Action("check_yes", lambda view: AnswerCheck(_line_now(view), passed=True),
           wanted=lambda view: view.check.asks, primary=lambda view: True, question=_line_now),
    Action("check_no", lambda view: AnswerCheck(_line_now(view), passed=False), place=1,
           wanted=lambda view: view.check.asks, question=_line_now),
    Action("check_start", lambda view: StartCheck(_line_now(view)), hold=True,
           wanted=lambda view: view.check.starts, first=lambda view: not view.check.asks,
           primary=lambda view: not view.check.asks),
    Action("back_to_prepare", lambda view: BackToPrepare(), hold=True, place=2,
           wanted=lambda view: not (view.records or view.tests),
           first=lambda view: not view.check.asks),
    Action("check_line_back", lambda view: CheckLineBack(), first=lambda view: False),
    dataclasses.replace(_PROBE_OUT, first=lambda view: False),
)  # fmt: skip
"""Those of the console check: what the present line asks, or starts."""

TIME_OUT_ACTIONS: Final = (
    Action("end_time_out", lambda view: EndTimeOut(), primary=lambda view: True),
    Action("back_to_prepare", lambda view: BackToPrepare(), hold=True, place=2),
    dataclasses.replace(_OPEN_CHECK, wanted=lambda view: True, first=_unchecked),
    dataclasses.replace(_PROBE_OUT, first=lambda view: False),
)
"""Those of the time-out; answers and reasons have places of their own."""

STIMULATION_ACTIONS: Final = (
    Action("to_freeze", lambda view: ToFreeze(), wanted=_idle, primary=lambda view: True),
    Action(
        "end_stimulation", lambda view: EndStimulation(), place=1, wanted=lambda v: not _idle(v)
    ),
    Action("probe_moved", lambda view: ProbeMoved(), place=2),
    _override(OverrideKind.NO_STIMULATION, no_stimulation_reasons),
    _override(OverrideKind.CONTRACTION, contraction_reasons),
    dataclasses.replace(_PAIN, wanted=_idle, first=lambda view: False),
    dataclasses.replace(_OPEN_CHECK, wanted=lambda view: _idle(view) and _OPEN_CHECK.wanted(view)),
    _OPEN_TIME_OUT,
    dataclasses.replace(_PROBE_OUT, wanted=_idle),
)
"""Those of Stimulate. Answers and amplitude keys have places of their own."""

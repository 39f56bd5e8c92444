"""The time-out card: every line answered, what is not clear put right or lifted with a reason, and
nothing before it is done."""

import pytest
from procedure_kit import Case, in_phase, plan

from console.model.event import EventKind
from console.model.override import LONGEST_REASON
from console.model.plan import StimulationPlan
from console.model.request import (
    AnswerTimeOut,
    BackToPrepare,
    ChoosePlan,
    EndTimeOut,
    LiftTimeOut,
    OpenTimeOut,
    StartFreeze,
    StartStimulation,
    Stimulate,
)
from console.model.snapshot import Phase
from console.model.stimulation import StimulationKind
from console.model.time_out import NEVER_LIFTED, TimeOutItem
from console.procedure import view


def answered(case: Case, *, unclear: TimeOutItem | None = None) -> Case:
    """Every line, clear but for one."""
    for item in TimeOutItem:
        assert case.ask(AnswerTimeOut(item, item is not unclear)) is None
    return case


@pytest.mark.hazard("wrong_site", "truth")
def test_at_the_bedside_it_comes_before_everything_that_touches_the_patient() -> None:
    case = Case(plan(), "bedside").checked()
    assert case.phase is Phase.TIME_OUT
    for asked in (StartFreeze(), Stimulate(), StartStimulation(StimulationKind.SENSORY)):
        assert case.ask(asked) == "First the time-out"


@pytest.mark.parametrize("item", TimeOutItem)
@pytest.mark.hazard("wrong_site", "truth")
def test_each_line_alone_keeps_it_open(item: TimeOutItem) -> None:
    case = in_phase(Phase.TIME_OUT)
    for other in TimeOutItem:
        if other is not item:
            case.ask(AnswerTimeOut(other, clear=True))
    assert case.ask(EndTimeOut()) == f"Still to be answered: {item}"
    case.ask(AnswerTimeOut(item, clear=True))
    assert case.ask(EndTimeOut()) is None and case.phase is Phase.READY


@pytest.mark.parametrize("stimulated", [False, True])
def test_done_it_opens_what_comes_next_and_is_told_in_full(stimulated: bool) -> None:
    wanted = StimulationPlan() if stimulated else None
    case = answered(Case(plan(stimulation=wanted), "bedside").checked())
    assert case.ask(EndTimeOut()) is None
    assert case.phase is (Phase.STIMULATE if stimulated else Phase.READY)
    (said,) = case.texts(EventKind.TIME_OUT_DONE)
    assert all(f"{item} clear" in said for item in TimeOutItem)


@pytest.mark.parametrize("item", TimeOutItem)
@pytest.mark.hazard("wrong_site", "truth")
def test_what_is_not_clear_blocks_until_it_is_put_right_or_lifted(item: TimeOutItem) -> None:
    case = answered(in_phase(Phase.TIME_OUT), unclear=item)
    refused = case.ask(EndTimeOut())
    assert refused is not None and ("side" in refused or str(item) in refused)
    lifted = case.ask(LiftTimeOut(item, "judged and accepted"))
    if item in NEVER_LIFTED:
        assert lifted == f"No reason lifts this: {item}"
        assert case.ask(AnswerTimeOut(item, clear=True)) is None, "the newest answer holds"
    else:
        assert lifted is None
        (said,) = case.texts(EventKind.OVERRIDDEN)
        assert f"{item}. Reason: judged and accepted." in said
    assert case.ask(EndTimeOut()) is None


@pytest.mark.hazard("wrong_site", "truth")
def test_a_wrong_side_is_chosen_afresh() -> None:
    case = answered(in_phase(Phase.TIME_OUT), unclear=TimeOutItem.SIDE)
    assert case.ask(EndTimeOut()) == (
        "The side does not agree: go back to Prepare and choose it afresh"
    )
    assert case.ask(BackToPrepare()) is None
    assert case.phase is Phase.PREPARE and case.proc.plan is None and case.proc.time_out == ()
    assert case.ask(ChoosePlan(plan())) is None and case.phase is Phase.CHECK
    case.checked()
    assert case.ask(EndTimeOut()) == "Still to be answered: identity", "and read afresh"


def test_a_reason_lifts_only_what_is_not_clear_and_must_be_one() -> None:
    case = answered(in_phase(Phase.TIME_OUT), unclear=TimeOutItem.ALLERGIES)
    nothing = "Nothing is missing that this would lift"
    assert case.ask(LiftTimeOut(TimeOutItem.INFECTION, "x")) == nothing
    assert case.ask(LiftTimeOut(TimeOutItem.ALLERGIES, "  ")) == "Give a reason"
    too_long = "x" * (LONGEST_REASON + 1)
    assert "at most 200" in str(case.ask(LiftTimeOut(TimeOutItem.ALLERGIES, too_long)))
    assert case.ask(LiftTimeOut(TimeOutItem.ALLERGIES, "x")) is None
    assert case.ask(LiftTimeOut(TimeOutItem.ALLERGIES, "x")) == nothing


@pytest.mark.parametrize("how", ["demonstration", "headless run"])
def test_answered_beforehand_it_says_by_whom(how: str) -> None:
    case = Case(plan(), how)
    assert case.phase is Phase.READY
    shown = view.view(case.proc, case.now).time_out
    assert shown.missing is None
    assert {answer.how for answer in shown.answers} == {how} and len(shown.answers) == 8


def test_in_a_demonstration_it_can_be_read_by_hand_until_the_work_has_begun() -> None:
    case = Case(plan())
    assert case.ask(OpenTimeOut()) is None
    assert case.phase is Phase.TIME_OUT
    answered(case)
    assert case.ask(EndTimeOut()) is None and case.phase is Phase.READY
    assert {answer.how for answer in view.view(case.proc, case.now).time_out.answers} == {""}
    case = Case(plan(5.0, 5.0, sites=2)).freeze().ends()
    case.thaws(45.0)
    assert case.ask(OpenTimeOut()) == "The probe is thawing"

"""+0:30 can be undone for five seconds, because it is not sent before."""

import pytest
from procedure_kit import FREEZING, Case, plan

from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.request import EndFreeze, ExtendFreeze, ProbeMoved, UndoExtend
from console.model.snapshot import Phase
from console.procedure import step, view
from console.procedure.requests import controls
from console.procedure.state import SendExtend

ASKED = ExtendFreeze(30.0, undo_s=5.0)


def asked() -> Case:
    case = Case(plan(120.0)).freeze()
    assert case.ask(ASKED) is None
    return case


def goes_on(case: Case, ms: int, *, left_ms: int = 90_000) -> Case:
    for _ in range(0, ms, 50):
        case.see(FREEZING, -70.0, remaining_freeze_ms=left_ms)
    return case


def sent(case: Case) -> int:
    return case.said.count(SendExtend(30.0))


def test_it_is_sent_once_after_five_seconds() -> None:
    case = goes_on(asked(), 4_950)
    assert sent(case) == 0
    assert controls(case.proc, case.now)["undo_extend"].detail == "sent in 0:00"
    goes_on(case, 50)
    assert sent(case) == 1
    goes_on(case, 10_000)
    assert sent(case) == 1 and view.view(case.proc, case.now).extended_in_s is None


def test_until_then_it_is_undone_and_nothing_is_sent() -> None:
    case = goes_on(asked(), 3_000)
    assert view.view(case.proc, case.now).extended_in_s == pytest.approx(2.0)
    control = controls(case.proc, case.now)["undo_extend"]
    assert (control.label, control.detail, control.blocked) == ("Undo +0:30", "sent in 0:02", None)
    assert case.ask(UndoExtend()) is None
    assert case.texts(EventKind.EXTENSION_UNDONE) == ["+0:30 was undone before it was sent."]
    goes_on(case, 10_000)
    assert sent(case) == 0 and case.record.extended_s == 0.0
    assert case.ask(ASKED) is None, "and it may be asked for again"


def test_a_second_tap_of_the_same_finger_undoes_nothing() -> None:
    case = asked()
    goes_on(case, 650)
    assert case.ask(UndoExtend()) == "Just asked for"
    goes_on(case, 50)
    assert case.ask(UndoExtend()) is None


def test_a_freeze_that_is_about_to_end_is_extended_at_once() -> None:
    case = goes_on(asked(), 50, left_ms=2_001)
    assert sent(case) == 0
    goes_on(case, 50, left_ms=2_000)
    assert sent(case) == 1


def test_one_at_a_time() -> None:
    case = asked()
    assert case.ask(ASKED) == "One is on its way"
    goes_on(case, 5_000)
    case.take(step.extended(case.proc, 30.0))
    assert case.ask(ASKED) is None and case.record.extended_s == 30.0


@pytest.mark.parametrize("asked_for", [EndFreeze(), ProbeMoved()])
def test_a_freeze_that_is_ended_is_not_extended(asked_for: EndFreeze | ProbeMoved) -> None:
    case = asked()
    assert case.ask(asked_for) is None
    assert case.ask(ASKED) == "Ending"
    goes_on(case, 6_000)
    assert sent(case) == 0
    case.ends(FreezeEnd.END)
    assert case.proc.extending is None


def test_nor_is_one_that_was_stopped_or_ended_by_itself() -> None:
    stopped, ended = asked(), asked()
    stopped.stop()
    ended.ends()
    for case in (stopped, ended):
        assert case.phase is not Phase.FREEZING and case.proc.extending is None
        assert sent(case) == 0


def test_without_a_time_to_undo_it_is_sent_at_once() -> None:
    case = Case(plan(120.0)).freeze()
    assert case.ask(ExtendFreeze(30.0)) is None
    assert sent(case) == 1 and case.ask(UndoExtend()) == "Nothing can be undone"


@pytest.mark.parametrize("undo_s", [-1.0, float("nan"), 241.0])
def test_a_time_that_is_none_is_refused(undo_s: float) -> None:
    case = Case(plan(120.0)).freeze()
    assert "is no time to undo it" in (case.ask(ExtendFreeze(30.0, undo_s)) or "")

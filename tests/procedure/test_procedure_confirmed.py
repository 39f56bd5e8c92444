"""What the plan says of a site: how it is confirmed, whether motor loss is consented to, and a
target that is numb."""

import msgspec
import pytest
from procedure_kit import Case, plan

from console.model.event import EventKind
from console.model.mapping import MappingNamed, MappingVisit
from console.model.override import OverrideKind
from console.model.plan import Confirmation, Plan, Side, StimulationPlan
from console.model.preparation import Anaesthetic, Preparation
from console.model.request import (
    PAIN_GONE,
    ChoosePlan,
    FinishHere,
    Override,
    Stimulate,
)
from console.model.snapshot import Phase
from console.model.stimulation import (
    StimulationAnswer,
    StimulationKind,
    StimulationRecord,
)
from console.procedure import pain, requests
from console.procedure.confirmed import NUMB, unconfirmed

MOTOR, SENSORY = StimulationKind.MOTOR, StimulationKind.SENSORY


def _plan(**site: object) -> Plan:
    made = plan(stimulation=StimulationPlan())
    return msgspec.structs.replace(
        made, sites=(msgspec.structs.replace(made.sites[0], **site), *made.sites[1:])
    )


def _answered(case: Case, kind: StimulationKind, answer: StimulationAnswer) -> None:
    record = StimulationRecord(
        site=case.proc.site, placement=case.proc.placement, kind=kind, unit="mA", rate_hz=2.0,
        pulse_ms=0.5, limit_ua=1_000, started_ms=0, answer=answer, answered_ua=400,
    )  # fmt: skip
    case.proc = msgspec.structs.replace(case.proc, tests=(*case.proc.tests, record))


@pytest.mark.parametrize("how", [Confirmation.ULTRASOUND, Confirmation.DIRECT_VISION])
def test_a_site_that_is_seen_needs_neither_test_nor_override(how: Confirmation) -> None:
    case = Case(_plan(confirmed_by=how))
    assert case.phase is Phase.READY
    assert unconfirmed(case.proc) is None
    case.freeze()
    assert case.proc.overrides == ()


def test_a_site_confirmed_by_stimulation_begins_there() -> None:
    case = Case(_plan(confirmed_by=Confirmation.STIMULATION))
    assert case.phase is Phase.STIMULATE
    assert unconfirmed(case.proc) == "The sensory test is not done"


def test_a_site_that_is_seen_may_be_stimulated_all_the_same_and_a_contraction_counts() -> None:
    case = Case(_plan(confirmed_by=Confirmation.ULTRASOUND))
    assert case.ask(Stimulate()) is None
    _answered(case, MOTOR, StimulationAnswer.CONTRACTION)
    assert "muscle contracts" in (unconfirmed(case.proc) or "")


def test_with_motor_loss_consented_to_a_contraction_keeps_nothing_from_starting() -> None:
    case = Case(_plan(motor_loss_consented=True))
    _answered(case, SENSORY, StimulationAnswer.USUAL_AREA)
    _answered(case, MOTOR, StimulationAnswer.CONTRACTION)
    assert unconfirmed(case.proc) is None
    refused = case.ask(Override(OverrideKind.CONTRACTION, "the reason"))
    assert refused == "Nothing is missing that this would lift"


def test_a_numb_target_makes_the_sensory_test_say_nothing() -> None:
    case = Case(_plan())
    numb = Preparation(Anaesthetic.AT_TARGET)
    case.proc = msgspec.structs.replace(case.proc, preparation=numb)
    shown = requests.controls(case.proc, case.now)
    assert shown["start_sensory"].blocked == NUMB
    assert shown["start_motor"].blocked is None
    _answered(case, SENSORY, StimulationAnswer.USUAL_AREA)
    assert unconfirmed(case.proc) == NUMB
    assert case.ask(Override(OverrideKind.NO_STIMULATION, "Nerve seen on ultrasound")) is None
    assert unconfirmed(case.proc) is None


@pytest.mark.parametrize("where", [Anaesthetic.SKIN_AND_TRACK, Anaesthetic.NONE, None])
def test_any_other_anaesthetic_leaves_the_test_as_it_is(where: Anaesthetic | None) -> None:
    case = Case(_plan())
    case.proc = msgspec.structs.replace(case.proc, preparation=Preparation(where))
    assert requests.controls(case.proc, case.now)["start_sensory"].blocked is None
    assert requests.controls(case.proc, case.now)["start_motor"].blocked is not None


def _chosen(told: Preparation, made: Plan | None = None, how: str = "bedside") -> Case:
    case = Case()
    asked = ChoosePlan(made if made is not None else _plan(), how=how, preparation=told)
    assert case.ask(asked) is None
    return case


def test_the_baseline_pain_is_the_first_score() -> None:
    case = _chosen(Preparation(baseline_pain=7))
    (score,) = case.proc.pain
    assert (score.score, score.site, score.after) == (7, 0, 0)
    assert case.texts(EventKind.PAIN) == ["Pain 7 of 10 before the first freeze."]


def test_a_score_that_is_none_is_refused_with_the_plan() -> None:
    asked = ChoosePlan(_plan(), preparation=Preparation(baseline_pain=11))
    assert Case().ask(asked) == "baseline_pain: 11 is no pain score: from 0 to 10"


def test_what_was_told_stands_in_the_history() -> None:
    made = _plan(confirmed_by=Confirmation.ULTRASOUND, motor_loss_consented=True)
    case = _chosen(Preparation(Anaesthetic.AT_TARGET, sedation=True), made)
    (text,) = case.texts(EventKind.PLAN_CHOSEN)
    assert "Confirmed: LEFT SAPHENOUS by ultrasound." in text
    assert "Motor loss is consented to: LEFT SAPHENOUS." in text
    assert "Local anaesthetic: at the target. The sensory test and the pain say nothing" in text
    assert text.endswith(" Sedated.")


def test_with_a_numb_target_pain_gone_is_no_outcome() -> None:
    case = Case(plan())
    case.freeze().ends().thaws(45.0)
    assert requests.controls(case.proc, case.now)["pain_gone"].blocked is None
    numb = Preparation(Anaesthetic.AT_TARGET)
    case.proc = msgspec.structs.replace(case.proc, preparation=numb)
    assert case.ask(FinishHere(PAIN_GONE)) == pain.NUMB
    assert case.ask(FinishHere()) is None


def _mapped(percent: float) -> Preparation:
    visit = MappingVisit("sural", Side.LEFT, percent)
    return Preparation(mapping=MappingNamed("20261107-093000-1b58", "2026-11-07", "A-17", visit))


def test_a_mapping_that_cannot_be_is_refused_with_the_plan() -> None:
    refused = Case().ask(ChoosePlan(plan(), preparation=_mapped(140.0)))
    assert refused == "mapping.relief_percent: 140, from 0 to 100"


def test_with_a_numb_target_no_score_is_missing() -> None:
    case = _chosen(Preparation(Anaesthetic.AT_TARGET), plan())
    assert pain.missing(case.proc) is None
    assert pain.missing(_chosen(Preparation(Anaesthetic.NONE), plan()).proc) is not None

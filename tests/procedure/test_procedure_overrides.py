"""What a clinician may go on without, giving a reason, and what nobody may."""

from typing import Any, Final

import msgspec
import pytest
from procedure_kit import DEVICE, FREEZING, IDLE, Case, in_phase, plan

from console.model.cylinder import Cylinder
from console.model.event import EventKind
from console.model.mapping import MappingNamed, MappingVisit
from console.model.observation import FreezeEnd
from console.model.override import LONGEST_REASON, OverrideKind
from console.model.plan import NextFreeze, Side, StimulationPlan
from console.model.preparation import Preparation
from console.model.request import (
    AfterStop,
    AnswerTimeOut,
    ChoosePlan,
    Decide,
    EndTimeOut,
    LiftTimeOut,
    Override,
    ProbeMoved,
    ProbeOut,
    ScorePain,
    StartFreeze,
)
from console.model.snapshot import Phase
from console.model.time_out import NEVER_LIFTED, TimeOutItem
from console.procedure import overrides, requests
from console.procedure.overrides import OVERRIDES, Scope

REFREEZE, PAIN = OverrideKind.REFREEZE, OverrideKind.PAIN_MISSING
NOTHING: Final = "Nothing is missing that this would lift"


def bedside(*freezes: float, **fields: Any) -> Case:
    """A case whose time-out is done, and whose pain was asked for."""
    case = Case(plan(*freezes, **fields), "bedside").checked()
    for item in TimeOutItem:
        assert case.ask(AnswerTimeOut(item, clear=True)) is None
    assert case.ask(EndTimeOut()) is None
    assert case.ask(ScorePain(7)) is None
    case.see(IDLE, 35.0)
    return case


# --- the table ---------------------------------------------------------------------------------


def test_every_kind_has_its_row() -> None:
    assert {row.kind for row in OVERRIDES} == set(OverrideKind)
    assert len(OVERRIDES) == len(OverrideKind)
    offered = {row.name for row in overrides.ROWS}
    assert offered == {"lift_time_out"} | {
        f"override_{row.kind.name.lower()}" for row in OVERRIDES if row.scope is not Scope.ITEM
    }


# --- a refreeze before the thaw's end -----------------------------------------------------------


def test_a_refreeze_before_the_thaws_end_needs_a_reason() -> None:
    case = Case(plan()).freeze().ends().thaws(20.0)
    assert case.ask(StartFreeze()) == "Thaw for 0:25 more"
    assert case.ask(Override(REFREEZE, "  ")) == "Give a reason"
    too_long = "x" * (LONGEST_REASON + 1)
    assert case.ask(Override(REFREEZE, too_long)) == "The reason has 201 letters: at most 200"
    assert case.ask(Override(REFREEZE, " ice too small\n on ultrasound")) is None
    assert case.texts(EventKind.OVERRIDDEN) == [
        "Override: goes on before the thaw's end. Reason: ice too small on ultrasound."
    ]
    given = case.proc.overrides[-1]
    assert (given.kind, given.freezes, given.what) == (REFREEZE, 1, "Thaw for 0:25 more")
    assert case.ask(Override(REFREEZE, "again")) == NOTHING
    assert case.ask(StartFreeze()) is None


def test_a_refreeze_that_was_lifted_once_is_asked_for_again() -> None:
    case = Case(plan()).freeze().ends().thaws(20.0)
    assert case.ask(Override(REFREEZE, "ice too small")) is None
    case.freeze().ends().thaws(5.0)
    assert case.ask(StartFreeze()) == "Thaw for 0:40 more"


def test_a_repeat_of_the_freeze_it_was_lifted_for_asks_again() -> None:
    case = Case(plan()).freeze().ends().thaws(20.0)
    assert case.ask(Override(REFREEZE, "ice too small")) is None
    case.freeze().stop()
    case.end_said(FreezeEnd.STOP)
    case.thaws(1.0)
    assert case.ask(Decide(AfterStop.REPEAT)) is None
    assert case.ask(StartFreeze()) == "Thaw for 0:44 more"


def test_after_the_thaw_nothing_is_lifted() -> None:
    case = Case(plan()).freeze().ends().thaws(45.0)
    assert case.ask(Override(REFREEZE, "why not")) == NOTHING


def test_an_automatic_start_waits_for_the_thaw_all_the_same() -> None:
    case = Case(plan(next_freeze=NextFreeze.AUTO)).freeze().ends().thaws(20.0)
    assert case.ask(Override(REFREEZE, "ice too small")) is None
    case.thaws(5.0)
    assert case.phase is Phase.THAWING


# --- the pain score ----------------------------------------------------------------------------


def test_each_start_waits_for_a_pain_score_or_a_reason() -> None:
    case = bedside()
    case.freeze().ends().thaws(45.0)
    assert case.ask(StartFreeze()) == "Pain after freeze 1 is not scored"
    assert case.ask(Override(PAIN, "sedated")) is None
    case.freeze().ends().thaws(45.0)
    assert case.ask(StartFreeze()) == "Pain after freeze 2 is not scored"
    assert case.ask(ScorePain(2)) is None
    assert case.ask(StartFreeze()) is None


def test_the_baseline_is_asked_for_too() -> None:
    case = bedside()
    case.proc = msgspec.structs.replace(case.proc, pain=())
    assert case.ask(StartFreeze()) == "Pain before the first freeze is not scored"
    assert case.ask(Override(PAIN, "cannot say")) is None
    assert case.ask(StartFreeze()) is None


def test_a_score_at_the_next_site_counts_and_so_does_the_last_of_the_one_before() -> None:
    def at_second() -> Case:
        case = bedside(60.0, sites=2).freeze().ends()
        case.see(IDLE, 20.0, free=True)
        return case

    last, next_one, neither = at_second(), at_second(), at_second()
    assert last.ask(ScorePain(1)) is None and last.ask(ProbeOut()) is None
    assert next_one.ask(ProbeOut()) is None and next_one.ask(ScorePain(6)) is None
    assert neither.ask(ProbeOut()) is None
    assert neither.ask(StartFreeze()) == "Pain after freeze 1 is not scored"
    for case in (last, next_one):
        case.see(IDLE, 35.0)
        assert case.ask(StartFreeze()) is None


@pytest.mark.parametrize("how", ["demonstration", "headless run"])
def test_where_nobody_can_be_asked_no_score_is_missing(how: str) -> None:
    assert Case(plan(), how).ask(StartFreeze()) is None


# --- a weak mapping, and gas that may not last ---------------------------------------------------


def named(relief_percent: float) -> Preparation:
    visit = MappingVisit("saphenous", Side.LEFT, relief_percent)
    return Preparation(mapping=MappingNamed("20261001-0900", "2026-10-01", "117", visit))


@pytest.mark.parametrize(("relief", "weak"), [(89.0, True), (90.0, False), (100.0, False)])
def test_a_weak_mapping_needs_a_reason_once(relief: float, weak: bool) -> None:
    case = Case(plan())
    case.proc = msgspec.structs.replace(case.proc, preparation=named(relief))
    refused = case.ask(StartFreeze())
    if not weak:
        assert refused is None
        return
    assert refused == "The mapping was weak: 89 % relief, 90 % or more counts as successful"
    assert case.ask(Override(OverrideKind.WEAK_MAPPING, "agreed with the patient")) is None
    case.freeze().ends().thaws(45.0)
    case.ask(ProbeMoved())
    assert case.ask(StartFreeze()) is None, "given for the session"


def test_gas_that_may_not_last_needs_a_reason_for_each_start() -> None:
    case = Case(plan())
    case.now = msgspec.structs.replace(case.now, cylinder=Cylinder(50.0, "2026-11-21T09:00:00"))
    assert "may not finish the plan" in (case.ask(StartFreeze()) or "")
    assert case.ask(Override(OverrideKind.GAS_SHORT, "another is at hand")) is None
    case.freeze().ends().thaws(45.0)
    assert "may not finish the plan" in (case.ask(StartFreeze()) or "")


def test_gas_that_lasts_or_was_never_entered_needs_none() -> None:
    case = Case(plan())
    assert overrides.standing(case.proc, case.now) is None
    case.now = msgspec.structs.replace(case.now, cylinder=Cylinder(5_000.0, "2026-11-21T09:00:00"))
    assert overrides.standing(case.proc, case.now) is None


# --- a line of the time-out --------------------------------------------------------------------


def test_a_line_of_the_time_out_is_lifted_with_a_reason_and_recorded_with_the_others() -> None:
    case = Case(plan(), "bedside").checked()
    for item in TimeOutItem:
        case.ask(AnswerTimeOut(item, clear=item is not TimeOutItem.ALLERGIES))
    assert case.ask(EndTimeOut()) is not None
    assert case.ask(LiftTimeOut(TimeOutItem.ALLERGIES, " ")) == "Give a reason"
    assert case.ask(LiftTimeOut(TimeOutItem.ALLERGIES, "no latex in the room")) is None
    given = case.proc.overrides[-1]
    assert given.kind is OverrideKind.TIME_OUT_ITEM
    assert (given.what, given.reason) == ("Not clear: allergies", "no latex in the room")
    assert case.ask(EndTimeOut()) is None


# --- what nobody may ---------------------------------------------------------------------------

NEVER: Final[dict[str, dict[str, Any]]] = {
    "an interlock that is not ready": {"not_ready": ("The thermocouple reads nothing",)},
    "a latched alarm": {"not_ready": ("First acknowledge: link lost",)},
    "no lease, no reading": {"not_ready": ("No frame from the console",), "fresh": False},
    "a probe that is expired": {"not_ready": ("The probe expired on 2026-01-01",)},
}


def with_every_override(case: Case) -> Case:
    """All that there is, as if each had been given just now."""
    for row in OVERRIDES:
        case.take(overrides._given(case.proc, row, "every reason", "", row.words))
    return case


@pytest.mark.parametrize("what", NEVER)
@pytest.mark.parametrize("phase", [Phase.READY, Phase.THAWING])
def test_no_reason_lifts(phase: Phase, what: str) -> None:
    case = in_phase(phase)
    assert requests.controls(case.proc, case.now)["start_freeze"].blocked is None
    case = with_every_override(case)
    case.now = msgspec.structs.replace(case.now, **NEVER[what])
    assert case.ask(StartFreeze()) == NEVER[what]["not_ready"][0]


def test_no_reason_lets_gas_and_stimulation_be_on_together() -> None:
    case = with_every_override(in_phase(Phase.READY))
    case.see(IDLE, 36.0, stimulator_on=True)
    assert case.ask(StartFreeze()) == "The stimulator is on"
    case.see(FREEZING, 36.0)
    assert case.ask(StartFreeze()) == "The gas is on already"


def test_no_reason_starts_more_than_was_planned() -> None:
    case = with_every_override(in_phase(Phase.RELEASING))
    assert case.ask(StartFreeze()) == "All freezes of this site are done"


def test_no_reason_takes_a_plan_beyond_the_consoles_limits() -> None:
    case = with_every_override(Case())
    case.now = msgspec.structs.replace(
        case.now, device=msgspec.structs.replace(DEVICE, coldest_target_celsius=-60.0)
    )
    assert "colder than this" in (case.ask(ChoosePlan(plan())) or "")


@pytest.mark.parametrize("item", NEVER_LIFTED)
def test_no_reason_lifts_identity_consent_or_side(item: TimeOutItem) -> None:
    case = Case(plan(), "bedside").checked()
    case.ask(AnswerTimeOut(item, clear=False))
    assert case.ask(LiftTimeOut(item, "in a hurry")) == f"No reason lifts this: {item}"


def test_no_reason_starts_while_the_time_out_is_open() -> None:
    case = with_every_override(in_phase(Phase.READY))
    case.proc = msgspec.structs.replace(case.proc, time_out=case.proc.time_out[:-1])
    assert case.ask(StartFreeze()) == "Still to be answered: infection at the site"


@pytest.mark.parametrize("phase", Phase)
def test_whatever_was_lifted_a_stop_stops(phase: Phase) -> None:
    case = with_every_override(in_phase(phase))
    case.stop()
    assert case.phase not in (Phase.STARTING, Phase.FREEZING)
    assert not case.proc.awaits_disk


def test_a_stimulation_of_another_placement_is_asked_for_again() -> None:
    case = Case(plan(stimulation=StimulationPlan()))
    assert case.ask(Override(OverrideKind.NO_STIMULATION, "seen on ultrasound")) is None
    assert case.ask(ProbeMoved()) is None
    assert overrides.standing(case.proc, case.now) == "The probe was moved: stimulate again"

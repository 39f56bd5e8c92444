"""From one site to the next: each with its own placement, tests and freezes."""

import pytest
from procedure_kit import IDLE, THAWING, Case, in_phase, plan

from console.model.event import EventKind
from console.model.plan import StimulationPlan
from console.model.request import ProbeOut, StartFreeze, ToFreeze
from console.model.snapshot import Phase
from console.procedure.requests import controls
from console.procedure.view import outcome


def out_of_the_first(case: Case, reason: str = "") -> Case:
    """The first site is frozen once and left."""
    case.freeze().ends()
    case.see(THAWING, 20.0, free=not reason)
    assert case.ask(ProbeOut(reason)) is None
    return case


def test_probe_is_out_says_which_site_comes_next() -> None:
    case = Case(plan(60.0, sites=2)).freeze().ends()
    early = controls(case.proc, case.now)["probe_out"].detail
    assert early == "early: give a reason; then RIGHT SAPHENOUS"
    case.see(THAWING, 20.0, free=True)
    assert controls(case.proc, case.now)["probe_out"].detail == "then RIGHT SAPHENOUS"
    assert case.ask(ProbeOut()) is None
    assert case.texts(EventKind.NEXT_SITE) == ["Site 2 of 2: RIGHT SAPHENOUS."]
    assert controls(case.proc, case.now)["probe_out"].detail == "early: give a reason"


def test_the_next_site_is_stimulated_afresh() -> None:
    case = Case(plan(60.0, sites=2, stimulation=StimulationPlan()))
    case.ask(ProbeOut("another way"))
    assert (case.phase, case.proc.site) == (Phase.STIMULATE, 1)
    assert case.ask(ToFreeze()) == "The sensory test is not done"


def test_a_site_that_is_left_out_is_told_and_the_session_has_ended_early() -> None:
    case = out_of_the_first(Case(plan(60.0, sites=2)))
    assert case.ask(ProbeOut(" ")) == "The probe is not known to be free: give a reason"
    assert case.ask(ProbeOut("the patient has had enough")) is None
    assert case.phase is Phase.OUT and outcome(case.proc) == "ended early"
    assert case.proc.released_early == "the patient has had enough"


def test_what_was_early_at_one_site_is_not_forgotten_at_the_next() -> None:
    case = out_of_the_first(Case(plan(60.0, sites=2)), "emergency")
    out_of_the_first(case)
    assert case.phase is Phase.OUT and case.proc.released_early == "emergency"
    assert outcome(case.proc) == "ended early"


@pytest.mark.parametrize("phase", [Phase.CHECK, Phase.TIME_OUT])
def test_a_card_that_was_not_read_opens_no_site(phase: Phase) -> None:
    case = Case(plan(60.0, sites=2), "bedside")
    if phase is Phase.TIME_OUT:
        case.checked()
    assert case.phase is phase
    assert case.ask(ProbeOut("not today")) is None
    assert case.phase is Phase.OUT and case.proc.site == 0


def test_a_freeze_of_the_next_site_waits_for_no_thaw_of_the_one_before() -> None:
    case = out_of_the_first(Case(plan(60.0, 60.0, sites=2)), "moved on")
    case.see(IDLE, 30.0)
    assert case.ask(StartFreeze()) is None


def test_after_the_last_site_the_session_has_ended() -> None:
    assert in_phase(Phase.OUT).texts(EventKind.NEXT_SITE) == []

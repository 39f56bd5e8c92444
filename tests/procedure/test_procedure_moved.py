"""The probe is moved, one freeze is added, the pain is gone."""

import pytest
from procedure_kit import IDLE, THAWING, Case, in_phase, plan

from console.model.cycle import CycleState
from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.plan import NextFreeze
from console.model.request import PAIN_GONE, AddFreeze, FinishHere, ProbeMoved, ProbeOut
from console.model.snapshot import Phase
from console.procedure.requests import controls
from console.procedure.state import SendArm, SendEnd, SendStop


@pytest.mark.hazard("probe_moved", "truth")
def test_a_probe_moved_in_mid_freeze_ends_it_and_is_a_new_placement() -> None:
    case = Case(plan(next_freeze=NextFreeze.AUTO)).freeze()
    assert case.record.placement == 1
    assert case.ask(ProbeMoved()) is None
    assert SendEnd() in case.said and case.proc.placement == 2
    case.ends(FreezeEnd.END)
    assert case.record.state is CycleState.ENDED_EARLY
    assert "Hazard" in case.texts(EventKind.PROBE_MOVED)[0]
    assert case.proc.moved_cold == 1


def test_end_goes_out_once_however_often_the_probe_moves() -> None:
    case = Case(plan()).freeze()
    case.ask(ProbeMoved())
    case.ask(ProbeMoved())
    assert case.said.count(SendEnd()) == 1 and case.proc.placement == 3


def test_nothing_starts_by_itself_after_a_moved_probe() -> None:
    case = Case(plan(next_freeze=NextFreeze.AUTO)).freeze().ends()
    assert case.ask(ProbeMoved()) is None
    case.said.clear()
    case.thaws(60.0)
    assert case.phase is Phase.THAWING and SendArm() not in case.said
    case.freeze()
    assert case.record.placement == 2


def test_a_probe_moved_before_any_freeze_is_no_hazard() -> None:
    case = Case(plan())
    case.ask(ProbeMoved())
    case.see(IDLE, 36.0)
    assert case.texts(EventKind.PROBE_MOVED) == ["The probe was moved: placement 2."]
    assert case.proc.moved_cold is None


@pytest.mark.hazard("probe_moved", "truth")
def test_a_probe_moved_when_free_is_no_hazard_and_with_an_unknown_tip_it_is() -> None:
    free, unknown = in_phase(Phase.FREE), in_phase(Phase.RELEASING)
    unknown.see(THAWING, None)
    free.ask(ProbeMoved())
    unknown.ask(ProbeMoved())
    assert "Hazard" not in free.texts(EventKind.PROBE_MOVED)[0]
    assert "tip at ---" in unknown.texts(EventKind.PROBE_MOVED)[0]
    assert (free.proc.moved_cold, unknown.proc.moved_cold) == (None, len(unknown.proc.records))


def test_the_next_site_begins_with_its_first_placement() -> None:
    case = Case(plan(60.0, sites=2)).freeze()
    case.ask(ProbeMoved())
    case.ends(FreezeEnd.END)
    case.see(THAWING, 20.0, free=True)
    assert case.ask(ProbeOut()) is None
    assert (case.proc.site, case.proc.placement) == (1, 1)


def test_one_more_freeze_follows_the_last_and_waits_to_be_started() -> None:
    case = Case(plan(60.0, next_freeze=NextFreeze.AUTO)).freeze().ends()
    assert case.phase is Phase.RELEASING
    assert controls(case.proc, case.now)["add_freeze"].detail == "1:00"
    assert case.ask(AddFreeze()) is None
    case.thaws(60.0)
    assert case.phase is Phase.THAWING
    case.freeze().ends()
    assert case.phase is Phase.RELEASING and [r.number for r in case.proc.records] == [1, 2]


def test_after_an_early_finish_one_more_is_one_more() -> None:
    case = Case(plan(60.0, 60.0, 60.0)).freeze().ends().thaws(45.0)
    case.ask(FinishHere(PAIN_GONE))
    assert "(pain gone)" in case.texts(EventKind.DECIDED)[0]
    case.ask(AddFreeze())
    case.freeze().ends()
    assert case.phase is Phase.RELEASING and len(case.proc.records) == 2


AFTER: dict[Phase, tuple[Phase, int]] = {
    Phase.STIMULATE: (Phase.STIMULATE, 2),
    Phase.READY: (Phase.READY, 2),
    Phase.STARTING: (Phase.READY, 2),
    Phase.FREEZING: (Phase.FREEZING, 2),  # until the device has ended it
    Phase.THAWING: (Phase.THAWING, 2),
    Phase.STOPPED: (Phase.STOPPED, 2),
    Phase.RELEASING: (Phase.RELEASING, 2),
    Phase.FREE: (Phase.FREE, 2),
}


@pytest.mark.parametrize("phase", Phase)
def test_a_probe_that_was_moved_is_another_placement_in_every_phase(phase: Phase) -> None:
    case = in_phase(phase)
    refused = case.ask(ProbeMoved())
    if phase in AFTER:
        assert refused is None and (case.phase, case.proc.placement) == AFTER[phase]
        assert case.proc.hold, "nothing starts by itself after that"
    else:
        assert refused is not None and case.proc.placement == 1


def test_a_probe_moved_as_a_freeze_starts_gives_the_start_up() -> None:
    case = in_phase(Phase.STARTING)
    assert controls(case.proc, case.now)["probe_moved"].detail == "gives up the start"
    assert case.ask(ProbeMoved()) is None
    assert SendStop() in case.said and not case.proc.awaits_disk
    assert case.texts(EventKind.START_FAILED) == ["Freeze 1 did not start: the probe was moved."]


def test_at_the_next_site_a_cold_tip_is_not_that_of_a_probe_that_was_frozen_in() -> None:
    case = Case(plan(60.0, sites=2)).freeze().ends()
    assert case.ask(ProbeOut("thawed on ultrasound")) is None
    case.see(IDLE, 5.0)
    case.ask(ProbeMoved())
    assert case.texts(EventKind.PROBE_MOVED) == ["The probe was moved: placement 2."]

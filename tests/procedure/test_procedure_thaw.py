"""Between freezes, after the last, and from one site to the next."""

from typing import Any

import msgspec
import pytest
from procedure_kit import THAWING, Case, in_phase, plan

from console.model.cycle import CycleState
from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.plan import Cycle, NextFreeze, Plan, Side, Site, ThawEnd
from console.model.request import (
    AfterStop,
    Decide,
    FinishHere,
    ProbeOut,
    StartFreeze,
    Wait,
)
from console.model.snapshot import Phase
from console.procedure import step
from console.procedure.thaw import auto_start_in_s, thaw_left_s
from console.procedure.view import Beside, view

AUTO = {"next_freeze": NextFreeze.AUTO}
BY_TIP = {"thaw_end": ThawEnd.TIP_ABOVE, "thaw_tip_celsius": 10.0}


def thawing(**fields: Any) -> Case:
    """Just after the first of three freezes."""
    return Case(plan(**fields)).freeze().ends()


# --- when the thaw is over ---------------------------------------------------------------------


def test_by_time_it_opens_when_the_planned_thaw_is_over() -> None:
    case = thawing()
    assert case.proc.gas_off_ms is not None
    rest_ms = case.proc.gas_off_ms + 45_000 - case.at_ms
    case.see(THAWING, -8.0, ms=rest_ms - 1_000)
    assert case.ask(StartFreeze()) == "Thaw for 0:01 more"
    case.see(THAWING, -8.0, ms=999)
    assert case.ask(StartFreeze()) is not None
    assert thaw_left_s(case.proc) == pytest.approx(0.001)
    case.see(THAWING, -8.0, ms=1)
    assert thaw_left_s(case.proc) == 0.0
    assert case.ask(StartFreeze()) is None


@pytest.mark.parametrize(
    ("tip", "opens"), [(9.99, False), (10.0, False), (10.01, True), (None, False)]
)
def test_by_tip_it_opens_when_the_tip_is_above_it_and_known(tip: float | None, opens: bool) -> None:
    case = thawing(**BY_TIP).thaws(600.0)
    case.see(THAWING, tip)
    refused = case.ask(StartFreeze())
    assert (refused is None) is opens
    assert opens or refused == "Thaw until the tip is above 10 °C"


def test_by_tip_an_old_reading_opens_nothing() -> None:
    case = thawing(**BY_TIP)
    case.see(THAWING, 20.0)
    case.now = msgspec.structs.replace(case.now, fresh=False)
    assert case.ask(StartFreeze()) == "Thaw until the tip is above 10 °C"


def test_the_first_freeze_of_a_site_waits_for_no_thaw() -> None:
    for fields in ({}, BY_TIP):
        assert Case(plan(**fields)).ask(StartFreeze()) is None


def test_each_thaw_is_that_of_the_freeze_before_it_and_a_repeat_keeps_its_own() -> None:
    cycles = (Cycle(60.0, 10.0), Cycle(60.0, 20.0), Cycle(60.0, 30.0))
    case = Case(Plan((Site("n", Side.LEFT, cycles),)))
    case.freeze().ends()
    assert thaw_left_s(case.proc) == pytest.approx(9.95)
    case.thaws(10.0).freeze().stop()
    assert case.ask(Decide(AfterStop.REPEAT)) == "The gas is not confirmed off"
    case.see(THAWING)
    assert case.ask(Decide(AfterStop.REPEAT)) is None
    assert thaw_left_s(case.proc) == pytest.approx(19.95)
    case.thaws(20.0).freeze().ends()
    assert case.proc.cycle == 2 and thaw_left_s(case.proc) == pytest.approx(19.95)


# --- by itself ---------------------------------------------------------------------------------


def test_the_next_freeze_starts_by_itself_when_the_thaw_is_over() -> None:
    case = thawing(**AUTO).thaws(44.9)
    assert case.phase is Phase.THAWING and auto_start_in_s(case.proc) == pytest.approx(0.05)
    case.see(THAWING)
    assert case.phase is Phase.STARTING
    assert case.texts(EventKind.START_ASKED)[-1] == "Start freeze 2 asked for by itself"


def test_it_starts_by_itself_at_a_tip_too() -> None:
    case = thawing(**AUTO, **BY_TIP).thaws(200.0, tip=10.0)
    assert case.phase is Phase.THAWING and auto_start_in_s(case.proc) is None
    case.see(THAWING, 10.01)
    assert case.phase is Phase.STARTING


@pytest.mark.parametrize("fields", [{}, BY_TIP])
def test_asked_for_it_does_not_start_by_itself(fields: dict[str, Any]) -> None:
    case = thawing(**fields).thaws(120.0, tip=20.0)
    assert case.phase is Phase.THAWING and auto_start_in_s(case.proc) is None
    assert case.ask(StartFreeze()) is None


@pytest.mark.parametrize("fields", [AUTO, AUTO | BY_TIP])
def test_what_cannot_start_when_it_is_due_waits_to_be_asked(fields: dict[str, Any]) -> None:
    case = thawing(**fields).thaws(44.9)
    case.now = msgspec.structs.replace(case.now, not_ready=("Supply low",))
    case.see(THAWING, 20.0)
    assert case.phase is Phase.THAWING and case.proc.hold
    assert case.texts(EventKind.NEXT_HELD) == [
        "The next freeze waits to be started: Supply low."
    ]  # fmt: skip
    case.now = msgspec.structs.replace(case.now, not_ready=())
    case.thaws(10.0, tip=20.0)
    assert case.phase is Phase.THAWING, "never by itself after that"
    assert case.ask(StartFreeze()) is None


@pytest.mark.parametrize("fields", [AUTO, AUTO | BY_TIP])
def test_wait_holds_it(fields: dict[str, Any]) -> None:
    case = thawing(**fields)
    assert case.ask(Wait()) is None
    case.thaws(60.0, tip=20.0)
    assert case.phase is Phase.THAWING
    assert case.ask(Wait()) == "The next freeze waits for you already"
    case.freeze().ends().thaws(60.0, tip=20.0)
    assert case.phase is Phase.STARTING, "the one after that starts by itself again"


@pytest.mark.parametrize("by_operator", [False, True])
def test_a_stop_in_the_thaw_holds_it(by_operator: bool) -> None:
    case = thawing(**AUTO)
    case.stop("x", by_operator=by_operator)
    case.thaws(60.0)
    assert case.phase is Phase.THAWING and case.proc.hold


@pytest.mark.parametrize("choice", [AfterStop.REPEAT, AfterStop.COUNT])
def test_after_a_stopped_freeze_nothing_starts_by_itself(choice: AfterStop) -> None:
    case = Case(plan(**AUTO)).freeze()
    case.stop()
    case.see(THAWING)
    assert case.ask(Decide(choice)) is None
    case.thaws(60.0)
    assert case.phase is Phase.THAWING and case.proc.hold


def test_a_new_site_waits_to_be_asked() -> None:
    case = Case(plan(60.0, sites=2, **AUTO)).freeze().ends()
    assert case.ask(ProbeOut("moved on")) is None
    assert case.phase is Phase.READY
    case.thaws(60.0, tip=20.0)
    assert case.phase is Phase.READY


# --- the account of the thaw -------------------------------------------------------------------


def test_the_thaw_is_timed_from_gas_off_and_its_warmest_kept() -> None:
    case = thawing()
    for tip in (-40.0, -5.0, None, -6.0):
        case.see(THAWING, tip)
    off_ms = case.proc.gas_off_ms
    assert off_ms is not None
    assert case.record.thaw_s == pytest.approx((case.at_ms - off_ms) / 1_000)
    assert case.record.highest_thaw_celsius == -5.0
    first = case.record
    case.thaws(45.0, tip=-7.0).freeze()
    assert case.proc.records[0].highest_thaw_celsius == first.highest_thaw_celsius
    thawed = case.proc.records[0].thaw_s
    case.see(THAWING)
    assert case.proc.records[0].thaw_s == thawed


# --- after the last freeze ---------------------------------------------------------------------


def test_after_the_last_freeze_it_releases_and_is_free_by_the_rule_alone() -> None:
    case = Case(plan(60.0, **AUTO)).freeze().ends()
    assert case.phase is Phase.RELEASING
    case.thaws(600.0, tip=36.0)
    assert case.phase is Phase.RELEASING, "never by time, never by the tip alone"
    case.see(THAWING, 36.0, free=True)
    assert case.phase is Phase.FREE
    case.see(THAWING, 36.0, free=False)
    assert case.phase is Phase.RELEASING, "and back, when it no longer holds"
    case.see(THAWING, 36.0, free=True)
    assert case.ask(ProbeOut()) is None
    assert case.phase is Phase.OUT and case.proc.released_early == ""
    assert len(case.texts(EventKind.SESSION_ENDED)) == 1


@pytest.mark.parametrize("phase", [Phase.READY, Phase.THAWING, Phase.STOPPED, Phase.OUT])
def test_free_means_nothing_before_the_last_thaw(phase: Phase) -> None:
    case = in_phase(phase)
    case.see(THAWING, 36.0, free=True)
    assert case.phase is phase


@pytest.mark.parametrize("phase", Phase)
def test_without_readings_nothing_stays_free(phase: Phase) -> None:
    case = in_phase(phase)
    before = case.proc
    case.take(step.unseen(before))
    free = phase is Phase.FREE
    assert case.phase is (Phase.RELEASING if free else phase)
    assert (case.proc is before) is not free


def test_finish_here_leaves_out_the_rest() -> None:
    case = thawing(**AUTO)
    assert case.ask(FinishHere("pain gone")) is None
    assert case.phase is Phase.RELEASING
    assert case.texts(EventKind.DECIDED) == ["Finished here after 1 freezes (pain gone)."]
    case.thaws(60.0)
    assert case.phase is Phase.RELEASING
    assert case.ask(StartFreeze()) == "All freezes of this site are done"


# --- two sites ---------------------------------------------------------------------------------


def test_two_sites_are_done_one_after_the_other() -> None:
    case = Case(plan(60.0, 60.0, sites=2, thaw_s=2.0))
    for site in (0, 1):
        assert case.proc.site == site and case.phase is Phase.READY
        case.freeze().ends().thaws(2.0).freeze().ends()
        assert case.phase is Phase.RELEASING
        case.see(THAWING, 20.0, free=True)
        assert case.ask(ProbeOut()) is None
    assert case.phase is Phase.OUT
    assert [(r.site, r.number, r.state) for r in case.proc.records] == [
        (0, 1, CycleState.DONE), (0, 2, CycleState.DONE),
        (1, 1, CycleState.DONE), (1, 2, CycleState.DONE),
    ]  # fmt: skip
    assert case.texts(EventKind.FREEZE_STARTED)[2].startswith(
        "Freeze 1 of 2 started: RIGHT SAPHENOUS"
    )


def test_the_thaws_of_one_site_do_not_go_on_at_the_next() -> None:
    case = Case(plan(60.0, 60.0, sites=2)).freeze().ends(FreezeEnd.END)
    assert case.ask(ProbeOut("moved")) is None
    thawed = case.record.thaw_s
    case.thaws(10.0, tip=20.0)
    assert case.record.thaw_s == thawed and case.proc.gas_off_ms is None
    assert case.ask(StartFreeze()) is None


def test_a_failed_start_at_the_second_site_goes_back_to_its_beginning() -> None:
    case = Case(plan(60.0, sites=2)).freeze().ends()
    assert case.ask(ProbeOut("moved")) is None
    assert case.ask(StartFreeze()) is None
    case.stop()
    assert case.phase is Phase.READY and case.proc.site == 1 and case.proc.cycle == 0


# --- as it is shown ----------------------------------------------------------------------------


def test_the_countdown_shows_only_what_counts_down() -> None:
    case = thawing(**AUTO)
    shown = view(case.proc, case.now)
    assert shown.remaining_s == pytest.approx(44.95)
    assert shown.auto_start_in_s == shown.remaining_s
    case.thaws(36.0)
    assert view(case.proc, case.now).detail == "freeze 2 of 3 starts in 0:09"
    case.ask(Wait())
    shown = view(case.proc, case.now)
    assert shown.auto_start_in_s is None and shown.remaining_s == pytest.approx(8.95)
    by_tip = thawing(**AUTO, **BY_TIP)
    shown = view(by_tip.proc, by_tip.now)
    assert shown.remaining_s is None and shown.auto_start_in_s is None


@pytest.mark.parametrize("phase", Phase)
def test_without_a_fresh_reading_nothing_is_shown_as_now(phase: Phase) -> None:
    case = in_phase(phase)
    case.now = msgspec.structs.replace(case.now, fresh=False)
    shown = view(case.proc, case.now)
    assert shown.gas_confirmed_off is None
    if phase is Phase.FREEZING:
        assert shown.remaining_s is None
    assert "melting" not in shown.headline


def test_the_thaw_says_when_the_probe_is_free_by_an_estimate_or_nothing_of_it() -> None:
    case = thawing()
    case.see(THAWING, -7.0, ms=10_000)
    shown = view(case.proc, case.now, Beside(127.3))
    assert shown.headline == "THAWING: ice melting"
    assert shown.detail == "do not move · free in about 2:05 (estimate)"
    assert view(case.proc, case.now).detail == "do not move the probe"


def test_a_thaw_that_ends_with_ice_is_called_a_partial_one() -> None:
    case = thawing().thaws(60.0)
    case.see(THAWING, -7.2)
    shown = view(case.proc, case.now, Beside(80.0))
    assert shown.headline == "READY for freeze 2 of 3"
    assert shown.detail == "partial thaw, tip about −7 °C · free in about 1:20 (estimate)"
    case.see(THAWING, 12.0)
    assert view(case.proc, case.now).detail == "do not move the probe"

"""STOP and trips in every phase, what is decided after them, and a case taken up again."""

import msgspec
import pytest
from procedure_kit import DEVICE, FREEZING, THAWING, Case, in_phase, plan

from console.control.procedure_door import loaded, saved
from console.control.state import SavedCase
from console.model.cycle import CycleState
from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.request import AfterStop, ChoosePlan, Decide, EndFreeze, StartFreeze
from console.model.snapshot import Phase
from console.procedure import step
from console.procedure.state import Conditions, Note, Persist, SendStop, Starting
from console.procedure.thaw import thaw_left_s
from console.procedure.view import view

QUIET = [p for p in Phase if p not in (Phase.STARTING, Phase.FREEZING)]


# --- a stop ------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", QUIET)
def test_without_gas_a_stop_is_told_holds_and_changes_nothing_else(phase: Phase) -> None:
    case = in_phase(phase)
    before = case.proc
    effects = case.stop("Stopped by you 10:00:00")
    assert case.proc == msgspec.structs.replace(before, hold=True)
    assert [type(e) for e in effects] == [Note, Persist]
    assert case.texts(EventKind.STOPPED)[-1] == "Stopped by you 10:00:00"


@pytest.mark.parametrize("by_operator", [False, True])
def test_in_a_freeze_it_is_a_stopped_freeze(by_operator: bool) -> None:
    case = in_phase(Phase.FREEZING)
    case.stop("why", by_operator=by_operator)
    assert case.phase is Phase.STOPPED and case.proc.hold
    assert (case.proc.stop_reason, case.proc.stopped_by_operator) == ("why", by_operator)
    record = case.record
    assert (record.state, record.end, record.ended_ms) == (
        CycleState.STOPPED, FreezeEnd.STOP, case.at_ms,
    )  # fmt: skip
    assert case.proc.gas_off_ms == case.at_ms and case.proc.cycle == 0


@pytest.mark.parametrize("phase", Phase)
def test_a_stop_asks_for_no_command_itself(phase: Phase) -> None:
    """Whoever stops has sent it already, ahead of everything."""
    assert SendStop() not in in_phase(phase).stop()


def test_a_second_stop_changes_neither_reason_nor_account() -> None:
    case = in_phase(Phase.FREEZING)
    case.stop("first")
    before = case.proc
    case.stop("second", by_operator=False)
    assert case.proc == before


@pytest.mark.parametrize("why", [FreezeEnd.FAULT, FreezeEnd.LEASE, FreezeEnd.NEW_SESSION])
def test_a_trip_does_not_overwrite_why_the_device_ended_it(why: FreezeEnd) -> None:
    case = in_phase(Phase.FREEZING)
    case.end_said(why, at_ms=case.at_ms + 20)
    case.see(THAWING)
    tripped = in_phase(Phase.FREEZING)
    tripped.end_said(why, at_ms=tripped.at_ms + 20)
    tripped.stop("The probe's exhaust is blocked", by_operator=False)
    assert tripped.phase is Phase.STOPPED
    assert tripped.record == msgspec.structs.replace(case.record, thaw_s=None)
    assert tripped.proc.stop_reason == "The probe's exhaust is blocked", "it names the cause"
    stopped = in_phase(Phase.FREEZING)
    stopped.end_said(why, at_ms=stopped.at_ms + 20)
    stopped.stop("Stopped by you", by_operator=True)
    assert stopped.record.end is why and stopped.proc.stop_reason == case.proc.stop_reason


@pytest.mark.parametrize("why", [FreezeEnd.TIMER, FreezeEnd.END])
def test_a_stop_after_the_planned_end_spoils_no_whole_freeze(why: FreezeEnd) -> None:
    case = in_phase(Phase.FREEZING)
    case.end_said(why)
    case.stop()
    assert case.phase is Phase.THAWING and case.proc.cycle == 1 and case.proc.hold
    assert case.record.end is why and case.proc.stop_reason == ""


def test_a_stop_while_the_reason_is_on_its_way_keeps_the_moment_of_the_end() -> None:
    case = in_phase(Phase.FREEZING)
    case.see(THAWING)
    off_ms = case.at_ms
    case.see(THAWING, ms=300)
    case.stop()
    assert case.record.ended_ms == off_ms and case.phase is Phase.STOPPED


def test_the_devices_word_corrects_a_stop_that_nobody_saw_end() -> None:
    case = in_phase(Phase.FREEZING)
    case.stop("Connection to the console lost", by_operator=False)
    case.end_said(FreezeEnd.LEASE, at_ms=case.at_ms + 900)
    assert case.record.end is FreezeEnd.LEASE
    assert case.record.ended_ms == case.at_ms + 900 == case.proc.gas_off_ms


def test_an_asked_end_that_the_stop_overtook_does_not_block_the_next() -> None:
    case = in_phase(Phase.FREEZING)
    case.ask(EndFreeze())
    case.stop()
    case.see(THAWING)
    assert case.ask(Decide(AfterStop.REPEAT)) is None
    case.thaws(45.0).freeze()
    assert case.ask(EndFreeze()) is None


# --- the decision ------------------------------------------------------------------------------


def test_a_repeat_does_the_same_freeze_whole() -> None:
    case = in_phase(Phase.STOPPED)
    assert case.ask(Decide(AfterStop.REPEAT)) is None
    assert case.phase is Phase.THAWING and case.proc.cycle == 0 and case.proc.stop_reason == ""
    case.thaws(45.0).freeze().ends()
    assert case.proc.cycle == 1
    assert [(r.number, r.state) for r in case.proc.records] == [
        (1, CycleState.STOPPED), (1, CycleState.DONE),
    ]  # fmt: skip


def test_a_counted_one_is_done_with() -> None:
    case = in_phase(Phase.STOPPED)
    assert case.ask(Decide(AfterStop.COUNT)) is None
    assert case.phase is Phase.THAWING and case.proc.cycle == 1
    assert case.record.state is CycleState.COUNTED
    case.end_said(FreezeEnd.LEASE, ran_ms=900, at_ms=case.record.started_ms + 900)
    assert case.record.state is CycleState.COUNTED


def test_counting_the_last_one_releases() -> None:
    case = Case(plan(60.0)).freeze()
    case.stop()
    case.see(THAWING)
    assert case.ask(Decide(AfterStop.COUNT)) is None
    assert case.phase is Phase.RELEASING and case.proc.current_cycle is None


def test_finishing_keeps_the_freeze_as_stopped() -> None:
    case = in_phase(Phase.STOPPED)
    assert case.ask(Decide(AfterStop.FINISH)) is None
    assert case.phase is Phase.RELEASING and case.record.state is CycleState.STOPPED


# --- taken up again ----------------------------------------------------------------------------

BACK = {
    Phase.STARTING: Phase.READY,
    Phase.FREEZING: Phase.STOPPED,
}


@pytest.mark.parametrize("same_boot", [False, True])
@pytest.mark.parametrize("phase", [p for p in Phase if p not in (Phase.PREPARE, Phase.OUT)])
def test_resumed_in_every_phase(phase: Phase, same_boot: bool) -> None:
    case = in_phase(phase)
    before = case.proc
    effects = case.take(step.resumed(before, "The program was interrupted", same_boot=same_boot))
    proc = case.proc
    assert proc.phase is BACK.get(phase, phase)
    assert proc.starting is None and proc.hold and not proc.end_asked and proc.ending_ms is None
    assert [type(e) for e in effects] == [Note, Persist]
    assert (proc.plan, proc.site, proc.cycle) == (before.plan, before.site, before.cycle)
    assert len(proc.records) == len(before.records)
    assert all(r.state is not CycleState.FREEZING for r in proc.records)
    assert (proc.last_ms is not None) is same_boot
    if phase is Phase.FREEZING:
        assert proc.stop_reason == "The program was interrupted"
        assert case.record.end is FreezeEnd.STOP and case.record.ended_ms == before.last_ms
    if proc.gas_off_ms is not None:
        off_ms = before.gas_off_ms if before.gas_off_ms is not None else before.last_ms
        assert proc.gas_off_ms == (off_ms if same_boot else 0)
    # The device begins at 0 again, or goes on.
    case.at_ms = case.at_ms if same_boot else 0
    for _ in range(2_000):
        case.see(THAWING, -8.0)
    assert case.phase in (proc.phase, Phase.RELEASING)
    assert view(case.proc, case.now).headline


@pytest.mark.parametrize("same_boot", [False, True])
def test_resumed_from_a_start_in_a_thaw_goes_back_to_the_thaw(same_boot: bool) -> None:
    case = in_phase(Phase.THAWING)
    assert case.ask(StartFreeze()) is None
    case.take(step.resumed(case.proc, "x", same_boot=same_boot))
    assert case.phase is Phase.THAWING and case.proc.cycle == 1


def test_after_another_boot_the_thaw_is_timed_from_its_first_frame() -> None:
    case = in_phase(Phase.THAWING)
    case.proc = step.restarted(case.proc)
    assert thaw_left_s(case.proc) is None
    case.at_ms = 0
    case.see(THAWING, ms=1_000)
    assert thaw_left_s(case.proc) == pytest.approx(44.0)
    assert case.record.thaw_s == pytest.approx(1.0)
    assert case.ask(StartFreeze()) == "Thaw for 0:44 more"


def test_before_any_freeze_another_boot_times_no_thaw() -> None:
    proc = step.restarted(in_phase(Phase.READY).proc)
    assert proc.gas_off_ms is None and proc.last_ms is None


def test_the_end_of_the_interrupted_freeze_is_put_right_in_the_same_boot() -> None:
    case = in_phase(Phase.FREEZING)
    case.take(step.resumed(case.proc, "x", same_boot=True))
    began = case.record.started_ms
    case.end_said(FreezeEnd.LEASE, at_ms=began + 5_000, ran_ms=5_000)
    assert (case.record.end, case.record.ended_ms) == (FreezeEnd.LEASE, began + 5_000)
    case = in_phase(Phase.FREEZING)
    case.take(step.resumed(case.proc, "x", same_boot=False))
    case.end_said(FreezeEnd.LEASE, at_ms=5_000, ran_ms=4_000)
    assert case.record.end is FreezeEnd.STOP, "that was another clock"


# --- checkpoints -------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", Phase)
def test_a_checkpoint_comes_back_as_it_was(phase: Phase) -> None:
    case = in_phase(phase)
    if phase is Phase.FREEZING:
        case.take(step.extended(case.proc, 30.0))
    whole = SavedCase(case.proc, "sim://n2o", 0xFFFFFFFF, "CC-0001")
    assert loaded(saved(whole)) == whole
    none = SavedCase(case.proc, "", None, None)
    assert loaded(saved(none)) == none


def test_a_checkpoint_has_everything_that_a_procedure_has() -> None:
    case = Case(plan(60.0, sites=2, name="N", target_celsius=-65.0)).freeze()
    assert case.ask(ChoosePlan(plan())) == "The gas is on"
    case.end_said(FreezeEnd.FAULT)
    case.see(THAWING)
    whole = SavedCase(case.proc, "p", 7, "s")
    back = loaded(saved(whole)).procedure
    for name in type(case.proc).__struct_fields__:
        assert getattr(back, name) == getattr(case.proc, name), name


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xc1", b"nonsense", b"\x81\xa1x\x01"])
def test_what_is_no_checkpoint_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        loaded(data)
    cut = saved(SavedCase(in_phase(Phase.STOPPED).proc, "p", 1, "s"))
    with pytest.raises(ValueError):
        loaded(cut[: len(cut) // 2])


def test_a_start_that_was_saved_is_taken_up_as_not_started() -> None:
    case = in_phase(Phase.STARTING)
    back = loaded(saved(SavedCase(case.proc, "p", 1, "s"))).procedure
    assert isinstance(back.starting, Starting)
    proc, _ = step.resumed(back, "x", same_boot=True)
    seen = case.now.observation
    assert seen is not None
    open_valve = msgspec.structs.replace(seen, state=FREEZING, valve_open=True)
    now = Conditions(device=DEVICE, observation=open_valve, fresh=True)
    assert step.observed(proc, now)[0].phase is Phase.READY

"""A session through the core: its start, what refuses it, alarms and their acknowledgement, the
record, the screen that goes, the end."""

import msgspec
import pytest
from core_kit import Bench, Console, plan, transmitted

from console.control.procedure_door import loaded, saved
from console.control.state import SavedCase
from console.model.alarm import Priority
from console.model.cycle import CycleState
from console.model.estimate import Band, Estimate
from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.plan import NextFreeze, ThawEnd, Timing
from console.model.request import (
    Acknowledge,
    AddFreeze,
    AfterStop,
    ChoosePlan,
    Decide,
    EndFreeze,
    ExtendFreeze,
    NewSession,
    ProbeMoved,
    ProbeOut,
    Quit,
    StartFreeze,
    Stop,
)
from console.model.snapshot import Phase
from console.procedure.freeze import TARGET_NOT_REACHED
from console.records.entries import DurableIn, EstimateIn, TickIn
from drivers.link import codes
from drivers.link.messages import Arm, End, Extend, Reset, to_celsius
from drivers.link.messages import StartFreeze as StartMessage
from drivers.link.messages import Stop as StopMessage

# --- a whole session ---------------------------------------------------------------------------


@pytest.mark.parametrize("timing", Timing)
@pytest.mark.parametrize("thaw_end", ThawEnd)
def test_a_whole_session_by_itself(timing: Timing, thaw_end: ThawEnd) -> None:
    chosen = plan(
        8.0, 8.0, thaw_s=2.0, next_freeze=NextFreeze.AUTO, timing=timing, thaw_end=thaw_end,
        target_celsius=-50.0,
    )  # fmt: skip
    bench = Bench().freezing(chosen)
    bench.run(60_000, lambda: bench.phase is Phase.FREE)
    assert bench.ask(ProbeOut()) is None
    assert bench.phase is Phase.OUT and bench.alarms == {}
    records = bench.state.procedure.records
    assert [(r.number, r.state, r.end) for r in records] == [
        (1, CycleState.DONE, FreezeEnd.TIMER), (2, CycleState.DONE, FreezeEnd.TIMER),
    ]  # fmt: skip
    for record in records:
        assert record.ended_ms is not None and record.ended_ms - record.started_ms == 8_000
        assert record.time_to_target_s is not None and record.lowest_tip_celsius is not None
        assert record.lowest_tip_celsius <= -50.0
    assert len(bench.messages(Arm)) == len(bench.messages(StartMessage)) == 2
    assert len({m.token for m in bench.messages(StartMessage)}) == 2, "a fresh token each"  # type: ignore[attr-defined]


def test_the_start_goes_step_by_step_on_the_wire() -> None:
    bench = Bench().ready()
    bench.disk = False
    out = bench.wants(StartFreeze())
    assert transmitted(out) == []
    bench.run(2_000)
    assert bench.messages(Arm) == [], "not before it is on disk"
    token = bench.state.intent
    assert token is not None
    assert transmitted(bench.give(DurableIn(bench.now_ms, token))) == ["Arm"]
    bench.run(200)
    (start,) = bench.messages(StartMessage)
    assert isinstance(start, StartMessage)
    assert start.freeze_ms == 6_000 and start.cap_ms == 240_000
    assert to_celsius(start.target_centikelvin) == -70.0
    assert start.timing == codes.Timing.FROM_START
    assert bench.phase is Phase.FREEZING


def test_the_start_expires_no_more_than_300_ms_ahead_of_the_console() -> None:
    bench = Bench().ready()
    told: list[int] = []

    def notes(message: object) -> bool:
        if isinstance(message, StartMessage):
            told.append(message.expires_ms - bench.console.now_ms)
        return True

    bench.to_console = notes
    bench.ask(StartFreeze())
    bench.run(500)
    assert bench.phase is Phase.FREEZING and 200 <= told[0] <= 300


@pytest.mark.parametrize("command", [Arm, StartMessage])
def test_a_refusal_of_the_console_is_told_in_words(command: type) -> None:
    bench = Bench().ready()
    bench.console.refuses = {command: codes.Result.SUPPLY_OUT_OF_RANGE}
    assert bench.ask(StartFreeze()) is None
    bench.run(500)
    assert bench.phase is Phase.READY and bench.alarms == {}
    assert bench.told(EventKind.START_FAILED) == [
        "Freeze 1 did not start: the supply pressure is out of range."
    ]
    bench.console.refuses = {}
    assert bench.ask(StartFreeze()) is None
    bench.run(500)
    assert bench.phase is Phase.FREEZING


@pytest.mark.parametrize(
    ("command", "alarm"), [(Arm, False), (StartMessage, True), (End, True), (Extend, False)]
)
def test_a_command_that_nobody_answers_fails_after_three_tries(command: type, alarm: bool) -> None:
    bench = Bench().freezing(plan(60.0)) if command in (End, Extend) else Bench().ready()
    bench.console.silent_about = {command}
    bench.to_console = lambda message: not isinstance(message, command)
    before = len(bench.sent)
    bench.ask(
        {Arm: StartFreeze(), StartMessage: StartFreeze(), End: EndFreeze(), Extend: ExtendFreeze()}[
            command
        ]
    )
    bench.run(600)
    assert len(bench.messages(command, since=before)) == 3
    assert ("command_unanswered" in bench.alarms) is alarm
    if alarm:
        assert bench.alarms["command_unanswered"].priority is Priority.HIGH
    stopped = bool(bench.messages(StopMessage, since=before))
    assert stopped is (command is not Extend)
    if command is Extend:
        assert bench.phase is Phase.FREEZING
        assert "The freeze was not extended: the console does not answer." in bench.told(
            EventKind.DEVICE
        )
    if command is End:
        assert bench.phase is Phase.STOPPED and bench.console.on_ms is None


def test_a_valve_that_does_not_open_is_stopped() -> None:
    bench = Bench().ready()
    bench.console.refuses_to_open = True
    bench.ask(StartFreeze())
    bench.run(2_000)
    assert bench.phase is Phase.READY
    assert "did not open the valve" in bench.told(EventKind.START_FAILED)[0]
    assert transmitted(bench.outputs)[-1] == "Stop"


def test_end_and_extend() -> None:
    bench = Bench().freezing(plan(60.0, 60.0))
    assert bench.ask(ExtendFreeze(30.0)) is None
    bench.run(100)
    record = bench.state.procedure.last_record
    assert record is not None and record.extended_s == 30.0
    assert bench.snapshot().procedure.remaining_s == pytest.approx(88.3, abs=0.3)
    assert bench.ask(EndFreeze()) is None
    bench.run(200)
    assert bench.phase is Phase.THAWING and bench.alarms == {}
    record = bench.state.procedure.last_record
    assert record is not None and record.end is FreezeEnd.END


def test_a_moved_probe_ends_the_freeze_on_the_wire_and_one_more_can_be_added() -> None:
    bench = Bench().freezing(plan(60.0))
    assert bench.ask(ProbeMoved()) is None
    bench.run(5_000, lambda: bench.phase is Phase.RELEASING)
    assert len(bench.messages(End)) == 1
    assert "placement 2" in bench.told(EventKind.PROBE_MOVED)[0]
    assert bench.snapshot().procedure.placement == 2
    assert bench.ask(AddFreeze()) is None
    assert bench.phase is Phase.THAWING


def test_an_end_that_the_console_refuses_can_be_asked_for_again() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.console.refuses = {End: codes.Result.BUSY}
    bench.ask(EndFreeze())
    bench.run(100)
    bench.console.refuses = {}
    assert bench.ask(EndFreeze()) is None


# --- gas that nobody asked for -----------------------------------------------------------------


@pytest.mark.parametrize("chosen", [False, True])
def test_gas_while_idle_is_stopped_and_needs_an_engineer(chosen: bool) -> None:
    bench = Bench().ready() if chosen else Bench().connected()
    bench.run(2_000)
    bench.console.gas_on(60_000, -70.0)
    before = len(bench.sent)
    bench.run(250)
    alarm = bench.alarms["unexpected_freeze"]
    assert alarm.priority is Priority.HIGH
    assert bench.messages(StopMessage, since=before) and bench.console.on_ms is None
    assert bench.phase is (Phase.READY if chosen else Phase.PREPARE)
    bench.run(3_000)
    assert bench.ask(Acknowledge()) == "No alarm can be acknowledged now"
    assert "unexpected_freeze" in bench.alarms
    if chosen:
        assert bench.ask(StartFreeze()) is not None


def test_a_freeze_started_at_the_console_is_not_ours_and_not_stopped() -> None:
    bench = Bench().ready()
    bench.run(2_000)
    bench.console.gas_on(3_000, -70.0, local=True)
    before = len(bench.sent)
    bench.run(1_000)
    assert bench.alarms == {} and bench.phase is Phase.READY
    assert bench.ask(StartFreeze()) == "The gas is on already"
    assert bench.ask(Quit()) == "The gas is on"
    bench.run(4_000)
    assert bench.messages(StopMessage, Arm, since=before) == []
    assert bench.state.procedure.records == () and bench.alarms == {}
    assert bench.ask(StartFreeze()) is None


def test_a_valve_that_stays_open_after_the_end_is_found_after_the_grace() -> None:
    bench = Bench().freezing(plan(6.0), for_ms=5_000)
    bench.console.valve_stuck = True
    bench.run(2_000, lambda: bench.phase is Phase.RELEASING)
    bench.run(1_400)
    assert bench.alarms == {}, "a valve takes its time"
    before = len(bench.sent)
    bench.run(400)
    assert bench.alarms["unexpected_freeze"].present
    assert bench.messages(StopMessage, since=before)
    bench.run(10_000)
    assert bench.alarms["unexpected_freeze"].present, "it stands while gas flows"
    assert bench.alarms["unexpected_freeze"].count == 1
    assert bench.phase is Phase.RELEASING and not bench.state.release.free


def test_flow_with_the_valve_shut() -> None:
    bench = Bench().freezing(plan(6.0), for_ms=5_900)
    bench.run(500, lambda: bench.phase is Phase.RELEASING)
    bench.console.flow_mg_s = 60
    bench.run(2_400)
    assert bench.alarms == {}
    bench.run(300)
    alarm = bench.alarms["flow_when_shut"]
    assert alarm.priority is Priority.HIGH and alarm.happened.endswith(": flow 60 mg/s")
    assert bench.phase is Phase.RELEASING


def test_a_tip_that_becomes_unknown_in_the_thaw_is_never_free_and_no_leak() -> None:
    bench = Bench().freezing(plan(6.0), for_ms=5_900)
    bench.run(500, lambda: bench.phase is Phase.RELEASING)
    bench.console.quality = codes.Quality.OPEN
    bench.run(60_000)
    assert bench.phase is Phase.RELEASING
    assert set(bench.alarms) == {"tip_unknown"}
    shown = bench.snapshot()
    assert shown.observation is not None and shown.observation.tip_celsius is None
    assert shown.procedure.release_reason.startswith("Temperature unknown. Wait at least 5:00")
    assert bench.ask(ProbeOut()) is not None and bench.ask(ProbeOut("turns freely")) is None


# --- alarms of the console ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        codes.Fault.EXHAUST_BLOCKED,
        codes.Fault.THERMOCOUPLE_OPEN,
        codes.Fault.SUPPLY_LOW,
        codes.Fault.OVER_COOL,
        codes.Fault.PROBE_MISSING,
    ],
)
def test_a_fault_of_the_console_ends_the_freeze_and_is_reset_there(fault: codes.Fault) -> None:
    bench = Bench().freezing(plan(60.0))
    bench.console.fault(fault, stands=True)
    bench.run(200)
    row = (fault.name or "").lower()
    assert set(bench.alarms) == {row} and bench.alarms[row].present
    assert bench.phase is Phase.STOPPED
    assert bench.state.procedure.stop_reason == bench.alarms[row].happened
    record = bench.state.procedure.last_record
    assert record is not None and record.end is FreezeEnd.FAULT
    # Its cause stands: the console refuses.
    assert bench.ask(Acknowledge()) is None
    bench.run(300)
    assert bench.alarms[row].present and bench.console.resets == 1
    assert "The console's faults were not reset: a fault stands at the console." in bench.told(
        EventKind.DEVICE
    )
    assert bench.ask(Decide(AfterStop.REPEAT)) == bench.alarms[row].happened
    bench.console.standing = 0
    assert bench.ask(Acknowledge()) is None
    bench.run(300)
    assert bench.alarms == {} and bench.console.resets == 2
    assert bench.ask(Decide(AfterStop.REPEAT)) is None


def test_a_fault_that_host_and_console_found_together_can_be_acknowledged() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.console.target = -82.0
    bench.run(8_000, lambda: "over_cool" in bench.alarms)
    bench.console.fault(codes.Fault.OVER_COOL)
    bench.run(500)
    assert bench.alarms["over_cool"].present
    assert bench.ask(Acknowledge()) is None
    bench.run(300)
    assert bench.alarms == {}


def test_an_acknowledgement_that_a_stop_has_overtaken_can_be_given_again() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.console.fault(codes.Fault.EXHAUST_BLOCKED)
    bench.run(300)
    bench.to_console = lambda message: not isinstance(message, StopMessage)
    bench.ask(Stop())
    assert bench.ask(Acknowledge()) is None
    assert "The console's faults were not reset: a stop is being sent." in bench.told(
        EventKind.DEVICE
    )
    bench.to_console = lambda message: True
    bench.run(300)
    assert "exhaust_blocked" in bench.alarms
    assert bench.ask(Acknowledge()) is None
    bench.run(300)
    assert bench.alarms == {}


def test_an_engineers_fault_is_not_reset_from_here() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.console.fault(codes.Fault.SIPHON)
    bench.run(300)
    assert bench.ask(Acknowledge()) == "No alarm can be acknowledged now"
    assert bench.messages(Reset) == []
    assert bench.ask(Decide(AfterStop.FINISH)) is None, "thaw and release always work"


def test_nothing_to_acknowledge_is_said() -> None:
    assert Bench().connected().ask(Acknowledge()) == "No alarm can be acknowledged now"
    assert "acknowledge" not in Bench().connected().snapshot().controls


def test_the_probes_last_use_does_not_lock_out_its_own_session() -> None:
    bench = Bench().freezing(plan(6.0, 6.0))
    probe = bench.console.probe
    assert probe is not None
    bench.console.probe = msgspec.structs.replace(probe, uses_left=0)
    bench.close_port()
    bench.run(2_000)
    bench.open_port()
    bench.run(500)
    assert bench.state.device is not None and bench.state.device.probe is not None
    assert bench.state.device.probe.uses_left == 0
    bench.ask(Acknowledge())
    bench.run(300)
    assert bench.ask(Decide(AfterStop.REPEAT)) is None
    # At the beginning of another session it does.
    assert bench.ask(ProbeOut("test")) is None
    bench.wants(NewSession())
    assert bench.ask(ChoosePlan(plan(), how="demonstration")) is None
    assert bench.ask(StartFreeze()) == "The probe is used up"


# --- the record --------------------------------------------------------------------------------


def test_a_record_that_fails_lets_the_freeze_run_and_no_other_start() -> None:
    bench = Bench().freezing(plan(6.0, 6.0, next_freeze=NextFreeze.AUTO))
    before = len(bench.sent)
    bench.disk_fails("disk full")
    bench.run(1_000)
    assert bench.phase is Phase.FREEZING
    assert bench.alarms["record_failed"].priority is Priority.MEDIUM
    bench.run(20_000)
    assert bench.phase is Phase.THAWING and bench.state.procedure.hold
    assert bench.messages(StopMessage, Arm, since=before) == []
    refused = bench.ask(StartFreeze())
    assert refused is not None and "disk full" in refused
    assert bench.state.procedure.records[0].state is CycleState.DONE


def test_a_record_that_fails_cancels_a_start() -> None:
    bench = Bench().ready()
    bench.disk = False
    bench.ask(StartFreeze())
    bench.disk_fails()
    bench.disk = True
    bench.run(2_000)
    assert bench.phase is Phase.READY and bench.messages(Arm) == []
    assert bench.told(EventKind.START_FAILED) == ["Freeze 1 did not start: disk full."]


def test_every_step_of_a_session_is_checkpointed() -> None:
    bench = Bench().freezing(plan(6.0), for_ms=5_900)
    bench.run(20_000, lambda: bench.phase is Phase.FREE)
    bench.ask(ProbeOut())
    phases = [case.procedure.phase for case in bench.checkpoints]
    want = [Phase.READY, Phase.STARTING, Phase.FREEZING, Phase.RELEASING, Phase.FREE, Phase.OUT]
    assert [p for n, p in enumerate(phases) if n == 0 or phases[n - 1] is not p] == want
    last = bench.checkpoints[-1]
    assert (last.port, last.boot_id, last.device_serial) == ("test", 0xB007, "CC-0001")


# --- an exception ------------------------------------------------------------------------------


def test_an_unhandled_exception_leads_to_the_safe_state_and_a_high_alarm() -> None:
    bench = Bench().freezing(plan(60.0))
    out = bench.failed("KeyError: 'x'")
    assert transmitted(out)[0] == "Stop"
    alarm = bench.alarms["host_error"]
    assert (alarm.priority, alarm.happened) == (Priority.HIGH, "A fault in this program")
    assert bench.phase is Phase.STOPPED
    bench.failed("KeyError: 'y'")
    bench.run(300)
    assert bench.console.on_ms is None and set(bench.alarms) == {"host_error"}
    assert bench.ask(Acknowledge()) is None
    assert bench.alarms == {}


def test_an_exception_in_a_start_cancels_it() -> None:
    bench = Bench().ready()
    bench.disk = False
    bench.ask(StartFreeze())
    bench.failed("x")
    bench.disk = True
    bench.run(1_000)
    assert bench.phase is Phase.READY and bench.messages(Arm) == []


# --- the end -----------------------------------------------------------------------------------


def test_quit_is_refused_while_gas_is_on_or_asked_for() -> None:
    bench = Bench().ready()
    bench.disk = False
    bench.ask(StartFreeze())
    assert bench.ask(Quit()) == "The gas is on"
    bench.disk = True
    bench.run(500)
    assert bench.phase is Phase.FREEZING
    assert bench.ask(Quit()) == "The gas is on" and bench.finished is None
    bench.ask(Stop())
    assert bench.ask(Quit()) == "The gas is on", "until it is read back shut"
    bench.run(200)
    assert bench.ask(Quit()) is None and bench.finished is not None
    assert bench.checkpoints[-1].procedure.phase is Phase.STOPPED


def test_a_console_that_cannot_be_heard_locks_nobody_in() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.line_cut = True
    bench.run(450)
    assert bench.ask(Quit()) == "The gas is on"
    bench.run(300)
    assert bench.ask(Quit()) is None


def test_quit_is_done_without_a_console() -> None:
    bench = Bench()
    assert bench.ask(Quit()) is None and bench.finished is not None


def test_a_new_session_renews_everything() -> None:
    bench = Bench().freezing(plan(6.0), for_ms=5_900)
    bench.run(20_000, lambda: bench.phase is Phase.FREE)
    bench.ask(ProbeOut())
    out = bench.wants(NewSession())
    assert bench.renewed == 1 and bench.phase is Phase.PREPARE
    assert [type(o).__name__ for o in out][-2:] == ["Tell", "Renew"]


def test_no_second_session_begins_in_the_record_of_the_first() -> None:
    bench = Bench().freezing(plan(6.0), for_ms=5_900)
    bench.run(20_000, lambda: bench.phase is Phase.FREE)
    bench.ask(ProbeOut())
    assert bench.ask(ChoosePlan(plan(6.0), how="demonstration")) == "This session has ended"
    assert bench.phase is Phase.OUT
    bench.wants(NewSession())
    assert bench.renewed == 1, "a plan comes into a record of its own"


def test_the_screen_gone_in_a_freeze_stops_and_records_until_the_gas_is_read_off() -> None:
    bench = Bench().freezing(plan(60.0))
    out = bench.screen_gone()
    assert transmitted(out)[0] == "Stop"
    assert bench.alarms["screen_lost"].priority is Priority.HIGH
    shut_ms: list[int] = []

    def done() -> bool:
        seen = bench.state.observation
        if seen is not None and not seen.valve_open and not shut_ms:
            shut_ms.append(seen.at_ms)
        return bench.finished is not None

    bench.run(8_000, done)
    seen = bench.state.observation
    assert bench.finished == "screen lost" and seen is not None
    assert seen.at_ms - shut_ms[0] == 0
    assert bench.told(EventKind.GAS_CONFIRMED_OFF), "and the record says that it is"
    assert bench.phase is Phase.STOPPED
    bench.run(1_000)


def test_the_screen_gone_while_idle_ends_at_once_when_it_has_been_shut_long() -> None:
    bench = Bench().connected()
    bench.run(6_000)
    before = len(bench.sent)
    bench.screen_gone()
    assert bench.finished == "screen lost"
    assert bench.messages(StopMessage, since=before) == []


def test_the_screen_gone_and_a_valve_that_stays_open_are_recorded_on() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.console.valve_stuck = True
    bench.screen_gone()
    bench.run(20_000)
    assert bench.finished is None
    bench.console.valve_stuck = False
    bench.run(6_000)
    assert bench.finished == "screen lost"


@pytest.mark.parametrize("way", ["closed", "cut", "paused", "never opened"])
def test_the_screen_gone_and_nobody_to_wait_for(way: str) -> None:
    bench = Bench()
    if way != "never opened":
        bench.freezing(plan(60.0))
    if way == "paused":
        bench.console.happened(codes.EventCode.TIME_SCALE, 0, 0)
        bench.run(50)
        bench.console.still = True
    if way == "cut":
        bench.line_cut = True
    if way == "closed":
        bench.close_port()
    bench.screen_gone()
    bench.run(2_500)
    assert bench.finished == "screen lost"


def test_the_screen_gone_just_when_the_link_is_opened_anew_is_recorded_to_the_end() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.garbage(6)
    assert not bench.state.link.open
    bench.screen_gone()
    assert bench.finished is None
    bench.run(2_000, lambda: bench.finished is not None)
    assert bench.finished == "screen lost" and bench.console.on_ms is None
    assert bench.told(EventKind.GAS_CONFIRMED_OFF)


def test_the_screen_gone_and_another_boot_ends_when_that_is_read_shut() -> None:
    bench = Bench(Console(now_ms=900_000)).freezing(plan(60.0))
    bench.screen_gone()
    bench.run(1_000)
    bench.console.reboot(0xB008)
    bench.run(6_500)
    assert bench.finished == "screen lost"


# --- taken up again ----------------------------------------------------------------------------


def interrupted(bench: Bench) -> SavedCase:
    return loaded(saved(bench.checkpoints[-1]))


@pytest.mark.parametrize("same_boot", [False, True])
def test_a_case_is_taken_up_at_freeze_stopped(same_boot: bool) -> None:
    first = Bench().freezing(plan(60.0, 60.0))
    console = first.console
    if not same_boot:
        console.reboot(0xB008)
    second = Bench(console, seed=2, resume_from=interrupted(first))
    assert second.phase is Phase.PREPARE
    out = second.open_port()
    assert transmitted(out)[:2] == ["Stop", "Hello"]
    second.run(500)
    assert second.phase is Phase.STOPPED and console.on_ms is None
    words = second.told(EventKind.RESUMED)
    assert len(words) == 1 and ("restarted" in words[0]) is not same_boot
    assert second.state.procedure.stop_reason == words[0]
    second.run(5_000)
    assert second.messages(StartMessage, Arm) == [], "nothing resumes gas by itself"
    record = second.state.procedure.last_record
    assert record is not None and record.state is CycleState.STOPPED
    if same_boot:
        assert record.end is FreezeEnd.STOP and record.ended_ms is not None
        assert record.ended_ms - record.started_ms > 1_400, "the console says how long it was"
    assert second.alarms["host_error"].latched, "what stopped a freeze stands, whoever died"
    assert second.ask(Decide(AfterStop.REPEAT)) == (
        "Acknowledge first: The program stopped during a freeze or a test"
    )
    assert second.ask(Acknowledge()) is None
    assert second.ask(Decide(AfterStop.REPEAT)) is None
    second.close_port()
    second.run(100)
    second.open_port()
    second.run(500)
    assert len(second.told(EventKind.RESUMED)) == 1, "once"


def test_a_case_taken_up_on_another_console_says_so_and_compares_no_times() -> None:
    first = Bench().freezing(plan(60.0, 60.0))
    other = Console(now_ms=5_000, serial=b"CC-0002")
    assert other.boot_id == first.console.boot_id
    second = Bench(other, seed=2, resume_from=interrupted(first))
    second.open_port()
    second.run(500)
    (words,) = second.told(EventKind.RESUMED)
    assert "another console answers, CC-0002 instead of CC-0001" in words
    assert second.phase is Phase.STOPPED
    assert second.state.procedure.stop_reason == words
    assert second.state.procedure.gas_off_ms == 0, "thaws count from its first frame"


def test_a_case_taken_up_in_a_thaw_does_not_go_on_by_itself() -> None:
    first = Bench().freezing(plan(6.0, 6.0, thaw_s=1.0, next_freeze=NextFreeze.AUTO))
    first.run(8_000, lambda: first.phase is Phase.THAWING)
    second = Bench(first.console, seed=2, resume_from=interrupted(first))
    second.open_port()
    second.run(10_000)
    assert second.phase is Phase.THAWING and second.messages(Arm) == []
    assert second.ask(StartFreeze()) is None


# --- the same again ----------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_outputs() -> None:
    first = Bench().freezing(plan(6.0, 6.0, thaw_s=1.0, next_freeze=NextFreeze.AUTO))
    first.run(7_000)
    first.garbage(7)
    first.run(1_000)
    first.gap(900)
    first.ask(Stop())
    first.console.reboot(0xB008)
    first.run(1_000)
    first.ask(Acknowledge())
    first.screen_gone()
    first.run(6_000)
    assert first.finished and len(first.inputs) > 500
    second = Bench()
    for given in first.inputs:
        second.give(given)
    assert second.outputs == first.outputs
    for name in type(first.state).__struct_fields__:
        if name != "random":
            assert getattr(second.state, name) == getattr(first.state, name), name


def test_ticks_alone_send_nothing_when_nothing_is_due() -> None:
    bench = Bench().connected()
    for n in range(1, 10):
        assert bench.give(TickIn(bench.now_ms + n)) == []


def test_an_estimate_is_kept_and_shown() -> None:
    bench = Bench().connected()
    band = Band(1.0, 0.8, 1.2)
    estimate = Estimate(60_000, band, band, band, 2.0, band)
    assert bench.give(EstimateIn(bench.now_ms, estimate)) == []
    assert bench.snapshot().estimate is estimate


# --- the target is not reached -----------------------------------------------------------------


@pytest.mark.parametrize("timing", Timing)
def test_60_s_off_target_end_a_freeze_that_is_timed_from_the_target_and_no_other(
    timing: Timing,
) -> None:
    bench = Bench().freezing(plan(90.0, 90.0, timing=timing))
    bench.console.target = -57.0  # it holds there, and thinks nothing of it
    began_ms = bench.state.procedure.records[-1].started_ms
    bench.run(62_000, lambda: "target_missed" in bench.alarms)
    assert 60_000 <= bench.console.now_ms - began_ms <= 60_100
    assert bench.alarms["target_missed"].priority is Priority.MEDIUM
    bench.run(200)
    if timing is Timing.FROM_START:
        assert bench.phase is Phase.FREEZING and bench.messages(End) == []
        return
    assert bench.messages(End) == [End()] and not bench.console.valve_open
    assert bench.phase is Phase.STOPPED and "target_missed" not in bench.alarms
    assert bench.snapshot().procedure.stop_reason == TARGET_NOT_REACHED
    assert bench.snapshot().controls["count"].blocked is None

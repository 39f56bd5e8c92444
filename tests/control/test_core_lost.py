"""The link lost, by every way; the console restarted; readings that are old; frames that come from
where they should not."""

from collections.abc import Callable

import pytest
from core_kit import LEASE_MS, Bench, Console, plan, transmitted

from console.model.alarm import Priority
from console.model.cycle import CycleState
from console.model.estimate import Band, Estimate
from console.model.event import EventKind
from console.model.instruction import Instruction
from console.model.observation import FreezeEnd
from console.model.request import Acknowledge, AfterStop, Decide, ProbeOut, StartFreeze, Stop
from console.model.snapshot import LinkState, Phase
from console.records.entries import EstimateIn
from drivers.link import codes
from drivers.link.frame import Frame
from drivers.link.messages import (
    Answer,
    Event,
    Heartbeat,
    Hello,
    Telemetry,
    pack,
)
from drivers.link.messages import (
    StartFreeze as StartMessage,
)
from drivers.link.messages import Stop as StopMessage


def silence(bench: Bench) -> None:
    bench.line_cut = True
    bench.run(1_000, lambda: "link_lost" in bench.alarms)


def closed(bench: Bench) -> None:
    bench.close_port("the port is gone")


def garbage(bench: Bench) -> None:
    bench.garbage(6)


WAYS: dict[str, Callable[[Bench], None]] = {
    "silence": silence,
    "closed": closed,
    "garbage": garbage,
}


def stops_since(bench: Bench, before: int) -> int:
    return len(bench.messages(StopMessage, since=before))


# --- lost in a freeze --------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_a_link_lost_in_a_freeze_stops_and_alarms_once(way: str) -> None:
    bench = Bench().freezing(plan(60.0))
    before = len(bench.sent)
    WAYS[way](bench)
    alarm = bench.alarms["link_lost"]
    assert alarm.priority is Priority.HIGH and alarm.present and alarm.count == 1
    assert stops_since(bench, before) >= 1
    assert bench.phase is Phase.STOPPED and bench.state.link_state is LinkState.LOST
    assert bench.state.procedure.stop_reason.startswith("Connection to the console lost")
    assert not bench.state.procedure.stopped_by_operator
    bench.run(100)
    assert len([t for t in bench.told(EventKind.ALARM) if "onnection" in t]) == 1


def test_silence_is_told_after_500_ms_and_before_the_lease_is_over() -> None:
    bench = Bench().freezing(plan(60.0))
    heard_ms = bench.state.heard_ms
    assert heard_ms is not None
    silence(bench)
    assert 500 < bench.now_ms - heard_ms <= 530
    assert bench.told(EventKind.LINK_LOST) == ["The link is lost: no frame from the console."]


@pytest.mark.parametrize(("flaws", "is_lost"), [(5, False), (6, True)])
def test_more_than_5_bad_frames_in_a_second_are_a_lost_link(flaws: int, is_lost: bool) -> None:
    bench = Bench().freezing(plan(60.0))
    out = bench.garbage(flaws)
    assert ("link_lost" in bench.alarms) is is_lost
    assert (transmitted(out)[:1] == ["Stop"]) is is_lost
    if is_lost:
        assert "Hello" in transmitted(out), "and the link is opened anew"
        bench.run(300)
        assert bench.state.link_state is LinkState.OPEN
        assert not bench.alarms["link_lost"].present


@pytest.mark.parametrize("way", WAYS)
def test_lost_without_gas_it_is_medium_and_changes_no_phase(way: str) -> None:
    bench = Bench().ready()
    WAYS[way](bench)
    assert bench.alarms["link_lost"].priority is Priority.MEDIUM
    assert bench.phase is Phase.READY
    bench.run(600)
    assert set(bench.alarms) == {"link_lost"} or way == "garbage"


@pytest.mark.parametrize("way", WAYS)
def test_found_again_it_waits_for_the_operator_and_never_resumes(way: str) -> None:
    bench = Bench().freezing(plan(60.0))
    WAYS[way](bench)
    bench.run(3_000)
    bench.line_cut = False
    if way == "closed":
        out = bench.open_port()
        assert transmitted(out)[:2] == ["Stop", "Hello"]
    starts = len(bench.messages(StartMessage))
    bench.run(5_000)
    assert bench.state.link_state is LinkState.OPEN
    assert bench.phase is Phase.STOPPED and bench.console.on_ms is None
    assert len(bench.messages(StartMessage)) == starts
    assert bench.ask(Decide(AfterStop.REPEAT)) is not None, "not before it is acknowledged"
    for _ in range(3):
        bench.ask(Acknowledge())
        bench.run(200)
    assert bench.alarms == {}
    assert bench.ask(Decide(AfterStop.REPEAT)) is None
    bench.run(3_000)
    assert bench.ask(StartFreeze()) is None
    bench.run(500)
    assert bench.phase is Phase.FREEZING


def test_one_acknowledgement_is_enough_after_a_cable_was_pulled_in_a_freeze() -> None:
    """The console's own fault of the lease is the same fault."""
    bench = Bench().freezing(plan(60.0))
    bench.close_port()
    bench.run(2_500)
    assert bench.console.faults == codes.Fault.LEASE_LOST
    bench.open_port()
    bench.run(1_000)
    assert set(bench.alarms) == {"link_lost"}
    raised = len(bench.told(EventKind.ALARM))
    assert bench.ask(Acknowledge()) is None
    bench.run(500)
    assert bench.alarms == {} and bench.console.faults == 0 and bench.console.resets == 1
    assert len(bench.told(EventKind.ALARM)) == raised


def test_the_account_of_the_freeze_is_put_right_when_the_console_is_heard_again() -> None:
    bench = Bench().freezing(plan(60.0), for_ms=3_000)
    bench.close_port()
    bench.run(3_000)
    off_ms = next(
        w.event.at_ms for w in bench.console.link.waiting
        if w.event.code == codes.EventCode.FREEZE_ENDED
    )  # fmt: skip
    bench.open_port()
    bench.run(500)
    record = bench.state.procedure.last_record
    assert record is not None and record.end is FreezeEnd.LEASE and record.ended_ms == off_ms
    assert record.state is CycleState.STOPPED


@pytest.mark.parametrize("choice", [AfterStop.REPEAT, AfterStop.COUNT])
def test_nothing_goes_on_while_the_link_is_lost(choice: AfterStop) -> None:
    bench = Bench().freezing(plan(60.0))
    bench.close_port()
    bench.run(500)
    assert bench.ask(Decide(choice)) == "No reading from the console"
    assert bench.ask(StartFreeze()) is not None
    assert bench.ask(Decide(AfterStop.FINISH)) is None


def test_a_port_that_fails_again_and_again_is_one_alarm() -> None:
    bench = Bench().freezing(plan(60.0))
    for _ in range(10):
        bench.close_port("no such port")
        bench.run(1_000)
    assert bench.alarms["link_lost"].count == 1
    bench.open_port()
    bench.run(500)
    bench.close_port()
    assert bench.alarms["link_lost"].count == 2, "lost again"


# --- STOP and a lost link ----------------------------------------------------------------------


def test_a_stop_that_nobody_confirmed_stays_unconfirmed_when_the_port_closes() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.to_console = lambda message: not isinstance(message, StopMessage)
    bench.ask(Stop())
    bench.run(600)
    assert bench.alarms["stop_unconfirmed"].present
    bench.close_port()
    assert bench.alarms["stop_unconfirmed"].present, "the sign stays while the condition stays"
    bench.run(5_000)
    assert bench.alarms["stop_unconfirmed"].present
    assert len([t for t in bench.told(EventKind.ALARM) if "STOP" in t]) == 1
    bench.to_console = lambda message: True
    out = bench.open_port()
    assert transmitted(out)[:2] == ["Stop", "Hello"]
    bench.run(500)
    assert "stop_unconfirmed" not in bench.alarms
    bench.run(10_000)
    assert "stop_unconfirmed" not in bench.alarms


@pytest.mark.parametrize("way", WAYS)
def test_a_cable_pulled_in_a_freeze_is_one_alarm(way: str) -> None:
    """The host's own STOP that cannot arrive is the same fault; the operator's is another."""
    bench = Bench().freezing(plan(60.0))
    WAYS[way](bench)
    bench.line_cut = True
    bench.run(2_500)
    assert set(bench.alarms) == {"link_lost"}
    assert bench.ask(Stop()) is None
    bench.run(20)
    assert set(bench.alarms) == {"link_lost", "stop_unconfirmed"}


def test_when_nothing_arrives_there_and_all_is_heard_here_the_consoles_word_is_the_one_alarm() -> (
    None
):
    bench = Bench().freezing(plan(60.0))
    bench.to_console = lambda message: False
    bench.run(3_000)
    assert set(bench.alarms) == {"lease_lost"}
    assert not bench.console.valve_open


def test_a_stop_pressed_just_before_the_port_closes_is_not_forgotten() -> None:
    bench = Bench().ready()
    silence(bench)
    bench.ask(Stop())
    bench.run(100)
    bench.close_port()
    bench.run(600)
    assert bench.alarms["stop_unconfirmed"].present


def test_a_stop_pressed_while_the_link_is_down_says_that_it_does_not_arrive() -> None:
    bench = Bench().ready()
    bench.close_port()
    bench.run(2_000)
    assert set(bench.alarms) == {"link_lost"}
    assert bench.ask(Stop()) is None, "never refused"
    bench.run(490)
    assert "stop_unconfirmed" not in bench.alarms
    bench.run(30)
    assert bench.alarms["stop_unconfirmed"].priority is Priority.HIGH
    out = bench.open_port()
    assert transmitted(out)[:2] == ["Stop", "Hello"]
    bench.run(300)
    assert "stop_unconfirmed" not in bench.alarms


def test_before_any_console_has_answered_a_stop_has_nobody_to_confirm_it() -> None:
    bench = Bench()
    bench.console_runs = False
    bench.open_port()
    bench.ask(Stop())
    bench.run(2_000)
    assert bench.alarms == {}


# --- another boot ------------------------------------------------------------------------------


@pytest.mark.parametrize("off_ms", [0, 300, 5_000])
def test_another_boot_in_mid_freeze_is_a_restart(off_ms: int) -> None:
    """Told whatever comes first: its first frame, a tick, or a long silence."""
    bench = Bench().freezing(plan(60.0))
    bench.console_runs = False
    bench.run(off_ms)
    bench.console_runs = True
    bench.console.reboot(0xB008)
    bench.run(1_000)
    alarm = bench.alarms["restarted"]
    assert alarm.priority is Priority.HIGH and alarm.latched and alarm.count == 1
    assert bench.phase is Phase.STOPPED and bench.state.link_state is LinkState.OPEN
    assert ("link_lost" in bench.alarms) is (off_ms > 500), "one fault, one alarm"
    if off_ms < 500:
        assert bench.state.procedure.stop_reason == "The console restarted"
    assert bench.state.device is not None and bench.state.device.boot_id == 0xB008


def test_the_restart_is_told_though_a_tick_falls_between_its_frames() -> None:
    """The session is found lost; the loop wakes; then the Welcome comes."""
    bench = Bench().freezing(plan(60.0))
    bench.console.reboot(0xB008)
    bench.to_host = lambda message: isinstance(message, Telemetry)
    bench.run(200)
    assert not bench.state.link.open
    bench.to_host = lambda message: True
    bench.run(500)
    assert "restarted" in bench.alarms and bench.phase is Phase.STOPPED


def test_a_restart_while_idle_is_no_alarm() -> None:
    bench = Bench().ready()
    bench.console.reboot(0xB008)
    bench.run(1_500)
    assert bench.state.link_state is LinkState.OPEN and bench.alarms == {}
    assert bench.phase is Phase.READY
    assert bench.ask(StartFreeze()) is None
    bench.run(500)
    assert bench.phase is Phase.FREEZING


def test_a_restart_in_a_start_cancels_it() -> None:
    bench = Bench().ready()
    bench.disk = False
    assert bench.ask(StartFreeze()) is None
    bench.console.reboot(0xB008)
    bench.run(1_000)
    bench.disk = True
    bench.run(2_000)
    assert bench.messages(StartMessage) == [] and bench.phase is Phase.READY


def test_after_a_restart_the_thaw_is_timed_anew_and_free_takes_its_5_s() -> None:
    bench = Bench().freezing(plan(6.0, thaw_s=2.0), for_ms=5_900)
    bench.run(20_000, lambda: bench.phase is Phase.FREE)
    bench.console.reboot(0xB008)
    bench.run(1_000)
    assert bench.phase is Phase.RELEASING and not bench.state.release.free
    bench.run(3_500)
    assert bench.phase is Phase.RELEASING
    bench.run(2_000)
    assert bench.phase is Phase.FREE


@pytest.mark.parametrize("way", WAYS)
def test_free_is_shown_only_while_it_is_known(way: str) -> None:
    bench = Bench().freezing(plan(6.0), for_ms=5_900)
    bench.run(20_000, lambda: bench.phase is Phase.FREE)
    WAYS[way](bench)
    bench.run(20)
    assert bench.phase is Phase.RELEASING
    assert bench.ask(ProbeOut()) is not None and bench.ask(ProbeOut("turns freely")) is None


def test_a_reconnection_gives_no_part_of_the_5_s() -> None:
    """Even where the new clock is ahead of the old one."""
    bench = Bench(Console(now_ms=1_000)).freezing(plan(6.0), for_ms=5_900)
    bench.run(20_000, lambda: bench.phase is Phase.FREE)
    bench.close_port()
    bench.console.reboot(0xB008)
    bench.console.now_ms = 500_000
    bench.open_port()
    bench.run(1_000)
    assert bench.phase is Phase.RELEASING and not bench.state.release.free


@pytest.mark.parametrize("thawing", [False, True])
def test_after_a_restart_gas_that_still_flows_is_seen_by_the_new_clock(thawing: bool) -> None:
    bench = Bench(Console(now_ms=5_000_000)).freezing(plan(6.0, 6.0))
    if thawing:
        bench.run(8_000, lambda: bench.phase is Phase.THAWING)
        bench.run(200)
    bench.console.flow_mg_s = 100
    bench.console.reboot(0xB008)
    bench.run(1_500)
    restarts = set() if thawing else {"restarted"}
    assert set(bench.alarms) == restarts
    bench.run(1_500)
    assert set(bench.alarms) == restarts | {"flow_when_shut"}


def test_another_boot_gives_no_part_of_the_5_s_though_no_tick_falls_between() -> None:
    bench = Bench(Console(now_ms=1_000)).freezing(plan(6.0), for_ms=5_900)
    bench.run(20_000, lambda: bench.phase is Phase.FREE)
    console = bench.console
    console.reboot(0xB008)
    console.now_ms = 500_000
    console.advance(50)
    for _ in range(2):  # the stranger's reading; then Welcome and a reading, all in one moment
        before = len(bench.sent)
        for frame in console.take():
            bench.hears(frame)
        for _, frame in bench.sent[before:]:
            console.hear(frame)
        console.advance(50)
    for frame in console.take():
        bench.hears(frame)
    seen = bench.state.observation
    assert seen is not None and seen.at_ms > 500_000 and bench.state.link.open
    assert bench.phase is Phase.RELEASING and not bench.state.release.free


# --- another host ------------------------------------------------------------------------------


def test_a_session_taken_by_another_host_is_a_lost_link() -> None:
    bench = Bench().freezing(plan(60.0))
    hello = Frame(Hello.KIND, 1, 0xABCD, 0, pack(bench.messages(Hello)[0]))
    bench.console.hear(hello)
    bench.run(500)
    assert bench.console.on_ms is None
    alarm = bench.alarms["link_lost"]
    assert alarm.priority is Priority.HIGH and not alarm.present and alarm.count == 1
    assert alarm.happened == "Connection to the console lost: another computer has opened it"
    assert bench.phase is Phase.STOPPED and bench.state.link_state is LinkState.OPEN
    bench.run(2_000)
    assert set(bench.alarms) == {"link_lost"} and bench.phase is Phase.STOPPED


@pytest.mark.parametrize("at", ["intent", "opening"])
def test_a_start_does_not_outlive_its_session(at: str) -> None:
    """Nothing that was asked for before a STOP may start gas after it."""
    bench = Bench().ready()
    bench.disk = at != "intent"
    bench.console.refuses_to_open = at == "opening"
    assert bench.ask(StartFreeze()) is None
    bench.run(100)
    assert bench.phase is Phase.STARTING
    bench.console.hear(Frame(Hello.KIND, 1, 0xABCD, 0, pack(bench.messages(Hello)[0])))
    before = len(bench.sent)
    bench.run(300)
    bench.disk, bench.console.refuses_to_open = True, False
    bench.run(3_000)
    assert bench.messages(StartMessage, since=before) == []
    assert bench.phase is Phase.READY and bench.console.on_ms is None
    assert "the session was lost" in bench.told(EventKind.START_FAILED)[0]


def test_telemetry_of_the_left_session_is_nothing_while_the_new_one_opens() -> None:
    bench = Bench().freezing(plan(60.0))
    old = bench.state.link.session
    bench.close_port()
    bench.open_port()
    seen = bench.state.observation
    late = Frame(Telemetry.KIND, 9_999, old, 70_000, pack(bench.console.telemetry()))
    out = bench.hears(late)
    assert bench.state.observation is seen and transmitted(out) == []
    ended = Event(77, codes.EventCode.FREEZE_ENDED, codes.FreezeEnd.TIMER, 70_000, 1_000)
    assert bench.hears(Frame(Event.KIND, 77, old, 70_000, pack(ended))) == []
    bench.run(500)
    assert bench.state.link_state is LinkState.OPEN and bench.phase is Phase.STOPPED


def test_telemetry_of_another_session_in_an_open_one_is_a_lost_session() -> None:
    bench = Bench().freezing(plan(60.0))
    late = Frame(Telemetry.KIND, 9_999, 0x1234, 70_000, pack(bench.console.telemetry()))
    assert transmitted(bench.hears(late))[:2] == ["Stop", "Hello"]
    before = len(bench.messages(Heartbeat))
    bench.hears(late)
    assert len(bench.messages(Heartbeat)) == before


# --- old readings ------------------------------------------------------------------------------


def test_a_clock_that_stands_still_is_stale() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.console.still = True
    bench.run(480)
    assert "stale" not in bench.alarms
    bench.run(80)
    alarm = bench.alarms["stale"]
    assert alarm.priority is Priority.HIGH
    assert bench.phase is Phase.STOPPED and "link_lost" not in bench.alarms
    assert bench.snapshot().stale


def test_frames_that_come_ever_later_are_stale() -> None:
    bench = Bench().freezing(plan(60.0))
    for late_ms in range(0, 700, 20):
        bench.now_ms += 50
        bench.console.now_ms += 30
        frame = Frame(
            Telemetry.KIND, 9_000 + late_ms, bench.state.link.session, bench.console.now_ms,
            pack(bench.console.telemetry()),
        )  # fmt: skip
        bench.hears(frame)
    assert "stale" in bench.alarms and bench.phase is Phase.STOPPED
    assert "link_lost" not in bench.alarms


def test_old_readings_are_grey_before_they_stop_anything() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.to_host = lambda message: not isinstance(message, Telemetry)
    bench.run(200)
    assert not bench.snapshot().stale
    bench.run(150)
    shown = bench.snapshot()
    assert shown.stale and bench.phase is Phase.FREEZING and bench.alarms == {}
    assert shown.procedure.remaining_s is None and shown.procedure.gas_confirmed_off is None


def test_a_scale_of_0_that_is_announced_is_not_stale() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.console.happened(codes.EventCode.TIME_SCALE, 0, 0)
    bench.run(20)
    bench.console.still = True
    bench.run(5_000)
    assert bench.alarms == {} and bench.phase is Phase.FREEZING
    bench.console.still = False
    bench.console.happened(codes.EventCode.TIME_SCALE, 0, 100)
    bench.run(2_000)
    assert bench.alarms == {} and bench.phase is Phase.FREEZING


def test_a_reading_with_an_older_stamp_is_dropped() -> None:
    bench = Bench().freezing(plan(60.0))
    seen = bench.state.observation
    assert seen is not None
    payload = pack(bench.console.telemetry())
    bench.hears(Frame(Telemetry.KIND, 9_999, bench.state.link.session, seen.at_ms - 10, payload))
    assert bench.state.observation is seen


# --- the console's own lease ----------------------------------------------------------------------


def test_a_host_that_is_not_heard_shuts_the_gas_and_says_so() -> None:
    """Only our own direction is broken."""
    bench = Bench().freezing(plan(60.0))
    bench.to_console = lambda message: False
    bench.run(LEASE_MS + 300)
    assert bench.console.on_ms is None
    assert bench.alarms["lease_lost"].priority is Priority.HIGH
    assert bench.phase is Phase.STOPPED
    record = bench.state.procedure.last_record
    assert record is not None and record.end is FreezeEnd.LEASE
    bench.to_console = lambda message: True
    bench.run(300)
    bench.ask(Acknowledge())
    bench.run(300)
    assert bench.alarms == {}


def test_answers_alone_do_not_keep_a_link() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.to_host = lambda message: isinstance(message, Answer)
    bench.run(700)
    assert "link_lost" in bench.alarms


# --- what is waited for ------------------------------------------------------------------------


def test_the_wait_goes_on_by_the_hosts_clock_while_nothing_is_heard() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.line_cut = True
    bench.run(37_000)
    shown = bench.snapshot().procedure
    assert shown.phase is Phase.STOPPED
    assert shown.gas_off_s == pytest.approx(37.0, abs=1.1), "from the last reading"
    assert shown.instruction is Instruction.CLOSE_UNCONFIRMED, "nobody has read the valve shut"
    assert "close the cylinder" in shown.detail
    bench.close_port()
    bench.run(10_000)
    assert bench.snapshot().procedure.gas_off_s == pytest.approx(47.0, abs=1.1)


def test_a_thaw_that_is_no_longer_heard_asks_to_wait_5_minutes_and_withdraws_the_estimate() -> None:
    bench = Bench().freezing(plan(6.0))
    bench.run(9_000, lambda: bench.phase is Phase.RELEASING)
    bench.run(200)
    free = Band(50.0, 40.0, 60.0)
    told = Estimate(
        bench.state.observation.at_ms if bench.state.observation else 0,
        *(free,) * 3, 1.5, free, free_in_s=free,
    )  # fmt: skip
    bench.give(EstimateIn(bench.now_ms, told))
    assert "free in about 0:50 (estimate)" in bench.snapshot().procedure.detail
    bench.line_cut = True
    bench.run(36_800)
    shot = bench.snapshot()
    assert shot.procedure.instruction is Instruction.WAIT and shot.estimate is None
    assert shot.procedure.detail == "do not move the probe · waited 0:37 of 5:00"
    bench.run(264_000)
    assert bench.snapshot().procedure.detail.startswith("waited 5:00: check on ultrasound")

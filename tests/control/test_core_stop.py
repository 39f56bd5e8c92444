"""STOP: the first on the wire, in every phase; and nothing asked for before it happens after it."""

from typing import Any

import pytest
from core_kit import Bench, plan, transmitted

from console.model.alarm import Priority
from console.model.cycle import CycleState
from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.plan import StimulationPlan
from console.model.request import (
    AfterStop,
    Decide,
    EndFreeze,
    ExtendFreeze,
    OpenCheck,
    OpenTimeOut,
    ProbeOut,
    StartFreeze,
    Stop,
)
from console.model.snapshot import Phase
from console.records.entries import DurableIn
from drivers.link import codes
from drivers.link.frame import Frame
from drivers.link.messages import (
    Answer,
    Arm,
    End,
    Extend,
    pack,
)
from drivers.link.messages import (
    StartFreeze as StartMessage,
)
from drivers.link.messages import Stop as StopMessage


def in_phase(phase: Phase) -> Bench:
    bench = Bench()
    match phase:
        case Phase.PREPARE:
            return bench.connected()
        case Phase.CHECK:
            bench.ready()
            assert bench.ask(OpenCheck()) is None
        case Phase.TIME_OUT:
            bench.ready()
            assert bench.ask(OpenTimeOut()) is None
        case Phase.STIMULATE:
            return bench.ready(plan(stimulation=StimulationPlan()))
        case Phase.READY:
            return bench.ready()
        case Phase.STARTING:
            bench.ready()
            bench.disk = False
            bench.ask(StartFreeze())
        case Phase.FREEZING:
            bench.freezing(plan(60.0))
        case Phase.THAWING:
            bench.freezing(plan(6.0, 6.0, thaw_s=5.0))
            bench.run(8_000, lambda: bench.phase is Phase.THAWING)
        case Phase.STOPPED:
            bench.freezing(plan(60.0))
            bench.ask(Stop())
            bench.run(200)
        case Phase.RELEASING:
            bench.freezing(plan(6.0))
            bench.run(8_000, lambda: bench.phase is Phase.RELEASING)
        case Phase.FREE | Phase.OUT:
            bench.freezing(plan(6.0))
            bench.run(20_000, lambda: bench.phase is Phase.FREE)
            if phase is Phase.OUT:
                bench.ask(ProbeOut())
    assert bench.phase is phase
    return bench


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.hazard("stop", "truth")
def test_in_every_phase_stop_is_accepted_and_the_first_frame(phase: Phase) -> None:
    bench = in_phase(phase)
    out = bench.wants(Stop("key"))
    assert transmitted(out)[0] == "Stop"
    assert bench.phase is {
        Phase.STARTING: Phase.READY,
        Phase.FREEZING: Phase.STOPPED,
    }.get(phase, phase)
    assert bench.told(EventKind.STOPPED)[-1].startswith("Stopped by you 10:00:")
    bench.run(100)
    assert bench.state.link.stopping is None and bench.console.on_ms is None
    assert "stop_unconfirmed" not in bench.alarms


def test_stop_needs_no_port_and_no_console() -> None:
    assert transmitted(Bench().wants(Stop()))[0] == "Stop"


def test_a_stopped_freeze_says_so() -> None:
    bench = in_phase(Phase.FREEZING)
    bench.ask(Stop())
    bench.run(300)
    shown = bench.snapshot().procedure
    assert shown.stopped_by_operator and shown.stop_reason.startswith("Stopped by you 10:00:")
    assert shown.gas_confirmed_off and shown.phase is Phase.STOPPED
    (record,) = shown.records
    assert (record.state, record.end) == (CycleState.STOPPED, FreezeEnd.STOP)
    assert bench.alarms == {}, "an own STOP is no alarm"


def test_the_same_stop_is_repeated_every_20_ms_until_confirmed() -> None:
    bench = in_phase(Phase.FREEZING)
    bench.to_console = lambda message: not isinstance(message, StopMessage)
    before = len(bench.sent)
    bench.ask(Stop())
    bench.run(300)
    frames = [f for _, f in bench.sent[before:] if f.kind == StopMessage.KIND]
    assert 14 <= len(frames) <= 16 and len(set(frames)) == 1
    bench.to_console = lambda message: True
    bench.run(100)
    count = len(bench.messages(StopMessage))
    bench.run(500)
    assert len(bench.messages(StopMessage)) == count


def test_pressed_again_it_is_sent_again_at_once() -> None:
    bench = in_phase(Phase.FREEZING)
    bench.to_console = lambda message: not isinstance(message, StopMessage)
    first, second = bench.wants(Stop()), bench.wants(Stop())
    assert transmitted(first)[0] == transmitted(second)[0] == "Stop"
    bench.run(520)
    assert bench.alarms["stop_unconfirmed"].priority is Priority.HIGH, "its time is the first's"


# --- a full queue ------------------------------------------------------------------------------


def test_stop_goes_before_a_full_queue_of_commands_and_drops_it() -> None:
    bench = in_phase(Phase.FREEZING)
    bench.console.silent_about = {Extend}
    for _ in range(25):
        bench.ask(ExtendFreeze(1.0))
    assert len(bench.state.link.queue) == 16
    dropped = [t for t in bench.told(EventKind.DEVICE) if "not extended" in t]
    assert dropped and dropped[0] == ("The freeze was not extended: too many commands are waiting.")
    before = len(bench.sent)
    out = bench.wants(Stop())
    assert transmitted(out)[0] == "Stop" and bench.state.link.queue == ()
    bench.run(1_000)
    assert bench.messages(Extend, since=before) == []
    assert "The freeze was not extended: stopped." in bench.told(EventKind.DEVICE)


def test_stop_goes_before_the_answers_to_a_flood_of_telemetry() -> None:
    bench = in_phase(Phase.FREEZING)
    before = len(bench.sent)
    for number in range(200):
        bench.now_ms += 1
        bench.console.now_ms += 1
        session = bench.state.link.session
        payload = pack(bench.console.telemetry())
        bench.hears(Frame(0x82, 20_000 + number, session, bench.console.now_ms, payload))
        if number == 100:
            before = len(bench.sent)
            out = bench.wants(Stop())
            assert transmitted(out)[0] == "Stop"
    assert bench.sent[before][1].kind == StopMessage.KIND


# --- what was on its way -----------------------------------------------------------------------


def start_on_its_way(*, answered: str) -> Bench:
    """START is sent; its answer is on its way, or it never arrives."""
    bench = Bench().ready()
    if answered == "never arrives":
        bench.to_console = lambda message: not isinstance(message, StartMessage)
    else:
        bench.to_host = lambda message: not _answers(message, StartMessage)
    assert bench.ask(StartFreeze()) is None
    bench.run(500, lambda: bool(bench.messages(StartMessage)))
    return bench


def _answers(message: Any, command: type) -> bool:
    return isinstance(message, Answer) and message.command == command.KIND  # type: ignore[attr-defined]


def test_an_answer_to_start_that_comes_after_stop_is_nothing() -> None:
    bench = start_on_its_way(answered="late")
    bench.run(20)
    (start,) = (f for _, f in bench.sent if f.kind == StartMessage.KIND)
    bench.ask(Stop())
    assert bench.phase is Phase.READY
    answer = Answer(StartMessage.KIND, codes.Result.DONE, 120_000)
    frame = Frame(Answer.KIND, start.sequence, start.session, bench.console.now_ms, pack(answer))
    assert bench.hears(frame) == []
    bench.run(3_000)
    assert bench.phase is Phase.READY and bench.state.procedure.records == ()
    assert bench.console.on_ms is None and bench.alarms == {}


def test_an_answer_to_arm_that_comes_after_stop_starts_nothing() -> None:
    bench = Bench().ready()
    bench.to_host = lambda message: not _answers(message, Arm)
    bench.ask(StartFreeze())
    bench.run(500, lambda: bool(bench.messages(Arm)))
    (arm,) = (f for _, f in bench.sent if f.kind == Arm.KIND)
    bench.ask(Stop())
    answer = Answer(Arm.KIND, codes.Result.DONE, 4711)
    bench.hears(Frame(Answer.KIND, arm.sequence, arm.session, bench.console.now_ms, pack(answer)))
    bench.to_host = lambda message: True
    bench.run(3_000)
    assert bench.messages(StartMessage) == []


def test_a_disk_that_is_ready_after_stop_starts_nothing() -> None:
    bench = in_phase(Phase.STARTING)
    bench.ask(Stop())
    bench.disk = True
    bench.run(3_000)
    assert bench.messages(Arm) == [] and bench.phase is Phase.READY


def test_the_intent_of_a_cancelled_start_does_not_stand_for_the_next() -> None:
    bench = in_phase(Phase.STARTING)
    old = bench.state.intent
    assert old is not None
    bench.ask(Stop())
    bench.run(300)
    assert bench.ask(StartFreeze()) is None
    assert bench.give(DurableIn(bench.now_ms, old)) == []
    assert bench.messages(Arm) == []
    new = bench.state.intent
    assert new is not None and new > old
    assert transmitted(bench.give(DurableIn(bench.now_ms, new))) == ["Arm"]


def test_a_start_that_never_arrived_is_not_sent_again_after_stop() -> None:
    bench = start_on_its_way(answered="never arrives")
    bench.ask(Stop())
    bench.to_console = lambda message: True
    before = len(bench.sent)
    bench.run(3_000)
    assert bench.messages(StartMessage, since=before) == [] and bench.console.on_ms is None


def test_an_end_that_stop_has_overtaken_can_be_asked_for_in_the_next_freeze() -> None:
    bench = in_phase(Phase.FREEZING)
    bench.to_console = lambda message: not isinstance(message, End)
    assert bench.ask(EndFreeze()) is None
    bench.ask(Stop())
    bench.to_console = lambda message: True
    bench.run(300)
    assert bench.ask(Decide(AfterStop.REPEAT)) is None and not bench.state.procedure.end_asked
    bench.run(3_000)
    assert bench.ask(StartFreeze()) is None
    bench.run(1_000)
    assert bench.ask(EndFreeze()) is None
    bench.run(300)
    record = bench.state.procedure.last_record
    assert record is not None and record.end is FreezeEnd.END
    assert "command_unanswered" not in bench.alarms


@pytest.mark.parametrize("ms", range(0, 200, 10))
def test_whenever_stop_comes_during_a_start_no_gas_is_on_after_it(ms: int) -> None:
    bench = Bench().ready()
    assert bench.ask(StartFreeze()) is None
    bench.run(ms)
    bench.ask(Stop())
    before = len(bench.sent)
    bench.run(5_000)
    assert bench.console.on_ms is None
    assert bench.messages(StartMessage, Arm, since=before) == []
    assert bench.phase in (Phase.READY, Phase.STOPPED)
    assert "stop_unconfirmed" not in bench.alarms
    records = bench.state.procedure.records
    assert all(r.state is CycleState.STOPPED for r in records)
    # And from there it can be done properly.
    if bench.phase is Phase.STOPPED:
        assert bench.ask(Decide(AfterStop.REPEAT)) is None
        bench.run(2_000)
    assert bench.ask(StartFreeze()) is None
    bench.run(500)
    assert bench.phase is Phase.FREEZING and bench.alarms == {}

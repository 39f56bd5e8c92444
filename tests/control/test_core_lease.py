"""The lease: who is heard by the console, and when it must not be."""

from itertools import pairwise

import pytest
from core_kit import LEASE_MS, Bench, plan, transmitted

from console.control.evaluate import BEAT_EVERY_MS
from console.model.request import Acknowledge, Stop
from console.model.snapshot import Phase
from console.records.entries import GuiTickIn, TickIn
from drivers.link import codes
from drivers.link.frame import Frame
from drivers.link.messages import Heartbeat, Telemetry, pack
from drivers.link.messages import Stop as StopMessage


def beats(bench: Bench, since: int = 0) -> list[Heartbeat]:
    return [m for m in bench.messages(Heartbeat, since=since) if isinstance(m, Heartbeat)]


def beats_in(bench: Bench, ms: int) -> list[Heartbeat]:
    """Those sent while so much time passes."""
    before = len(bench.sent)
    bench.run(ms)
    return beats(bench, before)


def test_every_100_ms_the_newest_evaluated_moment_is_echoed() -> None:
    bench = Bench().connected()
    assert BEAT_EVERY_MS == 100
    echoes = [beat.echo_ms for beat in beats_in(bench, 2_000)]
    assert len(echoes) in (19, 20, 21)
    assert all(b - a == 100 for a, b in pairwise(echoes))
    assert echoes[-1] <= bench.console.now_ms


def test_no_heartbeat_before_the_screen_has_ticked() -> None:
    bench = Bench()
    bench.screen_ticks = False
    bench.open_port()
    assert beats_in(bench, 3_000) == []
    assert "screen_lost" not in bench.alarms, "one that has not begun is not lost"
    bench.give(GuiTickIn(bench.now_ms, 1))
    assert beats_in(bench, 200) != []


def test_without_a_screen_in_the_run_none_is_waited_for() -> None:
    bench = Bench(screen=False)
    bench.open_port()
    assert beats_in(bench, 1_000) != []


def test_a_late_screen_stops_and_withholds_the_lease_until_it_ticks_again() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.screen_ticks = False
    last_ms = bench.state.tick_ms
    assert last_ms is not None
    before = len(bench.sent)
    bench.run(3_000, lambda: "screen_lost" in bench.alarms)
    assert 1_000 < bench.now_ms - last_ms <= 1_020
    at = next(t for t, f in bench.sent[before:] if f.kind == StopMessage.KIND)
    assert at == bench.now_ms and bench.phase is Phase.STOPPED
    assert beats_in(bench, 2_000) == []
    assert bench.console.on_ms is None
    bench.screen_ticks = True
    assert beats_in(bench, 300) != []
    alarm = bench.alarms["screen_lost"]
    assert not alarm.present and alarm.latched and alarm.count == 1


def test_the_screen_may_be_late_by_exactly_a_second() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.screen_ticks = False
    assert bench.state.tick_ms is not None
    bench.give(TickIn(bench.state.tick_ms + 1_000.0))
    assert "screen_lost" not in bench.alarms
    out = bench.give(TickIn(bench.state.tick_ms + 1_001.0))
    assert "screen_lost" in bench.alarms and transmitted(out)[0] == "Stop"


def test_an_unconfirmed_stop_withholds_the_lease() -> None:
    bench = Bench().freezing(plan(60.0))
    bench.console.silent_about = {StopMessage}
    bench.to_console = lambda message: not isinstance(message, StopMessage)
    bench.ask(Stop())
    bench.run(480)
    assert "stop_unconfirmed" not in bench.alarms
    bench.run(40)
    assert bench.alarms["stop_unconfirmed"].present
    before = len(bench.sent)
    bench.run(LEASE_MS + 200)
    assert beats(bench, before) == []
    assert bench.console.faults & codes.Fault.LEASE_LOST and bench.console.on_ms is None
    assert len(bench.messages(StopMessage, since=before)) > 40, "it goes on being sent"
    assert set(bench.alarms) == {"stop_unconfirmed"}, "one fault is one alarm"
    bench.to_console = lambda message: True
    bench.console.silent_about = set()
    bench.run(100)
    assert set(bench.alarms) == {"lease_lost"} and beats_in(bench, 300) != []
    assert bench.phase is Phase.STOPPED and bench.alarms["lease_lost"].count == 1
    assert bench.ask(Acknowledge()) is None
    bench.run(300)
    assert bench.alarms == {} and bench.console.faults == 0


def test_a_gap_of_the_loop_withholds_the_lease_until_the_link_is_open_again() -> None:
    bench = Bench().freezing(plan(60.0))
    session = bench.state.link.session
    out = bench.gap(700)
    assert transmitted(out)[:2] == ["Stop", "Hello"]
    assert bench.phase is Phase.STOPPED and not bench.state.link.open
    # What waited meanwhile is of the session that was left: none of it renews anything.
    before = len(bench.sent)
    for number in range(5):
        bench.console.now_ms += 50
        frame = _telemetry(bench, session, number)
        bench.hears(frame)
    assert beats(bench, before) == []
    bench.run(500)
    assert bench.state.link.open and bench.state.link.session != session
    assert beats(bench, before) != []
    assert set(bench.alarms) == {"host_slept"}, "one fault, one alarm"


@pytest.mark.parametrize("ms", [100, 500])
def test_a_short_gap_is_none(ms: int) -> None:
    bench = Bench().freezing(plan(60.0))
    bench.gap(ms)
    bench.run(300)
    assert bench.phase is Phase.FREEZING and bench.alarms == {}


def test_a_long_gap_alone_says_nothing_of_screen_or_console() -> None:
    bench = Bench().connected()
    bench.gap(3_000)
    bench.run(2_000)
    assert set(bench.alarms) == {"host_slept"}
    assert bench.state.link.open


def test_old_frames_give_no_new_lease() -> None:
    """The echo is the moment that was evaluated, however late it came."""
    bench = Bench().freezing(plan(60.0))
    newest = bench.state.observation
    assert newest is not None
    bench.to_host = lambda message: not isinstance(message, Telemetry)
    assert all(beat.echo_ms <= newest.at_ms + 50 for beat in beats_in(bench, 400))
    late = _telemetry(bench, bench.state.link.session, 0)
    frame = Frame(late.kind, late.sequence, late.session, newest.at_ms + 150, late.payload)
    before = len(bench.sent)
    bench.hears(frame)
    assert [beat.echo_ms for beat in beats(bench, before)] == [newest.at_ms + 150]


def _telemetry(bench: Bench, session: int, number: int) -> Frame:
    message = bench.console.telemetry()
    return Frame(Telemetry.KIND, 10_000 + number, session, bench.console.now_ms, pack(message))

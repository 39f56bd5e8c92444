"""The computer's clock is looked at again and again: a step is an input, is told, and the day on
which a probe expires is the present one."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from core_kit import LIMITS, Bench, Console

from console.control.inbox import Inbox
from console.control.loop import CLOCK_EVERY_MS, Loop
from console.control.outputs import AlarmTold
from console.control.recorded import recorded
from console.control.state import Config
from console.model.alarm import Alarm, AlarmTurn, Priority
from console.model.event import EventKind
from console.records.entries import AnyEntry, ClockIn, Happened, NotedIn, Raised
from drivers.link.frame import Frame
from drivers.link.messages import Probe

BEGAN = datetime(2020, 3, 1, 10, 0, tzinfo=UTC)
DAY = (datetime(2025, 6, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days


class Kept:
    """A record in memory, and a wire to nowhere."""

    def __init__(self) -> None:
        self.entries: list[AnyEntry] = []

    def put(self, entry: AnyEntry, durable: int | None = None) -> None:
        self.entries.append(entry)

    def send(self, frame: Frame) -> None:
        pass

    def steps(self) -> list[ClockIn]:
        return [each for each in self.entries if isinstance(each, ClockIn)]


class Clocks:
    """A loop whose clocks a test moves; it runs until `until_s`."""

    def __init__(self) -> None:
        self.now_ms = 0.0
        self.wall = BEGAN
        self.held_ms = 0.0  # between the two readings
        self.changes: dict[float, timedelta | timezone] = {}
        self.until_ms = 5_000.0
        self.kept = Kept()
        config = Config("test", LIMITS, 1, BEGAN.isoformat(timespec="milliseconds"), 0.0, False)
        self.loop = Loop(
            config, Inbox(), wire=self.kept, clock=self._clock, wall=self._wall,
            watch=lambda state: "over" if self.now_ms > self.until_ms else None,
        )  # fmt: skip
        self.loop.record_to(self.kept, "x")

    def _clock(self) -> float:
        self._pass(1.0)
        return self.now_ms

    def _wall(self) -> datetime:
        self._pass(self.held_ms)
        return self.wall

    def _pass(self, ms: float) -> None:
        self.now_ms += ms
        self.wall += timedelta(milliseconds=ms)
        for at in [each for each in self.changes if each <= self.now_ms]:
            change = self.changes.pop(at)
            if isinstance(change, timedelta):
                self.wall += change
            else:
                self.wall = self.wall.astimezone(change)

    def run(self) -> list[ClockIn]:
        self.loop.run()
        return self.kept.steps()


def test_a_clock_that_runs_on_is_no_input() -> None:
    assert Clocks().run() == []


@pytest.mark.parametrize(
    "step", [timedelta(days=2_000), timedelta(seconds=-90), timedelta(seconds=1.5)], ids=str
)
def test_a_step_is_one_input_and_the_times_behind_it_are_the_present_ones(step: timedelta) -> None:
    clocks = Clocks()
    clocks.changes[2_000.0] = step
    (found,) = clocks.run()
    assert 2_000 < found.now_ms <= 2_000 + CLOCK_EVERY_MS + 50
    state = clocks.loop.state
    told = datetime.fromisoformat(state.wall(clocks.now_ms))
    assert abs(told - clocks.wall) < timedelta(milliseconds=10)
    (event,) = (
        each for each in clocks.kept.entries
        if isinstance(each, Happened) and each.event.kind is EventKind.CLOCK_SET
    )  # fmt: skip
    assert event.wall == found.wall
    before = (BEGAN + timedelta(milliseconds=found.now_ms)).isoformat(" ", "seconds")
    assert event.event.text.startswith(f"The computer's clock went from {before[:19]} +00:00 to 20")


def test_another_zone_is_a_step_and_a_second_is_none() -> None:
    clocks = Clocks()
    clocks.changes |= {
        1_500.0: timezone(timedelta(hours=13)),
        3_000.0: timedelta(milliseconds=800),
    }
    (found,) = clocks.run()
    assert found.wall.endswith("+13:00")
    told = [each.event.text for each in clocks.kept.entries if isinstance(each, Happened)]
    assert len(told) == 1 and "to 2020-03-01 23:00:0" in told[0]


def test_a_loop_that_was_held_up_between_the_two_readings_sees_no_step() -> None:
    clocks = Clocks()
    clocks.held_ms = 1_200.0
    clocks.until_ms = 20_000.0
    assert clocks.run() == []


def expiring(day: int) -> Bench:
    console = Console()
    assert console.probe is not None
    console.probe = Probe(1, 5, b"LT-14", b"P-0001", 1400, 6000, day)
    bench = Bench(console)
    started = BEGAN.isoformat(timespec="milliseconds")
    bench.state.config = msgspec.structs.replace(
        bench.state.config, started=started, started_ms=bench.now_ms
    )
    return bench.connected()


def test_a_probe_expires_by_the_present_day_and_not_by_that_of_the_start() -> None:
    bench = expiring(DAY)
    assert bench.state.probe_problem(bench.now_ms) == ""  # it is 2020, says the computer
    bench.give(ClockIn(bench.now_ms, "2026-12-01T10:00:00.000+00:00"))
    assert bench.state.probe_problem(bench.now_ms) == "expired"
    bench.give(ClockIn(bench.now_ms, "2025-06-01T23:59:00.000+00:00"))
    assert bench.state.probe_problem(bench.now_ms) == ""
    bench.run(61_000)
    assert bench.state.probe_problem(bench.now_ms) == "expired"  # midnight came


def test_a_step_and_a_note_are_lines_of_the_alarm_history_and_no_alarms() -> None:
    bench = expiring(DAY)
    for given, kind in (
        (ClockIn(bench.now_ms, "2026-12-01T10:00:00.000+00:00"), "clock_set"),
        (NotedIn(bench.now_ms, "The alarm book is damaged."), "noted"),
    ):
        out = bench.give(given)
        (told,) = (each for each in out if isinstance(each, AlarmTold))
        assert (told.console, told.turn, told.alarm.id) == ("", AlarmTurn.RAISED, kind)
        assert (told.alarm.priority, told.alarm.engineer) == (Priority.LOW, False)
        assert told.wall.startswith("2026-12-01T10:00:00")
    assert bench.alarms == {}


def test_what_an_engineer_must_release_is_in_the_record_with_its_console() -> None:
    bench = expiring(DAY)
    alarm = Alarm("leak", Priority.HIGH, "Leaks", "Close it.", "10:00:00", None, engineer=True)
    for console, turn, kept in (
        ("CC-1", AlarmTurn.RAISED, True), ("", AlarmTurn.RAISED, False),
        ("CC-1", AlarmTurn.CLEARED, False),
    ):  # fmt: skip
        made = recorded(bench.state, 1.0, AlarmTold("w", console, turn, alarm))
        assert made == (Raised(1.0, "w", console, alarm) if kept else None)
    other = msgspec.structs.replace(alarm, engineer=False)
    assert recorded(bench.state, 1.0, AlarmTold("w", "CC-1", AlarmTurn.RAISED, other)) is None

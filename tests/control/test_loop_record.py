"""What the loop records: every input, before the core has it, and one that raises as well."""

from collections.abc import Callable

import msgspec
from core_kit import LIMITS

from console.control import core
from console.control.inbox import Inbox
from console.control.loop import Loop
from console.control.state import Config
from console.model.alarm import Alarm, AlarmEntry, AlarmTurn, Priority
from console.model.alarm import Kept as KeptAlarm
from console.model.request import Acknowledge, NewSession
from console.model.snapshot import Phase
from console.records.entries import (
    AnyEntry,
    FailedIn,
    FlawIn,
    FrameIn,
    Happened,
    KeptIn,
    RequestIn,
    ScreenAlarmIn,
    TickIn,
)
from drivers.link.frame import Frame

ALARM = Alarm("leak", Priority.HIGH, "Leaks", "Close it.", "10:00:00", None, engineer=True)


class Kept:
    """A record in memory, and a wire to nowhere."""

    def __init__(self) -> None:
        self.entries: list[AnyEntry] = []

    def put(self, entry: AnyEntry, durable: int | None = None) -> None:
        self.entries.append(entry)

    def send(self, frame: Frame) -> None:
        pass


def made(
    port: str = "test",
    on_renew: Callable[[str, Config], tuple[Kept, str, Config]] | None = None,
) -> tuple[Loop, Kept]:
    kept = Kept()
    config = Config(port, LIMITS, 1, "2026-01-05T10:00:00.000+00:00", 0.0, False)
    loop = Loop(config, Inbox(), wire=kept, clock=lambda: 0.0, on_renew=on_renew)
    loop.record_to(kept, "x")
    return loop, kept


def test_an_input_from_which_nothing_follows_is_recorded() -> None:
    loop, kept = made()
    given: list[core.Input] = [TickIn(1.0), FlawIn(2.0, 1), TickIn(3.0)]
    for each in given:
        loop.take(each)
    assert kept.entries == given


def test_an_input_that_raises_is_recorded_and_so_is_its_failure() -> None:
    loop, kept = made()
    bad = FrameIn(5.0, None)  # type: ignore[arg-type]
    loop.take(bad)
    assert kept.entries[0] == bad
    failed = kept.entries[1]
    assert isinstance(failed, FailedIn)
    assert failed.now_ms == 5.0
    assert failed.words
    assert any(isinstance(each, Happened) for each in kept.entries[2:])


class Pages:
    """An alarm book in memory."""

    kept = (KeptAlarm("CC-0001", ALARM),)

    def __init__(self) -> None:
        self.told: list[tuple[AlarmTurn, str]] = []

    def put(self, wall: str, console: str, turn: AlarmTurn, alarm: Alarm) -> None:
        self.told.append((turn, alarm.id))

    def fresh(self) -> tuple[AlarmEntry, ...]:
        return ()


def test_what_the_alarm_book_keeps_is_an_input_of_the_record() -> None:
    loop, kept = made()
    loop.keep_in(Pages())
    assert kept.entries == [KeptIn(0.0, Pages.kept)]
    assert loop.state.kept == Pages.kept


def test_an_alarm_of_the_screen_is_an_input_of_the_record_and_goes_into_the_book() -> None:
    loop, kept = made()
    book = Pages()
    loop.keep_in(book)
    given = ScreenAlarmIn(5.0, "2026-01-05T09:59:58.250+00:00", AlarmTurn.RAISED, ALARM)
    loop.take(given)
    assert book.told == [(AlarmTurn.RAISED, "leak")]
    assert kept.entries[1] == given


def test_a_simulator_of_ones_own_begins_without_what_an_earlier_one_left() -> None:
    loop, kept = made("sim://n2o")
    loop.keep_in(Pages())
    assert kept.entries == [] and loop.state.kept == ()


def test_it_goes_on_into_the_next_session_and_alarms_are_told_to_the_book() -> None:
    others = Kept()
    loop, _ = made(on_renew=lambda outcome, config: (others, "y", config))
    book = Pages()
    loop.keep_in(book)
    loop.take(FrameIn(5.0, None))  # type: ignore[arg-type]
    assert book.told == [(AlarmTurn.RAISED, "host_error")]
    loop.state.procedure = msgspec.structs.replace(loop.state.procedure, phase=Phase.OUT)
    loop.take(TickIn(6.0))
    loop.take(RequestIn(7.0, 1, Acknowledge()))
    loop.take(RequestIn(8.0, 2, NewSession()))
    assert book.told == [(AlarmTurn.RAISED, "host_error"), (AlarmTurn.ACKNOWLEDGED, "host_error")]
    assert others.entries == [KeptIn(0.0, Pages.kept)]
    assert loop.state.kept == Pages.kept

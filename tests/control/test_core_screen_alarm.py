"""Alarms of the screen itself: into the record and the alarm book, whenever they come."""

import msgspec
from core_kit import Bench

from console.control.outputs import AlarmTold
from console.model.alarm import Alarm, AlarmTurn, Priority
from console.model.event import EventKind
from console.records.entries import ScreenAlarmIn

RAISED_AT = "2026-01-05T09:59:58.250+00:00"
OVER_AT = "2026-01-05T10:00:01.500+00:00"
LOST = Alarm("control_lost", Priority.HIGH, "It stopped: killed", "Look.", "09:59:58", None)
OVER = msgspec.structs.replace(LOST, present=False)


def test_it_is_told_to_the_book_as_of_when_it_was_and_stands_nowhere_here() -> None:
    bench = Bench().connected()
    bench.give(ScreenAlarmIn(bench.now_ms, RAISED_AT, AlarmTurn.RAISED, LOST))
    bench.give(ScreenAlarmIn(bench.now_ms, OVER_AT, AlarmTurn.CLEARED, OVER))
    assert [each for each in bench.outputs if isinstance(each, AlarmTold)] == [
        AlarmTold(RAISED_AT, "", AlarmTurn.RAISED, LOST),
        AlarmTold(OVER_AT, "", AlarmTurn.CLEARED, OVER),
    ]
    assert bench.alarms == {} and bench.state.kept == ()


def test_the_record_says_that_the_screen_said_it_and_when_it_was_over() -> None:
    bench = Bench()
    bench.give(ScreenAlarmIn(bench.now_ms, RAISED_AT, AlarmTurn.RAISED, LOST))
    bench.give(ScreenAlarmIn(bench.now_ms, OVER_AT, AlarmTurn.CLEARED, OVER))
    said = "high: It stopped: killed (the screen says so, 09:59:58)"
    assert bench.told(EventKind.ALARM) == [said]
    assert bench.told(EventKind.ALARM_CLEARED) == [said], "the report joins them by their words"
    (raised,) = [e for e in bench.state.events if e.kind is EventKind.ALARM]
    assert raised.at_ms is None, "it is of no moment of the console's clock"


def test_nothing_is_kept_until_an_engineer_comes() -> None:
    bench = Bench().connected()
    alarm = msgspec.structs.replace(LOST, engineer=True)
    bench.give(ScreenAlarmIn(bench.now_ms, RAISED_AT, AlarmTurn.RAISED, alarm))
    assert bench.state.kept == ()

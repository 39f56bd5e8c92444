"""Which alarm sounds when, and the pause."""

from itertools import pairwise
from typing import Any

import pytest

from console.model.alarm import Alarm, Priority
from console.ui.alarms import sounding
from console.ui.alarms.melodies import ALARMS, Melody
from console.ui.alarms.sounding import LONGEST_PAUSE_S, Sounding

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


def alarm(id: str = "a", priority: Priority = MEDIUM, **fields: Any) -> Alarm:
    usual: dict[str, Any] = {"happened": "X", "to_do": "Y.", "raised_at": "10:00:00"}
    return Alarm(id, priority, raised_ms=None, **{**usual, **fields})


class Ear:
    """What is heard, every 0.1 s."""

    def __init__(self) -> None:
        self.state, self.now_s = Sounding(), 100.0
        self.heard: list[tuple[float, Melody]] = []

    def over(self, s: float, *alarms: Alarm) -> list[Melody]:
        """What begins in so long a time with these alarms."""
        before = len(self.heard)
        for _ in range(round(s * 10)):
            self.state, melody = sounding.step(self.state, alarms, self.now_s)
            if melody is not None:
                self.heard.append((self.now_s, melody))
            self.now_s += 0.1
        return [melody for _, melody in self.heard[before:]]


@pytest.mark.parametrize("priority", [HIGH, MEDIUM])
def test_it_begins_at_once_and_is_repeated_while_the_alarm_stands(priority: Priority) -> None:
    ear = Ear()
    melody = ALARMS[priority]
    assert ear.over(0.1, alarm(priority=priority)) == [melody]
    every = melody.every_s
    assert every is not None
    assert ear.over(3 * every + 0.3, alarm(priority=priority)) == [melody] * 3
    times = [at for at, _ in ear.heard]
    assert all(abs(b - a - every) < 0.11 for a, b in pairwise(times))
    assert ear.over(60.0) == []


def test_a_low_one_sounds_once() -> None:
    assert Ear().over(120.0, alarm(priority=LOW)) == [ALARMS[LOW]]


def test_a_higher_one_sounds_at_once_and_a_lower_one_waits() -> None:
    ear = Ear()
    medium, high, low = alarm("m"), alarm("h", HIGH), alarm("l", LOW)
    ear.over(0.5, medium)
    assert ear.over(0.1, medium, high) == [ALARMS[HIGH]]
    assert ear.over(2.0, medium, high, low) == []
    assert ear.over(1.0, medium, low) == [], "it does not sound for the end of the higher one"
    assert ear.over(10.0, medium, low) == [ALARMS[MEDIUM]]


def test_a_new_one_of_the_same_priority_and_one_that_comes_again_sound_at_once() -> None:
    ear = Ear()
    ear.over(0.5, alarm("a"))
    assert ear.over(0.1, alarm("a"), alarm("b")) == [ALARMS[MEDIUM]]
    assert ear.over(0.1, alarm("a", count=2), alarm("b")) == [ALARMS[MEDIUM]]


@pytest.mark.parametrize(
    ("fields", "sounds"),
    [
        ({}, True),
        ({"present": False, "latched": True}, True),
        ({"present": False}, False),
        ({"present": False, "latched": True, "engineer": True}, False),
        ({"present": True, "latched": True, "engineer": True}, True),
        ({"present": False, "latched": True, "acknowledged": True}, False),
    ],
)
def test_what_sounds(fields: dict[str, Any], sounds: bool) -> None:
    assert sounding.audible(alarm(**fields)) is sounds


# --- the pause ---------------------------------------------------------------------------------


def paused(*alarms: Alarm) -> Ear:
    ear = Ear()
    ear.over(1.0, *alarms)
    ear.state = sounding.pause(ear.state, alarms, ear.now_s)
    return ear


def test_a_pause_silences_for_two_minutes_and_says_how_long_still() -> None:
    ear = paused(alarm())
    assert ear.state.paused_for_s(ear.now_s) == LONGEST_PAUSE_S == 120.0
    assert ear.over(119.9, alarm()) == []
    left = ear.state.paused_for_s(ear.now_s)
    assert left is not None and 0 < left <= 0.11
    assert ear.over(0.3, alarm()) == [ALARMS[MEDIUM]]
    assert ear.state.paused_for_s(ear.now_s) is None


@pytest.mark.parametrize(
    ("new", "breaks"),
    [
        (alarm("b", HIGH), True),
        (alarm("b", MEDIUM), True),
        (alarm("a", MEDIUM, count=2), True),
        (alarm("b", LOW), False),
    ],
)
def test_a_new_one_of_the_same_or_a_higher_priority_breaks_it(new: Alarm, breaks: bool) -> None:
    ear = paused(alarm("a"))
    standing = (new,) if new.id == "a" else (alarm("a"), new)
    assert bool(ear.over(0.2, *standing)) is breaks
    assert (ear.state.paused_for_s(ear.now_s) is None) is breaks


def test_it_is_for_this_occurrence_alone() -> None:
    ear = paused(alarm())
    ear.over(1.0)
    assert ear.state.paused_for_s(ear.now_s) is None
    assert ear.over(0.1, alarm()) == [ALARMS[MEDIUM]]


def test_one_of_several_that_goes_does_not_end_it_and_one_that_was_silenced_may_stay() -> None:
    ear = paused(alarm("a", HIGH), alarm("b"))
    assert ear.over(5.0, alarm("b")) == []


def test_it_can_be_ended_and_there_is_none_of_silence() -> None:
    ear = paused(alarm())
    ear.state = sounding.resume(ear.state, ear.now_s)
    assert ear.over(0.1, alarm()) == [ALARMS[MEDIUM]]
    assert sounding.pause(Sounding(), (), 1.0) == Sounding()

"""Alarms as the screen shows them and the record keeps them."""

from enum import StrEnum

import msgspec


class Priority(StrEnum):
    """How soon someone must act."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 is the most urgent."""
        return ("high", "medium", "low").index(self.value)


class Alarm(msgspec.Struct, frozen=True):
    """One fault, however often it came. `present`: the condition holds now; `latched`: it stays
    until it is acknowledged after the cause has gone."""

    id: str
    priority: Priority
    happened: str
    to_do: str
    raised_at: str  # wall clock, HH:MM:SS, for people
    raised_ms: int | None  # device time
    count: int = 1
    present: bool = True
    latched: bool = False
    blocks_start: bool = False
    from_device: bool = False  # stands because the device says so, until it is reset there
    acknowledged: bool = False  # clears as soon as the device's reset is done
    clearing: bool = False  # its cause has gone, and it goes on for a while: it may come again
    engineer: bool = False  # only an engineer's release clears it: no acknowledgement, no restart
    done: str = ""  # what was done about it, for the bar; filled in for the screen


class AlarmTurn(StrEnum):
    """What became of an alarm."""

    RAISED = "raised"
    CLEARED = "cleared"
    ACKNOWLEDGED = "acknowledged"
    RELEASED = "released"  # by an engineer


class AlarmEntry(msgspec.Struct, frozen=True):
    """One line of the alarm history. `number` counts up through all runs; `wall`: ISO 8601;
    `console`: its serial number, empty for a simulator that lives and ends with this program, and
    for what befell the program itself; of a release, `words` say by whom and why, and `answers`
    name the journals (session/file) whose alarms it answers, where those are known."""

    number: int
    wall: str
    console: str
    turn: AlarmTurn
    alarm: Alarm
    words: str = ""
    answers: tuple[str, ...] = ()


class Kept(msgspec.Struct, frozen=True):
    """An alarm that stays with the console of this serial number until an engineer releases it."""

    console: str
    alarm: Alarm

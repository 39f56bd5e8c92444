"""What a replay makes of records from before alarms went on for a while after their condition.

Such a record has an alarm that cleared at once, and perhaps was raised again in the next moment,
where the same inputs now give one alarm that goes on. That and nothing else is set aside here, so
that every other decision can be compared."""

import re
from collections.abc import Iterable
from typing import Final, TypeVar

from console.model.alarm import Alarm
from console.model.event import EventKind
from console.records.entries import Happened, Progress
from console.safety import texts
from console.safety.limits import shipped
from console.safety.registry import LIMITS, REGISTRY

M = TypeVar("M")

_MAY_DIFFER: Final = (EventKind.ALARM, EventKind.ALARM_CLEARED)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in words.split(texts.OMITTED)))


_TEXTS: Final = [
    (each.id, _pattern(texts.pattern(each, shipped(LIMITS)))) for each in REGISTRY if each.priority
]


class Clearing:
    """Sets differences of clearing aside, step by step. `early`: the alarms that had cleared in the
    record and still stand now; `changed`: how many entries were set aside, by alarm."""

    def __init__(self) -> None:
        self.early: set[str] = set()
        self.changed: dict[str, int] = {}

    def apart(
        self, old: Iterable[M], new: Iterable[M], alarms: tuple[Alarm, ...]
    ) -> tuple[tuple[M, ...], tuple[M, ...]]:
        """The decisions of a step as recorded and as made now, without what clearing changed.
        `alarms`: those that stand after the step."""
        old, new = tuple(old), tuple(new)
        if old == new:
            return old, new
        again: set[str] = set()
        stopped = False
        kept: list[M] = []
        for entry in old:
            if stopped and isinstance(entry, Progress):
                stopped = False
                continue
            id = _alarm_of(entry)
            if id is None or entry in new:
                kept.append(entry)
            elif _kind(entry) is EventKind.ALARM_CLEARED and _goes_on(id, alarms):
                self._set_aside(id, early=True)
            elif _kind(entry) is EventKind.ALARM and _goes_on(id, alarms):
                self._set_aside(id, early=False)
                again.add(id)
            elif _kind(entry) is EventKind.STOPPED and id in again:
                stopped = True
            else:
                kept.append(entry)
        after: list[M] = []
        for entry in new:
            id = _alarm_of(entry)
            if (
                id in self.early
                and id is not None
                and _kind(entry) is EventKind.ALARM_CLEARED
                and entry not in old
            ):
                self._set_aside(id, early=False)
            else:
                after.append(entry)
        return tuple(kept), tuple(after)

    def same(self, old: object, new: object) -> bool:
        """Whether two entries tell of the same turn of an alarm that was set aside before: its
        text and time are of the first raise now, and were of the last."""
        id = _alarm_of(old)
        alike = id is not None and id == _alarm_of(new) and _kind(old) is _kind(new)
        return alike and id in self.changed and _kind(old) is not EventKind.STOPPED

    def note(self, journal: str) -> list[str]:
        """In words, what was set aside; empty where nothing was."""
        if not self.changed:
            return []
        said = ", ".join(f"{id} {count}" for id, count in sorted(self.changed.items()))
        return [f"alarm clearing changed in {journal}: {said}"]

    def _set_aside(self, id: str, *, early: bool) -> None:
        (self.early.add if early else self.early.discard)(id)
        self.changed[id] = self.changed.get(id, 0) + 1


def _kind(entry: object) -> EventKind | None:
    return entry.event.kind if isinstance(entry, Happened) else None


def _alarm_of(entry: object) -> str | None:
    """The interlock of whose alarm an entry tells, by its words."""
    kind = _kind(entry)
    if kind is None or not isinstance(entry, Happened):
        return None
    words = entry.event.text
    if kind in _MAY_DIFFER:
        words = words.partition(": ")[2]
    elif kind not in (EventKind.ACKNOWLEDGED, EventKind.STOPPED):
        return None
    return next((id for id, pattern in _TEXTS if pattern.fullmatch(words)), None)


def _goes_on(id: str, alarms: tuple[Alarm, ...]) -> bool:
    return any(alarm.id == id and (alarm.clearing or alarm.present) for alarm in alarms)

"""The parts of the report that tell what happened: alarms, decisions, the whole order of events,
and what was added afterwards."""

from collections.abc import Callable
from typing import Any

from console.model.event import EventKind
from console.model.quantities import UNKNOWN, minutes
from console.records.walls import DATED_BEFORE, dated_before
from console.report import words
from console.report.account import Account, Told
from console.report.document import Sheet, paragraph, section, table
from console.report.words import clock

Part = Callable[[Account, Sheet], list[Any]]


def alarms(account: Account, sheet: Sheet) -> list[Any]:
    """Each alarm with its text and when it cleared."""
    raised = account.of(EventKind.ALARM)
    if not raised:
        return [*section("Alarms"), paragraph("No alarm was raised.")]
    rows = [
        [minutes(each.at_s), clock(each.wall), *_alarm_words(each), _cleared(account, each)]
        for each in raised
    ]
    widths = [sheet.width * each for each in (0.09, 0.1, 0.11, 0.58, 0.12)]
    return [
        *section("Alarms"),
        table(["at", "time of day", "priority", "what happened", "cleared at"], rows, widths, (0,)),
    ]


def _alarm_words(alarm: Told) -> tuple[str, str]:
    priority, _, text = alarm.text.partition(": ")
    return (priority, text) if text else (UNKNOWN, alarm.text)


def _cleared(account: Account, alarm: Told) -> str:
    _, text = _alarm_words(alarm)
    later = account.events[account.events.index(alarm) + 1 :]
    for each in later:
        if each.kind is EventKind.ALARM_CLEARED and _alarm_words(each)[1] == text:
            return minutes(each.at_s)
        if each.kind is EventKind.ACKNOWLEDGED and each.text == text:
            return f"{minutes(each.at_s)}, acknowledged"
    return "it stood at the end"


def told(title: str, *kinds: EventKind) -> Part:
    """A part that lists the events of these kinds, and is left out when there are none."""

    def part(account: Account, sheet: Sheet) -> list[Any]:
        found = account.of(*kinds)
        if not found:
            return []
        rows = [[minutes(each.at_s), clock(each.wall), each.text] for each in found]
        widths = [sheet.width * each for each in (0.09, 0.12, 0.79)]
        return [
            *section(title),
            table(["at", "time of day", "what was recorded"], rows, widths, (0,)),
        ]

    return part


def log(account: Account, sheet: Sheet) -> list[Any]:
    """Everything that was recorded in words, in its order."""
    if not account.events:
        return []
    rows = [
        [minutes(each.at_s), clock(each.wall), _where(each), each.kind.value, each.text]
        for each in account.events
    ]
    widths = [sheet.width * each for each in (0.08, 0.1, 0.2, 0.15, 0.47)]
    return [
        *section("What happened, in order"),
        table(["at", "time of day", "where", "what", "in words"], rows, widths, (0,)),
    ]


def _where(event: Told) -> str:
    """Site, place and freeze, as the tables of the freezes number them."""
    place, key = event.place, event.freeze
    if place is None:
        return ""
    freeze = "" if key is None else f", freeze {words.freeze(key)}"
    return f"site {place.site + 1}, place {place.placement}{freeze}"


def amendments(account: Account, sheet: Sheet) -> list[Any]:
    """What was added afterwards; nothing where nothing was."""
    if not account.amendments:
        return []
    ended = account.events[-1].wall if account.events else account.started
    rows = [[_when(each.wall, ended), each.who, each.why, each.text] for each in account.amendments]
    widths = [sheet.width * each for each in (0.25, 0.1, 0.22, 0.43)]
    return [*section("Amendments"), table(["when", "who", "why", "what"], rows, widths)]


def _when(wall: str, ended: str | None) -> str:
    when = words.day_and_time(wall)
    return f"{when} ({DATED_BEFORE})" if dated_before(wall, ended) else when

"""A record from before alarms went on for a while: clearing alone may differ, and it is said."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from console import config
from console.control.clearing import Clearing
from console.control.replay import check
from console.model.alarm import Alarm, Priority
from console.model.event import Event, EventKind
from console.records import FrameOut, Happened, Progress, read_journal

CHATTER = Path(__file__).with_name("golden") / "alarm-chatter.journal"
"""The supply stands at its limit; its alarm was raised and cleared 53 times in 20 s."""
LOW = "low: Supply pressure is low: 41.0 bar"
LOST = "medium: Connection to the console lost"
SUPPLY = Alarm("supply_warn", Priority.LOW, "", "", "10:00:00", 1)
LINK = Alarm("link_lost", Priority.MEDIUM, "", "", "10:00:00", 1, latched=True)
STOP = FrameOut(1.0, b"stop")


def said(kind: EventKind, text: str) -> Happened:
    return Happened(1.0, "2026-01-05T10:00:00.000+00:00", Event(kind, 60_000, text))


def gone(alarm: Alarm) -> Alarm:
    return msgspec.structs.replace(alarm, present=False, clearing=True)


def test_a_record_with_chatter_is_decided_again_the_same_but_for_its_clearing() -> None:
    journal = read_journal(CHATTER)
    raised = [
        entry.event.kind for entry in journal.of(Happened) if "Supply pressure" in entry.event.text
    ]
    assert raised.count(EventKind.ALARM) == raised.count(EventKind.ALARM_CLEARED) == 53
    found = check([journal], config.limits(), as_recorded=True)
    assert found.same
    assert f"alarm clearing changed in {CHATTER.name}: supply_warn 105" in found.notes


def test_another_decision_is_found_in_spite_of_the_chatter() -> None:
    patient = config.limits().changed({"link.stale_wall_ms": 5_000.0})
    found = check([read_journal(CHATTER)], patient)
    assert not found.same and found.first_difference is not None
    assert "Readings from the console are old" in (found.first_difference.recorded or "")


CLEARED, RAISED = said(EventKind.ALARM_CLEARED, LOW), said(EventKind.ALARM, LOW)
RAISED_LOST = said(EventKind.ALARM, LOST)
STOPPED = said(EventKind.STOPPED, "Connection to the console lost")
SAVED = Progress(1.0, b"")

APART: dict[str, tuple[list[Any], list[Any], tuple[Alarm, ...], list[Any], list[Any]]] = {
    "cleared early": ([CLEARED], [], (gone(SUPPLY),), [], []),
    "not one that does not stand": ([CLEARED], [], (), [CLEARED], []),
    "not one that is another's": ([CLEARED], [], (gone(LINK),), [CLEARED], []),
    "raised again, and what followed": (
        [RAISED_LOST, STOP, STOPPED, SAVED], [STOP], (LINK,), [STOP], []
    ),
    "not a stop of its own": ([STOPPED, SAVED], [], (LINK,), [STOPPED, SAVED], []),
    "not a frame": ([CLEARED, STOP], [], (gone(SUPPLY),), [STOP], []),
    "not what is raised now": ([], [RAISED], (SUPPLY,), [], [RAISED]),
    "not what clears now and had not cleared before": ([], [CLEARED], (), [], [CLEARED]),
}  # fmt: skip


@pytest.mark.parametrize("which", APART)
def test_clearing_is_set_aside_and_nothing_else(which: str) -> None:
    old, new, alarms, kept, after = APART[which]
    left = Clearing().apart(old, new, alarms)
    if which == "raised again, and what followed":
        assert left == ((STOP,), (STOP,))
        return
    assert left == (tuple(kept), tuple(after))


def test_what_had_cleared_early_clears_later() -> None:
    clearing = Clearing()
    clearing.apart([CLEARED], [], (gone(SUPPLY),))
    assert clearing.apart([], [CLEARED], ()) == ((), ())
    assert clearing.changed == {"supply_warn": 2} and clearing.early == set()
    assert clearing.note("x.journal") == ["alarm clearing changed in x.journal: supply_warn 2"]
    later = said(EventKind.ALARM_CLEARED, LOW.replace("41.0", "40.9"))
    assert clearing.same(CLEARED, later), "its number is of the first raise now"
    assert not clearing.same(CLEARED, RAISED) and not clearing.same(STOP, STOP)

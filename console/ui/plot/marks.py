"""What the plot shows beside the curve: when gas was on, when ice thawed, what happened. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QCoreApplication

from console.model.cycle import CycleRecord, keys
from console.model.event import Event, EventKind
from console.model.snapshot import Phase, Snapshot
from console.ui.kit.words import freeze_word


class SpanKind(StrEnum):
    """How a span is shaded."""

    FREEZE = "freeze"
    THAW = "thaw"


@dataclass(frozen=True)
class Span:
    """A shaded part of the time axis, device time in s."""

    kind: SpanKind
    from_s: float
    to_s: float
    label: str


@dataclass(frozen=True)
class Mark:
    """Something that happened at a moment, device time in s."""

    at_s: float
    label: str
    alarm: bool = False


MARKED: Final = {
    EventKind.AT_TARGET: "at target",
    EventKind.FREEZE_EXTENDED: "+0:30",
    EventKind.STOPPED: "STOP",
    EventKind.PROBE_MOVED: "probe moved",
    EventKind.FREE: "free",
    EventKind.LINK_LOST: "link lost",
    EventKind.ALARM: "alarm",
}


def marks_of(events: tuple[Event, ...]) -> list[Mark]:
    """The events that the plot marks."""
    return [
        Mark(
            event.at_ms / 1_000.0,
            QCoreApplication.translate("plot", MARKED[event.kind]),
            event.kind is EventKind.ALARM,
        )
        for event in events
        if event.kind in MARKED and event.at_ms is not None
    ]


def spans_of(snapshot: Snapshot, newest_s: float) -> list[Span]:
    """Freezes and thaws of all records, the running one up to `newest_s`."""
    view, records = snapshot.procedure, snapshot.procedure.records
    released = view.phase in (Phase.FREE, Phase.OUT)
    spans = []
    for index, (key, record) in enumerate(zip(keys(records), records, strict=True)):
        following = records[index + 1] if index + 1 < len(records) else None
        name = _tr("Freeze {number}").format(number=freeze_word(key))
        if key.site != view.site:
            name = _tr("Site {site} · {freeze}").format(site=key.site + 1, freeze=name)
        spans += _spans(name, record, following, newest_s, released)
    return spans


def _tr(text: str) -> str:
    return QCoreApplication.translate("plot", text)


def _spans(
    name: str, record: CycleRecord, following: CycleRecord | None, newest_s: float, released: bool
) -> list[Span]:
    start = record.started_ms / 1_000.0
    if start > newest_s:  # of a device clock that has begun anew since
        return []
    end = newest_s if record.ended_ms is None else record.ended_ms / 1_000.0
    found = [Span(SpanKind.FREEZE, start, end, name)]
    if record.ended_ms is None:
        return found
    if following is not None and following.site == record.site:
        until = following.started_ms / 1_000.0
    elif (released or following is not None) and record.thaw_s is not None:
        until = end + record.thaw_s
    else:
        until = newest_s
    if until > end:
        found.append(Span(SpanKind.THAW, end, until, _tr("Thaw")))
    return found


def span_at(spans: list[Span], at_s: float) -> Span | None:
    """The freeze or thaw that a moment lies in, None before the first and after the last."""
    return next((span for span in spans if span.from_s <= at_s <= span.to_s), None)


def previous(snapshot: Snapshot) -> tuple[float, float, float] | None:
    """The cycle before the running one, to lay under it: from, to and by how much to move it to
    the right, in s. None where there is none at this site."""
    records = snapshot.procedure.records
    if len(records) < 2 or snapshot.procedure.phase not in (Phase.FREEZING, Phase.THAWING):
        return None
    before, now = records[-2], records[-1]
    if before.site != now.site:
        return None
    return (
        before.started_ms / 1_000.0,
        now.started_ms / 1_000.0,
        (now.started_ms - before.started_ms) / 1_000.0,
    )

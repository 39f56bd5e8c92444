"""What happened, in the order it happened, for the record and for the report."""

from enum import StrEnum

import msgspec


class EventKind(StrEnum):
    """Kinds of entries in a session's history."""

    CONNECTED = "connected"
    LINK_LOST = "link lost"
    PLAN_CHOSEN = "plan chosen"
    CHECKED = "checked"
    CHECK_DONE = "check done"
    TIME_OUT_DONE = "time-out done"
    STIMULATION_STARTED = "stimulation started"
    STIMULATION_ANSWERED = "stimulation answered"
    STIMULATION_ENDED = "stimulation ended"
    OVERRIDDEN = "overridden"
    START_ASKED = "start asked"
    FREEZE_STARTED = "freeze started"
    AT_TARGET = "at target"
    FREEZE_EXTENDED = "freeze extended"
    EXTENSION_UNDONE = "extension undone"
    FREEZE_ENDED = "freeze ended"
    NEXT_HELD = "next freeze held"
    START_FAILED = "start failed"
    STOPPED = "stopped"
    GAS_CONFIRMED_OFF = "gas confirmed off"
    DECIDED = "decided"
    PAIN = "pain"
    PROBE_MOVED = "probe moved"
    FREEZE_ADDED = "freeze added"
    NEW_CYLINDER = "new cylinder"
    CHANGING_CYLINDER = "changing cylinder"
    RELEASING = "releasing"
    FREE = "free to move"
    PROBE_OUT = "probe out"
    NEXT_SITE = "next site"
    ALARM = "alarm"
    ALARM_CLEARED = "alarm cleared"
    ACKNOWLEDGED = "acknowledged"
    RESUMED = "resumed"
    DEVICE = "device"
    CLOCK_SET = "clock set"
    NOTED = "noted"
    SESSION_ENDED = "session ended"


class Event(msgspec.Struct, frozen=True):
    """One entry. at_ms is device time, None where there is none."""

    kind: EventKind
    at_ms: int | None
    text: str

"""What follows from the device or the link is a row: here is what a row is."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import msgspec

from console.model.observation import Observation
from console.procedure.row import Outcome
from console.procedure.situation import Situation
from console.procedure.state import Conditions, Procedure


class Happening(StrEnum):
    """What the device, the link or the disk reports, with what comes along."""

    OBSERVED = "a fresh observation"  # Seen
    UNSEEN = "no observation is fresh"
    DURABLE = "what was to be persisted is on disk"
    ARMED = "the device has granted a token"
    GRANTED = "the device has answered a start: done"
    START_FAILED = "a start was refused or not answered"  # why, in words
    TARGET_MISSED = "the tip is not at its target though it should be"
    END_FAILED = "END was not done"
    EXTENDED = "the device has acknowledged EXTEND"  # by how many seconds
    AMPLITUDE_TAKEN = "the device has acknowledged an amplitude"  # µA or mV
    AMPLITUDE_REFUSED = "an amplitude was not taken"
    OFF_REFUSED = "the stimulator was not switched off"
    STATE_CHANGED = "event: state changed"  # DeviceEvent, as the next three
    FREEZE_ENDED = "event: freeze ended"
    STIMULATION_ENDED = "event: stimulation ended"
    TEST_ENDED = "event: test ended"
    PROBE_GONE = "event: probe disconnected"
    STOPPED = "STOP, by the operator or an interlock"  # Stop


H = Happening


class Seen(msgspec.Struct, frozen=True):
    """A fresh observation, the conditions that it comes in, and the seconds it stands for."""

    observation: Observation
    now: Conditions
    dt_s: float


class Stop(msgspec.Struct, frozen=True):
    """Why gas and stimulation were switched off, and when, in device ms."""

    reason: str
    by_operator: bool
    at_ms: int | None


class Transition(msgspec.Struct, frozen=True):
    """By this happening, in one of these situations, under this condition, this follows. The first
    row that fits counts. `what` is what comes along with the happening."""

    by: Happening
    situations: frozenset[Situation]
    when: Callable[[Procedure, Any], bool]
    follows: Callable[[Procedure, Any], Outcome]


class Ignored(msgspec.Struct, frozen=True):
    """By this happening nothing follows in these situations, and why that is right."""

    by: Happening
    situations: frozenset[Situation]
    why: str


def always(proc: Procedure, what: object) -> bool:
    """Under every condition."""
    return True

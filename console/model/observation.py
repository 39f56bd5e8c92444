"""What the device measured at one moment of its own time."""

from enum import StrEnum
from typing import Final

import msgspec

from console.model.device import DeviceState

BODY_CELSIUS: Final = 37.0
"""What a tip in a patient comes to, where nothing was frozen."""


class Quality(StrEnum):
    """What the front end says of a reading; UNKNOWN for a code of a later version."""

    OK = "ok"
    OPEN = "open"
    SHORT = "short"
    OUT_OF_RANGE = "out of range"
    STALE = "stale"
    NOT_FITTED = "not fitted"
    UNKNOWN = "unknown"


class Observation(msgspec.Struct, frozen=True):
    """One telemetry frame in the units of this program. A value is None unless its quality is OK:
    unknown is never 0, which would read as thawed. Pressures are absolute."""

    at_ms: int
    state: DeviceState
    valve_open: bool
    exhaust_open: bool = True
    warming: bool = False
    stimulator_on: bool = False
    armed: bool = False
    local_start: bool = False
    tip_celsius: float | None = None
    tip_quality: Quality = Quality.OK
    hose_celsius: float | None = None
    room_celsius: float | None = None
    supply_kpa: float | None = None
    exhaust_kpa: float | None = None
    flow_mg_s: float | None = None
    valve_percent: int = 0
    delivered_ua: float | None = None
    impedance_ohm: float | None = None
    remaining_freeze_ms: int = 0
    remaining_lease_ms: int = 0
    faults: tuple[str, ...] = ()  # ids of interlocks, or "unknown_fault_N"


class FreezeEnd(StrEnum):
    """Why the gas or the stimulator went off, as the device says."""

    TIMER = "timer"
    END = "ended early"
    STOP = "stopped"
    FAULT = "device interlock"
    LEASE = "host silent"
    NEW_SESSION = "host restarted"
    UNKNOWN = "unknown"


class DeviceEvent(msgspec.Struct, frozen=True):
    """Something that the device reported once. `detail` is in words."""

    at_ms: int
    kind: str  # EventCode of the link, lower case
    detail: str = ""
    value: int = 0
    freeze_end: FreezeEnd | None = None
    stimulation_end: FreezeEnd | None = None

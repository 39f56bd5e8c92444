"""What an interlock is."""

from collections.abc import Callable
from enum import Enum, IntFlag

import msgspec

from drivers.link.codes import DeviceState, Fault
from simulator.firmware.model import Device

Predicate = Callable[[Device, int], float | None]
"""(device, device ms) -> what was measured when the limit is passed, else None. Pure."""


class Reaction(Enum):
    """What a trip does."""

    SAFE = "SS1"  # gas shut, exhaust open, stimulation off, passive thaw
    SAFE_ISOLATED = "SS1, supply isolated"  # the same, and the second valve shut where there is one
    STIMULATION_OFF = "SS3"


class Latch(Enum):
    """How a trip is cleared."""

    WHILE_RUNNING = "clears when idle"
    LATCHED = "by RESET"
    ENGINEER = "by RESET in maintenance"


class Blocks(IntFlag):
    """What cannot be armed while the trip is not cleared."""

    GAS = 1
    STIMULATOR = 2
    BOTH = 3


class Row(msgspec.Struct, frozen=True):
    """One interlock: it trips when its predicate has held for `hold_ms` in one of `states` (None:
    in every state)."""

    id: str
    fault: Fault
    predicate: Predicate
    hold_ms: int = 0
    states: tuple[DeviceState, ...] | None = None
    reaction: Reaction = Reaction.SAFE
    latch: Latch = Latch.LATCHED
    blocks: Blocks = Blocks.GAS

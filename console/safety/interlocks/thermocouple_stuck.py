"""The gas is switched, and the tip's reading does not follow."""

from typing import Final

import msgspec

from console.model.alarm import Priority
from console.model.device import DeviceState
from console.model.instruction import Instruction
from console.safety.interlock import (
    UNTRUSTED,
    FaultBit,
    Found,
    Interlock,
    Latch,
    Moment,
    SafeState,
    Watch,
)
from console.safety.interlocks.fails_to_cool import RESTS_ABOVE_TARGET
from console.safety.interlocks.flow_when_shut import COLD_CELSIUS
from console.safety.limits import Limit, Tighter

STILL_CELSIUS: Final = Limit("sensor.stuck_celsius", 0.1)
STILL_MS: Final = Limit("sensor.stuck_ms", 4_000, Tighter.LOWER, 3_500)
"""The device acts at 3,000."""
BEGINS_MS: Final = Limit("sensor.stuck_begins_ms", 3_000)
"""After the gas was switched: later the tip may rest where it is."""


class _Memory(msgspec.Struct, frozen=True):
    """`still_ms`: device time since which the tip stays within STILL_CELSIUS of `anchor`."""

    anchor_celsius: float | None = None
    still_ms: int = 0


def _remember(memory: _Memory, now: Moment) -> _Memory:
    seen, tip, anchor = now.seen, now.tip, memory.anchor_celsius
    if seen is None:
        return memory
    if tip is None or anchor is None or abs(tip - anchor) >= now.limits[STILL_CELSIUS]:
        return _Memory(tip, seen.at_ms)
    return memory


def _judge(memory: _Memory, now: Moment) -> Found | None:
    seen, switched_ms = now.seen, now.signals.switched_ms
    if seen is None or switched_ms is None or not _must_move(now):
        return None
    began_ms = max(switched_ms, memory.still_ms)
    if began_ms - switched_ms > now.limits[BEGINS_MS]:
        return None
    return Found() if seen.at_ms - began_ms >= now.limits[STILL_MS] else None


def _must_move(now: Moment) -> bool:
    # A tip that is where the gas takes it, or that was hardly cooled, may well stand still.
    tip, target = now.tip, now.facts.target_celsius
    if tip is None:
        return False
    if now.state is not DeviceState.FREEZING:
        return tip < now.limits[COLD_CELSIUS]
    return target is not None and tip > target + now.limits[RESTS_ABOVE_TARGET]


INTERLOCK: Final = Interlock(
    id="thermocouple_stuck",
    hazard="the tip's reading stands still",
    cause="the front end repeats its last value",
    hears=(
        Watch(
            _Memory(),
            _remember,
            _judge,
            keeps=lambda memory, now: now.seen is not None and memory.still_ms < now.seen.at_ms,
        ),
        FaultBit(),
    ),
    threshold="under {sensor.stuck_celsius} °C of change for 3 s (host {sensor.stuck_ms} ms) "
    "within {sensor.stuck_begins_ms:ms>s} of the valve's opening or shutting; the host only while "
    "the tip has to move",
    reaction_ms=3_100,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    happened="Tip temperature did not follow the gas",
    to_do=UNTRUSTED,
    done="Gas is shut. Do not trust the reading.",
    asks=Instruction.WAIT,
    residual="A reading that sticks during the hold is found when the gas goes off.",
    limits=(STILL_CELSIUS, STILL_MS, BEGINS_MS),
)

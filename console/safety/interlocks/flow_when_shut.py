"""Gas flows on after the valve was read back shut, or the tip does not warm."""

from typing import Final

import msgspec

from console.model.alarm import Priority
from console.model.instruction import Instruction
from console.safety.interlock import (
    CLOSE,
    ENGINEER,
    FaultBit,
    Found,
    Interlock,
    Latch,
    Moment,
    SafeState,
    Suppression,
    Watch,
)
from console.safety.limits import Below, Limit, Tighter
from console.safety.watches import lasted, timer

SETTLE_MS: Final = Limit("shut.settle_ms", 2_000)
FULL_FLOW_MG_S: Final = Limit("shut.freezing_flow_mg_s", 300.0)
"""Through the orifice, at full duty."""
FLOW_SHARE: Final = Limit("shut.flow_share", 0.1, Tighter.LOWER, 0.05)
FLOW_MS: Final = Limit("shut.flow_ms", 500, Tighter.LOWER, 300)
COLD_CELSIUS: Final = Limit("shut.cold_celsius", -40.0)
RISE_CELSIUS: Final = Limit("shut.rise_celsius", 10.0, Tighter.HIGHER, 15.0)
RISE_MS: Final = Limit("shut.rise_ms", 5_000)


class _Memory(msgspec.Struct, frozen=True):
    """`flow_since_ms`: device time since which too much flows."""

    flow_since_ms: int | None = None
    warmest_celsius: float | None = None
    cold_still: bool = False


def _remember(memory: _Memory, now: Moment) -> _Memory:
    seen, shut_ms = now.seen, now.signals.shut_ms
    if seen is None or shut_ms is None:
        return _Memory()
    known = [t for t in (memory.warmest_celsius, now.tip) if t is not None]
    warmest = max(known, default=None)
    return _Memory(
        timer(memory.flow_since_ms, now, holds=_flows(now, shut_ms)),
        warmest,
        _cold_still(memory.cold_still, warmest, now, shut_ms),
    )


def _flows(now: Moment, shut_ms: int) -> bool:
    seen, limits = now.seen, now.limits
    if seen is None or seen.flow_mg_s is None or seen.at_ms - shut_ms < limits[SETTLE_MS]:
        return False
    return seen.flow_mg_s > limits[FLOW_SHARE] * limits[FULL_FLOW_MG_S]


def _cold_still(still: bool, warmest: float | None, now: Moment, shut_ms: int) -> bool:
    seen, cold, limits = now.seen, now.signals.shut_tip_celsius, now.limits
    if seen is None or seen.tip_celsius is None or warmest is None:
        return still  # an unknown tip is not a cold one
    if cold is None or cold >= limits[COLD_CELSIUS]:
        return still
    risen = warmest - cold >= limits[RISE_CELSIUS]
    return not risen and (still or seen.at_ms - shut_ms >= limits[RISE_MS])


def _judge(memory: _Memory, now: Moment) -> Found | None:
    seen = now.seen
    if seen is None or seen.valve_open:
        return None
    if seen.flow_mg_s is not None and lasted(memory.flow_since_ms, now, FLOW_MS):
        return Found("flow", {"flow": seen.flow_mg_s})
    return Found("cold") if memory.cold_still else None


INTERLOCK: Final = Interlock(
    id="flow_when_shut",
    hazard="gas flows with the valve shut",
    cause="the valve sticks or leaks",
    hears=(
        Watch(
            _Memory(), _remember, _judge, keeps=lambda memory, now: memory.flow_since_ms is not None
        ),
        FaultBit(),
    ),
    threshold="{shut.settle_ms} ms after shut: flow above {shut.flow_share:.0%} of freezing "
    "flow for {shut.flow_ms} ms; or the tip rose less than {shut.rise_celsius} °C in "
    "{shut.rise_ms} ms from below {shut.cold_celsius} °C",
    reaction_ms=2_600,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.ENGINEER,
    happened="Gas still flows with the valve shut{detail}",
    details={"flow": ": flow {flow:mg/s}", "cold": ": the tip stays cold"},
    to_do="STOP sent. " + CLOSE + " " + ENGINEER,
    done="STOP was sent. An engineer must release the console.",
    asks=Instruction.CLOSE_CYLINDER,
    residual="A console without a second valve cannot end the flow: the operator must.",
    suppressed_by=(Suppression("unexpected_freeze"), Suppression("both_on")),
    limits=(SETTLE_MS, FULL_FLOW_MG_S, FLOW_SHARE, FLOW_MS, COLD_CELSIUS, RISE_CELSIUS, RISE_MS),
    relations=(Below(SETTLE_MS, RISE_MS, "the flow is looked at before the warming"),),
)

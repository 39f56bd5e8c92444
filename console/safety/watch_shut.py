"""Watches of the time after the gas went off. Pure; remembered in `ShutMemory`."""

import msgspec

from console.safety.facts import Facts, Finding
from console.safety.limits import Limits


class ShutMemory(msgspec.Struct, frozen=True):
    """Device times. `shut_ms`: when the valve was first read back shut after it had been open."""

    was_open: bool = False
    shut_ms: int | None = None
    shut_tip_celsius: float | None = None
    warmest_celsius: float | None = None
    flow_since_ms: int | None = None
    cold_still: bool = False
    unknown_since_ms: int | None = None


def remember(memory: ShutMemory, facts: Facts, limits: Limits) -> ShutMemory:
    """The memory after a new observation."""
    seen = facts.observation
    if seen is None:
        return memory
    blind = facts.thawing and seen.tip_celsius is None and not seen.valve_open
    since = memory.unknown_since_ms if memory.unknown_since_ms is not None else seen.at_ms
    unknown = since if blind else None
    if seen.valve_open:
        return ShutMemory(was_open=True)
    if memory.was_open:
        memory = ShutMemory(
            shut_ms=seen.at_ms,
            shut_tip_celsius=seen.tip_celsius,
        )
    if memory.shut_ms is None:
        return msgspec.structs.replace(memory, unknown_since_ms=unknown)
    since_ms = seen.at_ms - memory.shut_ms
    flow = seen.flow_mg_s
    flows = (
        since_ms >= limits.shut.settle_ms
        and flow is not None
        and flow > limits.shut.flow_share * limits.shut.freezing_flow_mg_s
    )
    began = memory.flow_since_ms if memory.flow_since_ms is not None else seen.at_ms
    known = [t for t in (memory.warmest_celsius, seen.tip_celsius) if t is not None]
    cold, warmest = memory.shut_tip_celsius, max(known, default=None)
    cold_still = memory.cold_still
    judged = seen.tip_celsius is not None  # an unknown tip is not a cold one
    if judged and cold is not None and cold < limits.shut.cold_celsius and warmest is not None:
        risen = warmest - cold >= limits.shut.rise_celsius
        cold_still = not risen and (cold_still or since_ms >= limits.shut.rise_ms)
    return msgspec.structs.replace(
        memory,
        warmest_celsius=warmest,
        flow_since_ms=began if flows else None,
        cold_still=cold_still,
        unknown_since_ms=unknown,
    )


def flow_when_shut(memory: ShutMemory, facts: Facts, limits: Limits) -> Finding | None:
    """Flow that goes on, or a tip that does not warm, after the valve was read back shut."""
    seen = facts.observation
    if seen is None or seen.valve_open:
        return None
    flow, since = seen.flow_mg_s, memory.flow_since_ms
    if flow is not None and since is not None and seen.at_ms - since >= limits.shut.flow_ms:
        return Finding("flow_when_shut", f": flow {flow:.0f} mg/s")
    if memory.cold_still:
        return Finding("flow_when_shut", ": the tip stays cold")
    return None


def tip_unknown(memory: ShutMemory, facts: Facts, limits: Limits) -> Finding | None:
    """No tip temperature in a thaw, for longer than the device takes to name the cause."""
    seen, since = facts.observation, memory.unknown_since_ms
    if seen is None or since is None or seen.at_ms - since < limits.shut.unknown_ms:
        return None
    return Finding("tip_unknown", f": sensor {seen.tip_quality.value}")

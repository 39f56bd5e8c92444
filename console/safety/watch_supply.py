"""Watches of the supply's pressure. Pure; remembered in `SupplyMemory`."""

import msgspec

from console.safety.facts import Facts, Finding
from console.safety.limits import Limits


class SupplyMemory(msgspec.Struct, frozen=True):
    """`unknown_since_ms`: device time since which there is no reading."""

    unknown_since_ms: int | None = None


def remember(memory: SupplyMemory, facts: Facts) -> SupplyMemory:
    """The memory after a new observation."""
    seen = facts.observation
    if seen is None:
        return memory
    since = memory.unknown_since_ms if memory.unknown_since_ms is not None else seen.at_ms
    return SupplyMemory(since if seen.supply_kpa is None else None)


def supply_warn(memory: SupplyMemory, facts: Facts, limits: Limits) -> Finding | None:
    """Under what a freeze may start with. It rests, with the gas off, while the cylinder is being
    changed: an open hose has no pressure."""
    seen = facts.observation
    if facts.cylinder_changing and not facts.gas_on:
        return None
    if seen is None or facts.gas is None or seen.supply_kpa is None:
        return None
    if seen.supply_kpa >= limits.of(facts.gas).supply_start_kpa[0]:
        return None
    return Finding("supply_warn", f"{seen.supply_kpa / 100:.1f} bar")


def supply_unknown(memory: SupplyMemory, facts: Facts, limits: Limits) -> Finding | None:
    """No reading, for unknown_ms."""
    seen, since = facts.observation, memory.unknown_since_ms
    if seen is None or since is None or seen.at_ms - since < limits.supply.unknown_ms:
        return None
    return Finding("supply_unknown")

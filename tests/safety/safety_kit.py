"""Facts for the watches, as one that is so and with one thing changed at a time."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from console import config
from console.model.device import DeviceState, Gas
from console.model.observation import Observation
from console.safety import watch_freeze, watch_shut
from console.safety.facts import Facts, Finding
from console.safety.watch_freeze import FreezeMemory
from console.safety.watch_shut import ShutMemory

LIMITS = config.limits()
AT_MS = 60_000
PERIOD_MS = 50


def seen(**changed: Any) -> Observation:
    """A healthy reading of a running freeze, some of it changed."""
    usual: dict[str, Any] = {
        "at_ms": AT_MS,
        "state": DeviceState.FREEZING,
        "valve_open": True,
        "tip_celsius": -70.0,
        "supply_kpa": 4900.0,
        "exhaust_kpa": 160.0,
        "flow_mg_s": 280.0,
    }
    return Observation(**{**usual, **changed})


def thawing(**changed: Any) -> Observation:
    """A healthy reading of a thaw, some of it changed."""
    usual = {"state": DeviceState.THAWING, "valve_open": False, "flow_mg_s": 0.0}
    return seen(**{**usual, **changed})


def facts(**changed: Any) -> Facts:
    """A moment of a healthy freeze, some of it changed."""
    usual: dict[str, Any] = {
        "now_ms": 10_000.0,
        "device_now_ms": float(AT_MS),
        "port_open": True,
        "link_open": True,
        "was_open": True,
        "heard_ms": 10_000.0,
        "moved_ms": 10_000.0,
        "observation": seen(),
        "new": True,
        "gas": Gas.N2O,
        "gas_wanted": True,
        "target_celsius": -70.0,
        "freeze_started_ms": AT_MS - 30_000,
        "freeze_due_ms": AT_MS + 90_000,
        "screen_age_ms": 50.0,
    }
    return Facts(**{**usual, **changed})


def but(before: Facts, **changed: Any) -> Facts:
    """The same moment with one thing changed; fields of the observation by `seen_...`."""
    inner = {k.removeprefix("seen_"): v for k, v in changed.items() if k.startswith("seen_")}
    outer = {k: v for k, v in changed.items() if not k.startswith("seen_")}
    if inner and before.observation is not None:
        outer["observation"] = msgspec.structs.replace(before.observation, **inner)
    return msgspec.structs.replace(before, **outer)


def freezing_after(
    moments: Iterable[Facts], memory: FreezeMemory | None = None
) -> tuple[FreezeMemory, Facts]:
    """The memory of the freeze's watches after these moments, and the last of them."""
    memory = memory or FreezeMemory()
    last: Facts | None = None
    for last in moments:
        memory = watch_freeze.remember(memory, last, LIMITS)
    assert last is not None
    return memory, last


def shut_after(
    moments: Iterable[Facts], memory: ShutMemory | None = None
) -> tuple[ShutMemory, Facts]:
    """The same for the watches after the gas went off."""
    memory = memory or ShutMemory()
    last: Facts | None = None
    for last in moments:
        memory = watch_shut.remember(memory, last, LIMITS)
    assert last is not None
    return memory, last


def every(period_ms: int, to_ms: int, make: Callable[[int], Facts]) -> list[Facts]:
    """Moments at 0, `period_ms`, ... up to and including `to_ms`."""
    return [make(ms) for ms in [*range(0, to_ms, period_ms), to_ms]]


def row_of(finding: Finding | None) -> str | None:
    """Its row, None for none."""
    return finding.row if finding is not None else None

"""Moments for the interlocks: one of a healthy freeze, and the same with things changed."""

from collections.abc import Iterable
from typing import Any

import msgspec

from console import config
from console.model.device import DeviceState, Gas
from console.model.observation import Observation
from console.safety import texts
from console.safety.facts import Facts
from console.safety.interlock import Found
from console.safety.limits import Limits
from console.safety.registry import BY_ID
from console.safety.supervisor import Supervisor, Verdict
from console.safety.supervisor import step as supervise

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


def at(ms: int, **inputs: Any) -> Facts:
    """A healthy moment `ms` later by all clocks, with these inputs."""
    clocks = dict.fromkeys(("now_ms", "heard_ms", "moved_ms"), 10000.0 + ms)
    later = facts(**clocks, device_now_ms=float(AT_MS + ms), observation=seen(at_ms=AT_MS + ms))
    return but(later, **inputs)


def now(**inputs: Any) -> list[Facts]:
    """One moment."""
    return [at(0, **inputs)]


def lasting(for_ms: int, *, since_ms: int = 0, **inputs: Any) -> list[Facts]:
    """The same inputs for so long, seen every period and at the end."""
    times = [*range(since_ms, since_ms + for_ms, PERIOD_MS), since_ms + for_ms]
    return [at(ms, **inputs) for ms in times]


def readings(count: int, **inputs: Any) -> list[Facts]:
    """The same inputs in so many readings."""
    return [at(n * PERIOD_MS, **inputs) for n in range(count)]


def tips(*celsius: float | None, **inputs: Any) -> list[Facts]:
    """These readings of the tip, one after the other."""
    return [at(n * PERIOD_MS, seen_tip_celsius=t, **inputs) for n, t in enumerate(celsius)]


def shut(ms: int, **inputs: Any) -> Facts:
    """A moment of a thaw that nothing is wrong with, but for `inputs`."""
    reading = thawing(at_ms=AT_MS + ms)
    none = {"freeze_started_ms": None, "gas_wanted": False, "observation": reading}
    return but(at(ms, **none), **inputs)


def look(
    moments: Iterable[Facts], limits: Limits = LIMITS, state: Supervisor | None = None
) -> tuple[Supervisor, Verdict]:
    """What the supervisor remembers after these moments, and what it finds at the last."""
    state, verdict = state or Supervisor(), Verdict()
    for moment in moments:
        state, verdict = supervise(state, moment, limits)
    return state, verdict


def ids(verdict: Verdict) -> list[str]:
    """Those whose condition holds."""
    return [finding.id for finding in verdict.findings if not finding.held]


def found(id: str, moments: Iterable[Facts], limits: Limits = LIMITS) -> Found | None:
    """What the interlock finds at the last of the moments; None: its condition does not hold."""
    findings = look(moments, limits)[1].findings
    return next((each.found for each in findings if each.id == id and not each.held), None)


def stands(id: str, moments: Iterable[Facts], limits: Limits = LIMITS) -> bool:
    """Whether its condition holds at the last of the moments."""
    return found(id, moments, limits) is not None


def says(id: str, moments: Iterable[Facts], limits: Limits = LIMITS) -> str | None:
    """The alarm's first line at the last of the moments."""
    one = found(id, moments, limits)
    return None if one is None else texts.happened(BY_ID[id], one, limits)

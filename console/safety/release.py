"""When the probe is free: gas shut, no warming, tip above +10 °C for 5 s; never by time."""

import math

import msgspec

from console.model.device import DeviceState
from console.model.observation import Observation
from console.model.quantities import celsius, with_unit
from console.safety.interlock import BLIND
from console.safety.interlocks.release_early import ABOVE_CELSIUS, FOR_MS
from console.safety.limits import Limits


class Release(msgspec.Struct, frozen=True):
    """The verdict. `above_since_ms`: device time since which all conditions hold."""

    above_since_ms: int | None = None
    free: bool = False
    reason: str = "No reading from the console"


def step(state: Release, seen: Observation | None, limits: Limits) -> Release:
    """The verdict after a new observation; None: none is fresh, and nothing is free."""
    reason = _reason(seen, limits)
    if seen is None or reason:
        return Release(reason=reason)
    since = state.above_since_ms if state.above_since_ms is not None else seen.at_ms
    since = min(since, seen.at_ms)
    held_ms = seen.at_ms - since
    if held_ms >= limits[FOR_MS]:
        return Release(since, free=True, reason="")
    left_s = math.ceil((limits[FOR_MS] - held_ms) / 1_000)
    return Release(since, reason=f"Tip above +{celsius(limits[ABOVE_CELSIUS])} for {left_s} s more")


def rule(limits: Limits) -> str:
    """What the tip must have been, in words: "above +10 °C for 5 s"."""
    return (
        f"above +{celsius(limits[ABOVE_CELSIUS])} for {with_unit(limits[FOR_MS] / 1_000, 's', 0)}"
    )


def _reason(seen: Observation | None, limits: Limits) -> str:
    if seen is None:
        return "No reading from the console"
    if seen.valve_open or seen.state is DeviceState.FREEZING:
        return "The gas is on"
    if seen.warming:
        return "Active warming is on: the tip's warmth says nothing about the ice"
    if seen.tip_celsius is None:
        return f"Temperature unknown. {BLIND.removesuffix('.')}"
    if seen.tip_celsius <= limits[ABOVE_CELSIUS]:
        needed = f"+{celsius(limits[ABOVE_CELSIUS])}"
        return f"Tip {celsius(seen.tip_celsius)}: wait for more than {needed}"
    return ""

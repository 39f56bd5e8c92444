"""When the probe is free: gas shut, no warming, tip above +10 °C for 5 s; never by time."""

import math

import msgspec

from console.model.device import DeviceState
from console.model.observation import Observation
from console.safety.limits import ReleaseLimits


class Release(msgspec.Struct, frozen=True):
    """The verdict. `above_since_ms`: device time since which all conditions hold."""

    above_since_ms: int | None = None
    free: bool = False
    reason: str = "No reading from the console"


def step(state: Release, seen: Observation | None, limits: ReleaseLimits) -> Release:
    """The verdict after a new observation; None: none is fresh, and nothing is free."""
    reason = _reason(seen, limits)
    if seen is None or reason:
        return Release(reason=reason)
    since = state.above_since_ms if state.above_since_ms is not None else seen.at_ms
    since = min(since, seen.at_ms)
    held_ms = seen.at_ms - since
    if held_ms >= limits.for_ms:
        return Release(since, free=True, reason="")
    left_s = math.ceil((limits.for_ms - held_ms) / 1_000)
    return Release(since, reason=f"Tip above +{limits.above_celsius:.0f} °C for {left_s} s more")


def _reason(seen: Observation | None, limits: ReleaseLimits) -> str:
    if seen is None:
        return "No reading from the console"
    if seen.valve_open or seen.state is DeviceState.FREEZING:
        return "The gas is on"
    if seen.warming:
        return "Active warming is on: the tip's warmth says nothing about the ice"
    if seen.tip_celsius is None:
        return (
            "Temperature unknown. Wait at least 5:00. Check on ultrasound. Withdraw only if the "
            "probe turns and slides without force"
        )
    if seen.tip_celsius <= limits.above_celsius:
        tip = f"{seen.tip_celsius:.0f} °C".replace("-", "−")
        return f"Tip {tip}: wait for more than +{limits.above_celsius:.0f} °C"
    return ""

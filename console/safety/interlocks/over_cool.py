"""The tip gets too far below its target."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import (
    STAY,
    FaultBit,
    Found,
    Interlock,
    Latch,
    Moment,
    SafeState,
    Suppression,
)
from console.safety.limits import Limit, Tighter
from console.safety.watches import lasting

BELOW_TARGET: Final = Limit("freeze.over_cool_below_target_celsius", 10.0, Tighter.LOWER, 6.0)
FOR_MS: Final = Limit("freeze.over_cool_ms", 1_000, Tighter.LOWER, 600)
"""The device acts at 500."""


def _too_cold(now: Moment) -> bool:
    tip, target = now.tip, now.facts.target_celsius
    if not now.freezing or tip is None or target is None:
        return False
    return tip < target - now.limits[BELOW_TARGET]


INTERLOCK: Final = Interlock(
    id="over_cool",
    hazard="tissue is frozen deeper than planned",
    cause="the hold fails: valve, controller, exhaust or liquid in the supply",
    hears=(
        lasting(
            _too_cold,
            FOR_MS,
            lambda now: Found("tip", {"tip": now.tip}),
            per_freeze=True,
        ),
        FaultBit(),
    ),
    threshold="tip more than {freeze.over_cool_below_target_celsius} °C under the target; "
    "device 500 ms, host {freeze.over_cool_ms} ms",
    reaction_ms=540,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    happened="Tip is more than {freeze.over_cool_below_target_celsius:°C} colder than the target"
    "{detail}",
    details={"tip": ": {tip:°C.1}"},
    to_do=STAY + " Then repeat the freeze, or finish here.",
    done="Gas is shut. Then repeat the freeze, or finish here.",
    residual="The ice goes on growing a little while the tip warms.",
    suppressed_by=(
        Suppression("cooled_past_limit"),
        Suppression("temperature_impossible"),
        Suppression("siphon"),
        Suppression("unexpected_freeze"),
    ),
    limits=(BELOW_TARGET, FOR_MS),
)

"""The tip does not get cold: too little fall soon after gas-on, or far above its target late."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import STAY, FaultBit, Found, Interlock, Latch, Moment, SafeState
from console.safety.limits import Below, Limit, Tighter
from console.safety.watches import at_once

RESTS_ABOVE_TARGET: Final = Limit("freeze.cool_watch_above_target_celsius", 10.0)
"""Nearer to its target than that, the tip is cold enough."""
STARTED_ABOVE: Final = Limit("freeze.cool_started_above_celsius", -10.0)
FALL: Final = Limit("freeze.cool_fall_celsius", 10.0, Tighter.HIGHER, 20.0)
FALL_MS: Final = Limit("freeze.cool_fall_ms", 15_000, Tighter.LOWER, 10_000)
LATE_ABOVE_TARGET: Final = Limit("freeze.cool_late_above_target_celsius", 20.0, Tighter.LOWER, 12.0)
LATE_MS: Final = Limit("freeze.cool_late_ms", 45_000, Tighter.LOWER, 30_000)


def _judge(now: Moment) -> Found | None:
    seen, target, started_ms = now.seen, now.facts.target_celsius, now.signals.freeze_started_ms
    if seen is None or target is None or started_ms is None or not seen.valve_open:
        return None
    tip, start, limits = seen.tip_celsius, now.signals.start_tip_celsius, now.limits
    if tip is None or tip <= target + limits[RESTS_ABOVE_TARGET]:
        return None
    on_ms = seen.at_ms - started_ms
    fell_little = (
        on_ms >= limits[FALL_MS]
        and start is not None
        and start > limits[STARTED_ABOVE]
        and start - tip < limits[FALL]
    )
    late = on_ms >= limits[LATE_MS] and tip > target + limits[LATE_ABOVE_TARGET]
    if not fell_little and not late:
        return None
    return Found("tip", {"tip": tip, "on": on_ms / 1000})


INTERLOCK: Final = Interlock(
    id="fails_to_cool",
    hazard="the nerve is not frozen, gas is wasted",
    cause="empty cylinder, shut valve, blocked hose or orifice, probe not in tissue",
    hears=(at_once(_judge), FaultBit()),
    threshold="tip more than {freeze.cool_watch_above_target_celsius} °C above the target, and "
    "either under {freeze.cool_fall_celsius} °C of fall {freeze.cool_fall_ms:ms>s} from gas-on "
    "(from above {freeze.cool_started_above_celsius} °C) or more than "
    "{freeze.cool_late_above_target_celsius} °C above it at {freeze.cool_late_ms:ms>s}",
    reaction_ms=15_100,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    happened="Tip does not get cold{detail}",
    details={"tip": ": {tip:°C.1} after {on:s} of gas"},
    to_do=STAY + " Then check cylinder, hose and probe.",
    done="Gas is shut. Then check cylinder, hose and probe.",
    residual="A weak freeze that gets within {freeze.cool_late_above_target_celsius:°C} of its "
    "target is left to the next row.",
    limits=(RESTS_ABOVE_TARGET, STARTED_ABOVE, FALL, FALL_MS, LATE_ABOVE_TARGET, LATE_MS),
    relations=(
        Below(FALL_MS, LATE_MS, "the first look comes before the second"),
        Below(RESTS_ABOVE_TARGET, LATE_ABOVE_TARGET, "nearer to the target nothing is judged"),
    ),
)

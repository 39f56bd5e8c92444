"""The target is not reached late in a freeze, or lost again. The freeze goes on."""

from typing import Final

from console.model.alarm import Priority
from console.model.device import DeviceState
from console.safety.interlock import Found, Interlock, Moment, SafeState, Suppression, Watch
from console.safety.interlocks.fails_to_cool import LATE_ABOVE_TARGET
from console.safety.limits import Below, Limit, Tighter
from console.safety.watches import lasted, timer

REACH_MS: Final = Limit("freeze.reach_ms", 60_000, Tighter.LOWER, 30_000)
HELD_ABOVE_TARGET: Final = Limit("freeze.held_above_target_celsius", 5.0, Tighter.LOWER, 3.0)
HELD_MS: Final = Limit("freeze.held_ms", 10_000, Tighter.LOWER, 5_000)
CLEARS_WITHIN: Final = Limit("freeze.held_clears_within_celsius", 4.0)
"""Above the target: as near as that it counts as held again."""


def above(now: Moment, limit: Limit) -> bool:
    """Whether a freeze that has been at its target is above it by more than that."""
    tip, target = now.tip, now.facts.target_celsius
    if now.facts.freeze_started_ms is None or now.state is not DeviceState.FREEZING:
        return False
    if not now.signals.reached or tip is None or target is None:
        return False
    return tip > target + now.limits[limit]


def _remember(since: int | None, now: Moment) -> int | None:
    if now.signals.new_freeze:
        since = None
    return timer(since, now, holds=above(now, HELD_ABOVE_TARGET))


def _judge(since: int | None, now: Moment) -> Found | None:
    if not _freezing(now):
        return None
    return Found("tip", {"tip": now.tip}) if _never(now) or lasted(since, now, HELD_MS) else None


def _never(now: Moment) -> bool:
    seen, started_ms = now.seen, now.signals.freeze_started_ms
    if seen is None or started_ms is None or now.signals.reached:
        return False
    return seen.at_ms - started_ms >= now.limits[REACH_MS]


def _freezing(now: Moment) -> bool:
    return now.signals.freeze_started_ms is not None and now.state is DeviceState.FREEZING


INTERLOCK: Final = Interlock(
    id="target_missed",
    hazard="the nerve is frozen less than planned",
    cause="weak supply, a warm vessel near the tip, a poor recuperator",
    hears=(
        Watch(
            None,
            _remember,
            _judge,
            keeps=lambda since, now: _never(now) or above(now, CLEARS_WITHIN),
            judged=lambda now: now.facts.freeze_started_ms is not None,
        ),
    ),
    threshold="not at target {freeze.reach_ms} ms after gas-on, or more than "
    "{freeze.held_above_target_celsius} °C above it for {freeze.held_ms} ms after it was; a "
    "freeze that is timed from the target and has not reached it ends then",
    reaction_ms=60_100,
    state=SafeState.NONE,
    priority=Priority.MEDIUM,
    happened="Not at target{detail}",
    details={"tip": ": {tip:°C.1}"},
    to_do="Freezing goes on. Watch the tip; end the freeze early if it does not help.",
    done="Freezing goes on. Watch the tip; end the freeze early if it does not help.",
    residual="Whether a warmer freeze was enough is for the clinician to judge.",
    suppressed_by=(Suppression("fails_to_cool"),),
    limits=(REACH_MS, HELD_ABOVE_TARGET, HELD_MS, CLEARS_WITHIN),
    relations=(
        Below(HELD_ABOVE_TARGET, LATE_ABOVE_TARGET, "a lost target is reported before a failure"),
    ),
)

"""Frames come, but what they say is old in device time, or the device's clock stands still."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import SENT, Found, Interlock, Latch, Moment, SafeState, Suppression
from console.safety.interlocks.link_lost import silent
from console.safety.limits import Below, Limit, Tighter
from console.safety.watches import at_once

GREY_MS: Final = Limit("link.grey_ms", 250)
"""Older readings are not shown and used as current."""
STALE_MS: Final = Limit("link.stale_ms", 500, Tighter.LOWER, 350)
LEAST_WALL_MS: Final = Limit("link.stale_wall_ms", 250)
"""Wall time at least: a simulator at 10 times life has its 500 ms over in 50 of the wall, less than
a desktop may pause."""


def stale(now: Moment) -> Found | None:
    """Without any frame it is a lost link; a clock that is announced to stand still may."""
    facts, limits = now.facts, now.limits
    if not facts.link_open or facts.observation is None or facts.time_scale == 0:
        return None
    if facts.lockstep or facts.device_now_ms is None or silent(facts, limits):
        return None
    age_ms = facts.device_now_ms - facts.observation.at_ms
    if age_ms > max(limits[STALE_MS], limits[LEAST_WALL_MS] * facts.time_scale):
        return Found("age", {"age": age_ms / 1000}, high=facts.gas_on)
    within = limits[STALE_MS] / min(facts.time_scale, 1.0)
    still = facts.moved_ms is not None and facts.now_ms - facts.moved_ms > within
    return Found("still", high=facts.gas_on) if still else None


INTERLOCK: Final = Interlock(
    id="stale",
    hazard="decisions on old readings",
    cause="telemetry is delayed, or the console's clock stands still",
    hears=(at_once(stale),),
    threshold="newest reading older than {link.stale_ms} ms of device time, or the device's "
    "clock still for {link.stale_ms} ms. Old readings with which a lost link comes back are "
    "still reported as link_lost",
    reaction_ms=1_100,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    light="link",
    happened="Readings from the console are old{detail}",
    details={"age": ": {age:s.1}", "still": ": its clock stands still"},
    to_do=SENT,
    done="STOP was sent.",
    residual="A console that sends fresh stamps with old values is not found here; its own "
    "watches must.",
    suppressed_by=(Suppression("link_lost"),),
    limits=(GREY_MS, STALE_MS, LEAST_WALL_MS),
    relations=(Below(GREY_MS, STALE_MS, "a value is greyed before it stops a freeze"),),
)

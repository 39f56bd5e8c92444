"""The screen's main thread has not ticked."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import SENT, Found, Interlock, Latch, Moment, SafeState
from console.safety.limits import Limit, Tighter
from console.safety.watches import at_once

SILENT_MS: Final = Limit("link.screen_lost_ms", 1_000, Tighter.LOWER, 700)
"""Wall time since its last tick."""


def _judge(now: Moment) -> Found | None:
    age_ms, limit_ms = now.facts.screen_age_ms, now.limits[SILENT_MS]
    if age_ms is None or age_ms <= limit_ms:
        return None
    return Found(values={"silent": limit_ms / 1000})


INTERLOCK: Final = Interlock(
    id="screen_lost",
    hazard="the operator sees a dead picture",
    cause="the screen's process hangs or ends",
    hears=(at_once(_judge),),
    threshold="no tick of the screen for {link.screen_lost_ms} ms",
    reaction_ms=1_100,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.OPERATOR,
    happened="The screen did not respond for {silent:s}",
    to_do=SENT,
    done="STOP was sent.",
    residual="For up to 1.1 s the picture may be old; STOP at the console works meanwhile.",
    limits=(SILENT_MS,),
)

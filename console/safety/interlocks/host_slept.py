"""The control loop itself was not running."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import SENT, Found, Interlock, Latch, Moment, SafeState
from console.safety.limits import Limit, Tighter
from console.safety.watches import at_once

GAP_MS: Final = Limit("link.slept_ms", 500, Tighter.LOWER, 350)
"""Wall time between two turns of the loop."""


def _judge(now: Moment) -> Found | None:
    # In lockstep the device's clock waited, and before the link was open nothing was watched.
    facts = now.facts
    if facts.slept_ms <= now.limits[GAP_MS] or facts.lockstep or not facts.was_open:
        return None
    return Found(values={"gap": facts.slept_ms / 1000})


INTERLOCK: Final = Interlock(
    id="host_slept",
    hazard="the host was not watching",
    cause="the computer slept, or was too busy",
    hears=(at_once(_judge),),
    threshold="the control loop did not run for {link.slept_ms} ms, with the link once open",
    reaction_ms=1_100,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    happened="This computer paused for {gap:s.1}",
    to_do=SENT,
    done="STOP was sent.",
    residual="During the pause only the console watches; its lease ends after 1 s.",
    limits=(GAP_MS,),
)

"""An exception that nobody handled."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import SENT, Found, Interlock, Latch, SafeState
from console.safety.watches import at_once

INTERLOCK: Final = Interlock(
    id="host_error",
    hazard="the host's program fails",
    cause="an exception that nobody handled",
    hears=(at_once(lambda now: Found() if now.facts.error else None),),
    threshold="any, in the control loop; which, stands in the record",
    reaction_ms=100,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.OPERATOR,
    happened="A fault in this program",
    to_do=SENT + " Then start it again.",
    done="STOP was sent.",
    residual="An error that raises nothing is left to the rows that watch its effect.",
)

"""The operator presses STOP."""

from typing import Final

from console.safety.interlock import Interlock, Refusal, SafeState

INTERLOCK: Final = Interlock(
    id="stop",
    hazard="gas or current goes on though someone wants it off",
    cause="the operator presses STOP: screen, key, footswitch or the button at the console",
    hears=(Refusal(by=("device", "host")),),
    threshold="the press itself",
    reaction_ms=100,
    state=SafeState.SS1,
    priority=None,
    happened="Stopped by you",
    to_do="Gas confirmed off: the valve is read back shut.",
    residual="A valve that is stuck open is found by its own row, and the operator closes the "
    "cylinder.",
)

"""The control process stops; the screen sees it."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import Interlock, Refusal, SafeState

INTERLOCK: Final = Interlock(
    id="control_lost",
    hazard="nobody steers the console and the screen shows an old moment",
    cause="the control process hangs or dies",
    hears=(
        Refusal(
            by=("host",), not_injected="the screen raises it: its test ends the process itself"
        ),
    ),
    threshold="the screen gets no snapshot for 500 ms, or the pipe closes",
    reaction_ms=1_020,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    happened="The control process stopped: ",
    to_do="Gas goes off by itself within 1 s. Close the cylinder if gas still flows.",
    done="It is being started again.",
    residual="The screen itself raises it, and tells it to the next control process for record "
    "and alarm book; gas may flow until the lease ends.",
)

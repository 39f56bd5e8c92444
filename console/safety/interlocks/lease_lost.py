"""The console heard nothing from the host, and shut by itself."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import STAY, FaultBit, Interlock, Latch, Mode, SafeState, Suppression

INTERLOCK: Final = Interlock(
    id="lease_lost",
    hazard="the host is gone while gas or current flows",
    cause="the control process hangs or dies, or the line loses its heartbeats",
    hears=(FaultBit(),),
    threshold="nothing evaluated by the host for 1,000 ms (freeze) or 500 ms (stimulation). "
    "Where a STOP is not confirmed, it is raised when that is over",
    reaction_ms=1_020,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.OPERATOR,
    stimulator=True,
    happened="The console heard nothing from this computer and shut the gas",
    to_do=STAY,
    done="The console shut the gas by itself.",
    residual="Gas may flow for up to 1 s without a host.",
    suppressed_by=(
        Suppression("link_lost", Mode.AFTERWARDS),
        Suppression("screen_lost", Mode.AFTERWARDS),
        Suppression("host_slept", Mode.AFTERWARDS),
        Suppression("stale", Mode.AFTERWARDS),
        Suppression("host_error", Mode.AFTERWARDS),
        Suppression("stop_unconfirmed", Mode.UNTIL),
    ),
)

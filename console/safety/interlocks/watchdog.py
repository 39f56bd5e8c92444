"""The console's program hangs, and its watchdog restarts it."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import STAY, FaultBit, Interlock, Latch, Mode, SafeState, Suppression

INTERLOCK: Final = Interlock(
    id="watchdog",
    hazard="the console's program hangs while gas or current flows",
    cause="a fault in its program",
    hears=(FaultBit(),),
    threshold="its program does not run for 500 ms",
    reaction_ms=600,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.OPERATOR,
    stimulator=True,
    happened="The console restarted itself after a fault",
    to_do=STAY + " Have the console checked before the next patient.",
    done="Gas is shut. Have the console checked before the next patient.",
    residual="For up to 0.5 s nothing in the console watches.",
    suppressed_by=(Suppression("restarted", Mode.AFTERWARDS),),
)

"""The console's supply voltage drops."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import STAY, FaultBit, Interlock, Latch, SafeState

INTERLOCK: Final = Interlock(
    id="brown_out",
    hazard="the console loses power",
    cause="mains or power supply dip",
    hears=(FaultBit(),),
    threshold="supply voltage under its limit, at once",
    reaction_ms=60,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    stimulator=True,
    happened="The console's power supply dropped",
    to_do=STAY + " Check the console's power cable.",
    done="Gas is shut. Check the console's power cable.",
    residual="Without power the valve falls shut by its spring.",
)

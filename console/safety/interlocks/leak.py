"""Gas leaks on the supply side."""

from typing import Final

from console.model.alarm import Priority
from console.model.instruction import Instruction
from console.safety.interlock import ENGINEER, FaultBit, Interlock, Latch, SafeState, Suppression

INTERLOCK: Final = Interlock(
    id="leak",
    hazard="gas leaks into the room",
    cause="a hose, seal or valve leaks on the supply side",
    hears=(FaultBit(),),
    threshold="supply isolated: decay over 0.5 bar in 30 s at the check; or flow with the valve "
    "shut for 1 s",
    reaction_ms=31_000,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.ENGINEER,
    happened="Gas leaks from the supply",
    to_do="Gas is shut. Close the cylinder valve now. Air the room. " + ENGINEER,
    done="Gas is shut. Air the room. An engineer must release the console.",
    asks=Instruction.CLOSE_CYLINDER,
    residual="Without a second valve the decay cannot be measured; smaller leaks are left to "
    "room ventilation.",
    suppressed_by=(
        Suppression("unexpected_freeze"),
        Suppression("both_on"),
    ),
)

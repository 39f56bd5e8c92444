"""The supply's pressure is above what the gas side is made for."""

from typing import Final

from console.model.alarm import Priority
from console.model.instruction import Instruction
from console.safety.interlock import CLOSE, ENGINEER, FaultBit, Interlock, Latch, SafeState

INTERLOCK: Final = Interlock(
    id="supply_extreme",
    hazard="the gas side may burst",
    cause="an overfilled or hot cylinder",
    hears=(FaultBit(),),
    threshold="supply over 7,600 kPa for 100 ms, in any state",
    reaction_ms=160,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.ENGINEER,
    light="supply",
    happened="Supply pressure above 76 bar",
    to_do="Gas is shut. " + CLOSE + " " + ENGINEER,
    done="Gas is shut. An engineer must release the console.",
    asks=Instruction.CLOSE_CYLINDER,
    residual="Relief valve and burst disc are the console's; software only shuts.",
)

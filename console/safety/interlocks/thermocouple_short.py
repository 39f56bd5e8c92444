"""The front end reports a short thermocouple."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import SHUT_AND_BLIND, FaultBit, Interlock, Latch, SafeState

INTERLOCK: Final = Interlock(
    id="thermocouple_short",
    hazard="the tip's reading is lost",
    cause="the thermocouple's wires touch",
    hears=(FaultBit(),),
    threshold="the front end says short for 100 ms",
    reaction_ms=160,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    light="tip",
    happened="Tip sensor has a short circuit: tip temperature unknown",
    to_do=SHUT_AND_BLIND,
    done="Gas is shut. Change the probe before the next freeze.",
    residual="A short behind the front end reads as the plug's temperature: it does not follow "
    "the gas.",
)

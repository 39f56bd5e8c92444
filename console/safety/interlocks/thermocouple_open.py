"""The front end reports an open thermocouple."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import SHUT_AND_BLIND, FaultBit, Interlock, Latch, SafeState

INTERLOCK: Final = Interlock(
    id="thermocouple_open",
    hazard="the tip's reading is lost",
    cause="the thermocouple or its plug breaks",
    hears=(FaultBit(),),
    threshold="the front end says open for 100 ms",
    reaction_ms=160,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    light="tip",
    happened="Tip sensor is broken or unplugged: tip temperature unknown",
    to_do=SHUT_AND_BLIND,
    done="Gas is shut. Check the plug of the probe.",
    residual="Thaw is then judged by hand and by ultrasound.",
)

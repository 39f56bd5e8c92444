"""The pressure in the tip is too high: the exhaust is blocked."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import FaultBit, Interlock, Latch, SafeState

INTERLOCK: Final = Interlock(
    id="exhaust_blocked",
    hazard="pressure in the probe",
    cause="the exhaust hose is kinked or plugged",
    hears=(FaultBit(),),
    threshold="tip pressure more than 3 bar above ambient for 200 ms",
    reaction_ms=300,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.OPERATOR,
    happened="The probe's exhaust is blocked",
    to_do="Gas is shut. Free the exhaust hose. Do not move the probe until it has thawed.",
    done="Gas is shut. Free the exhaust hose.",
    residual="A partial block below 3 bar warms the tip and is found as not at target.",
)

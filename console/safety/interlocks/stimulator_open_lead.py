"""The stimulator's electrode or lead is off."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import FaultBit, Interlock, SafeState

INTERLOCK: Final = Interlock(
    id="stimulator_open_lead",
    hazard="the answer means nothing",
    cause="electrode or lead is off",
    hears=(FaultBit(),),
    threshold="compliance reached in 2 pulses",
    reaction_ms=1_100,
    state=SafeState.SS3,
    priority=Priority.LOW,
    stimulator=True,
    happened="Stimulation lead is open",
    to_do="Stimulation is off. Check electrode and lead, then test again.",
    done="Stimulation is off. Check electrode and lead, then test again.",
    residual="The answers since the last good pulse mean nothing.",
)

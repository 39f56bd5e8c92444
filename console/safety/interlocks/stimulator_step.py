"""The stimulator's amplitude rises too fast."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import FaultBit, Interlock, SafeState

INTERLOCK: Final = Interlock(
    id="stimulator_step",
    hazard="the patient is startled",
    cause="the ramp fails",
    hears=(FaultBit(),),
    threshold="rises more than 0.2 mA (0.2 V) in 100 ms",
    reaction_ms=140,
    state=SafeState.SS3,
    priority=Priority.MEDIUM,
    stimulator=True,
    happened="Stimulation rose too fast",
    to_do="Stimulation is off. Begin again from 0; if it comes again, have it checked.",
    done="Stimulation is off. Begin again from 0; if it comes again, have it checked.",
    residual="One step may be felt.",
)

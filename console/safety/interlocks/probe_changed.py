"""Another probe is plugged in during a procedure."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import STAY, FaultBit, Interlock, Latch, SafeState

INTERLOCK: Final = Interlock(
    id="probe_changed",
    hazard="what is in the patient is not known",
    cause="another probe is plugged in during a procedure",
    hears=(FaultBit(),),
    threshold="another chip answers for 100 ms",
    reaction_ms=160,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    stimulator=True,
    happened="Another probe was plugged in",
    to_do=STAY + " Plug in the probe that is in the patient.",
    done="Gas is shut. Plug in the probe that is in the patient.",
    residual="A chip that copies another's number is taken for that one.",
)

"""The probe is unplugged."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import FaultBit, Interlock, Latch, SafeState

INTERLOCK: Final = Interlock(
    id="probe_missing",
    hazard="what is in the patient is not known",
    cause="the probe is unplugged",
    hears=(FaultBit(),),
    threshold="its chip does not answer for 100 ms",
    reaction_ms=160,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    stimulator=True,
    light="probe",
    happened="The probe was unplugged: tip temperature unknown",
    to_do="Gas is shut. Do not move the probe. Plug it in again, or wait at least 5:00 and check "
    "on ultrasound.",
    done="Gas is shut. Plug it in again.",
    residual="The tip's temperature is not known until it is plugged in.",
)

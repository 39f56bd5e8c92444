"""The probe is unplugged."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_probe_missing = proven(
    Case(
        "probe_missing",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        by_device="The probe was unplugged: tip temperature unknown",
        to_do="Gas is shut. Do not move the probe. Plug it in again, or wait at least 5:00 and "
        "check on ultrasound.",
    )
)

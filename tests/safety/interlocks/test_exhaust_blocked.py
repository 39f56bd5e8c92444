"""The pressure in the tip is too high: the exhaust is blocked."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_exhaust_blocked = proven(
    Case(
        "exhaust_blocked",
        SafeState.SS1,
        Priority.HIGH,
        Latch.OPERATOR,
        by_device="The probe's exhaust is blocked",
        to_do="Gas is shut. Free the exhaust hose. Do not move the probe until it has thawed.",
    )
)

"""The console heard nothing from the host, and shut by itself."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_lease_lost = proven(
    Case(
        "lease_lost",
        SafeState.SS1,
        Priority.HIGH,
        Latch.OPERATOR,
        by_device="The console heard nothing from this computer and shut the gas",
        to_do="Gas is shut. Do not move the probe until it has thawed.",
    )
)

"""The console's supply voltage drops."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_brown_out = proven(
    Case(
        "brown_out",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        by_device="The console's power supply dropped",
        to_do="Gas is shut. Do not move the probe until it has thawed. Check the console's power "
        "cable.",
    )
)

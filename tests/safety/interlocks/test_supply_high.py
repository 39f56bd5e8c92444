"""The supply's pressure is too high to go on freezing."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_supply_high = proven(
    Case(
        "supply_high",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.NO,
        by_device="Supply pressure too high",
        to_do="Gas is shut. Do not move the probe until it has thawed. Let the cylinder cool down.",
    )
)

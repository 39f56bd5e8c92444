"""The supply's pressure is too low to go on freezing."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_supply_low = proven(
    Case(
        "supply_low",
        SafeState.SS1,
        Priority.LOW,
        Latch.NO,
        by_device="Supply pressure too low to freeze",
        to_do="Gas is shut. Do not move the probe. Cylinder cold or nearly empty: warm it to "
        "room warmth or change it.",
    )
)

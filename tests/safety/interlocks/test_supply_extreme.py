"""The supply's pressure is above what the gas side is made for."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_supply_extreme = proven(
    Case(
        "supply_extreme",
        SafeState.SS1,
        Priority.HIGH,
        Latch.ENGINEER,
        by_device="Supply pressure above 76 bar",
        to_do="Gas is shut. Close the cylinder valve now. Do not move the probe. An engineer "
        "must release the console.",
    )
)

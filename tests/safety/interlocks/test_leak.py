"""Gas leaks on the supply side."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_leak = proven(
    Case(
        "leak",
        SafeState.SS1,
        Priority.HIGH,
        Latch.ENGINEER,
        by_device="Gas leaks from the supply",
        to_do="Gas is shut. Close the cylinder valve now. Air the room. An engineer must release "
        "the console.",
    )
)

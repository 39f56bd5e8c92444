"""Active warming makes the tip too warm."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_over_warm = proven(
    Case(
        "over_warm",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        by_device="The tip is too warm",
        to_do="Gas and warming were switched off. Check that the tip cools. Thaw without warming.",
    )
)

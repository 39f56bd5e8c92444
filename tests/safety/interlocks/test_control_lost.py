"""The control process stops; the screen sees it."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_control_lost = proven(
    Case(
        "control_lost",
        SafeState.SS1,
        Priority.HIGH,
        Latch.NO,
        happened="The control process stopped: ",
        to_do="Gas goes off by itself within 1 s. Close the cylinder if gas still flows.",
    )
)

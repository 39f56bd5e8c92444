"""The operator presses STOP."""

from proof_kit import Case, proven

from console.safety.interlock import Latch, SafeState

test_stop = proven(
    Case(
        "stop",
        SafeState.SS1,
        None,
        Latch.NO,
        happened="Stopped by you",
        to_do="Gas confirmed off: the valve is read back shut.",
    )
)

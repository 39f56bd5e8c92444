"""A place is frozen that was not confirmed."""

from proof_kit import Case, proven

from console.safety.interlock import Latch, SafeState

test_wrong_site = proven(
    Case(
        "wrong_site",
        SafeState.SS2,
        None,
        Latch.NO,
        happened="Not confirmed here: it says what is missing",
        to_do="Test again, move the probe, or go on with a reason that is recorded.",
    )
)

"""The probe is withdrawn while ice may hold it."""

from proof_kit import Case, proven

from console.safety.interlock import Latch, SafeState

test_release_early = proven(
    Case(
        "release_early",
        SafeState.HELD,
        None,
        Latch.NO,
        limits={"release.above_celsius": 10.0, "release.for_ms": 5_000},
        happened="Not free yet: it says why",
        to_do="Wait until the screen says free to move. Never pull.",
    )
)

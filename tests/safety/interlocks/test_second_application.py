"""Two programs want one console, or one store of records."""

from proof_kit import Case, proven

from console.safety.interlock import Latch, SafeState

test_second_application = proven(
    Case(
        "second_application",
        SafeState.SS2,
        None,
        Latch.NO,
        happened="Another program has the console or the records",
        to_do="Close the other program, then connect again.",
    )
)

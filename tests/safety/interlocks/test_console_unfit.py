"""The console, its gas or the plan cannot be used together."""

from proof_kit import Case, proven

from console.safety.interlock import Latch, SafeState

test_console_unfit = proven(
    Case(
        "console_unfit",
        SafeState.SS2,
        None,
        Latch.NO,
        happened="This console or plan cannot be used: it says by name why",
        to_do="Only reading is possible, or choose a plan that the console can hold.",
    )
)

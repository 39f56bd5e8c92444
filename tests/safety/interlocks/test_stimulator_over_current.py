"""The stimulator delivers another current than it was set to."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_stimulator_over_current = proven(
    Case(
        "stimulator_over_current",
        SafeState.SS3,
        Priority.HIGH,
        Latch.ENGINEER,
        by_device="Stimulator delivered another current than it was set to",
        to_do="Stimulation is off. Freezing is possible. No more tests until an engineer has "
        "released the console.",
    )
)

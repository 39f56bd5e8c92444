"""The stimulator's amplitude rises too fast."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_stimulator_step = proven(
    Case(
        "stimulator_step",
        SafeState.SS3,
        Priority.MEDIUM,
        Latch.NO,
        by_device="Stimulation rose too fast",
        to_do="Stimulation is off. Begin again from 0; if it comes again, have it checked.",
    )
)

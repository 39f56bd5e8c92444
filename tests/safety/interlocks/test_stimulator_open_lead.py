"""The stimulator's electrode or lead is off."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_stimulator_open_lead = proven(
    Case(
        "stimulator_open_lead",
        SafeState.SS3,
        Priority.LOW,
        Latch.NO,
        by_device="Stimulation lead is open",
        to_do="Stimulation is off. Check electrode and lead, then test again.",
    )
)

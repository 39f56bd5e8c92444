"""Liquid comes from the cylinder."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_siphon = proven(
    Case(
        "siphon",
        SafeState.SS1,
        Priority.HIGH,
        Latch.ENGINEER,
        by_device="Liquid from the cylinder (siphon, or lying): change it",
        to_do="Gas is shut. Close the cylinder valve now. Do not move the probe. An engineer "
        "must release the console.",
    )
)

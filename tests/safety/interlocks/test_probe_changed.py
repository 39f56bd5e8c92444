"""Another probe is plugged in during a procedure."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_probe_changed = proven(
    Case(
        "probe_changed",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        by_device="Another probe was plugged in",
        to_do="Gas is shut. Do not move the probe until it has thawed. Plug in the probe that is "
        "in the patient.",
    )
)

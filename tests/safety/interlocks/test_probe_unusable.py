"""The probe is expired or used up when the session starts."""

from proof_kit import Case, Table, proven
from safety_kit import now

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_probe_unusable = proven(
    Case(
        "probe_unusable",
        SafeState.SS2,
        Priority.LOW,
        Latch.NO,
        happened="The probe is expired",
        to_do="It cannot be started with. Connect another sterile probe.",
        alone=now(probe_problem="expired"),
        tables=(Table("reported", now, {"probe_problem": (("expired", "used up"), ("",))}),),
    )
)

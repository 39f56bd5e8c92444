"""The journal is not on disk."""

from proof_kit import Case, Table, proven
from safety_kit import now

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_record_failed = proven(
    Case(
        "record_failed",
        SafeState.SS2,
        Priority.MEDIUM,
        Latch.NO,
        happened="The record cannot be written: disk full",
        to_do="A running freeze goes on; no other can start. Make room on the disk, or have this "
        "computer looked after.",
        alone=now(record_problem="disk full"),
        tables=(Table("reported", now, {"record_problem": (("full",), ("",))}),),
    )
)

"""The operator says that the probe was moved while ice may have held it."""

from proof_kit import YES, Case, Table, proven
from safety_kit import now

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_probe_moved = proven(
    Case(
        "probe_moved",
        SafeState.NONE,
        Priority.LOW,
        Latch.NO,
        happened="The probe was moved before it was thawed",
        to_do="Recorded. Leave it still until the screen says free. Look for bleeding. Then test "
        "the new place.",
        alone=now(moved_cold=True),
        tables=(Table("reported", now, {"moved_cold": YES}),),
    )
)

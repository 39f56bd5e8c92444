"""The console has restarted while it was freezing."""

from proof_kit import YES, Case, Table, proven
from safety_kit import now

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_restarted = proven(
    Case(
        "restarted",
        SafeState.SS1,
        Priority.HIGH,
        Latch.OPERATOR,
        happened="The console restarted",
        to_do="Its gas valve is shut after a restart. Do not move the probe until it has thawed.",
        alone=now(restarted=True),
        tables=(Table("reported", now, {"restarted": YES}),),
    )
)

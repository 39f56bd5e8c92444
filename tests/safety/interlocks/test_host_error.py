"""An exception that nobody handled."""

from proof_kit import Case, Table, proven
from safety_kit import now

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_host_error = proven(
    Case(
        "host_error",
        SafeState.SS1,
        Priority.HIGH,
        Latch.OPERATOR,
        happened="A fault in this program",
        to_do="STOP was sent. Do not move the probe. If gas still flows, close the cylinder "
        "valve. Then start it again.",
        alone=now(error="KeyError"),
        tables=(Table("reported", now, {"error": (("KeyError",), ("",))}),),
    )
)

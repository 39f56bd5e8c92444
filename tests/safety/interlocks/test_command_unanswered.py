"""Three tries of a command that matters, and no answer."""

from proof_kit import Case, Table, proven
from safety_kit import now

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_command_unanswered = proven(
    Case(
        "command_unanswered",
        SafeState.SS1,
        Priority.HIGH,
        Latch.OPERATOR,
        happened="The console did not answer: start",
        to_do="STOP was sent. Do not move the probe. If gas still flows, close the cylinder valve.",
        alone=now(unanswered="start"),
        tables=(Table("reported", now, {"unanswered": (("start",), ("",))}),),
    )
)

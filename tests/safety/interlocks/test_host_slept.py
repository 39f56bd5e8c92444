"""The control loop itself was not running."""

from proof_kit import NO, YES, Case, Table, proven
from safety_kit import now

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_host_slept = proven(
    Case(
        "host_slept",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        limits={"link.slept_ms": 500},
        happened="This computer paused for 60.0 s",
        to_do="STOP was sent. Do not move the probe. If gas still flows, close the cylinder valve.",
        alone=now(slept_ms=60_000.0),
        tables=(
            Table(
                "gap",
                now,
                {"slept_ms": ((500.1,), (500.0, 499.9)), "lockstep": NO, "was_open": YES},
            ),
        ),
    )
)

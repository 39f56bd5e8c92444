"""The console's program hangs, and its watchdog restarts it."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_watchdog = proven(
    Case(
        "watchdog",
        SafeState.SS1,
        Priority.HIGH,
        Latch.OPERATOR,
        by_device="The console restarted itself after a fault",
        to_do="Gas is shut. Do not move the probe until it has thawed. Have the console checked "
        "before the next patient.",
    )
)

"""The front end reports a short thermocouple."""

from proof_kit import Case, proven

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_thermocouple_short = proven(
    Case(
        "thermocouple_short",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        by_device="Tip sensor has a short circuit: tip temperature unknown",
        to_do="Gas is shut. Wait at least 5:00. Check on ultrasound. Withdraw only if it turns and "
        "slides without force.",
    )
)

"""At the console check the tip did not agree with the room."""

from proof_kit import Case, Table, proven
from safety_kit import now

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_thermocouple_drift = proven(
    Case(
        "thermocouple_drift",
        SafeState.SS2,
        Priority.MEDIUM,
        Latch.ENGINEER,
        happened="Tip sensor does not agree with the room: tip 30 °C, room 22 °C",
        to_do="No freeze can start. An engineer must release the console.",
        alone=now(thermocouple_off="tip 30 °C, room 22 °C"),
        tables=(Table("reported", now, {"thermocouple_off": (("tip 30 °C",), ("",))}),),
    )
)

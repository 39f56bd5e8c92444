"""Gas and stimulation are on together."""

from proof_kit import YES, Case, Table, proven
from safety_kit import now, stands

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_both_on = proven(
    Case(
        "both_on",
        SafeState.SS1,
        Priority.HIGH,
        Latch.ENGINEER,
        happened="Gas and stimulation were on together",
        by_device="Gas and stimulation were on together",
        to_do="Both shut. If gas flows, close the cylinder. Do not move the probe. An engineer "
        "must release the console.",
        alone=now(seen_stimulator_on=True),
        tables=(Table("read back", now, {"seen_valve_open": YES, "seen_stimulator_on": YES}),),
    )
)


def test_without_a_reading_nothing_is_found() -> None:
    assert not stands("both_on", now(observation=None))

"""The supply's pressure sensor gives no value."""

from proof_kit import Case, Table, proven
from safety_kit import lasting

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_supply_unknown = proven(
    Case(
        "supply_unknown",
        SafeState.SS2,
        Priority.LOW,
        Latch.NO,
        limits={"supply.unknown_ms": 1_000},
        happened="Supply pressure unknown: its sensor gives no value",
        to_do="A running freeze goes on; no other can start. Read the gauge at the cylinder; "
        "have the console checked.",
        alone=lasting(1_000, seen_supply_kpa=None),
        tables=(
            Table(
                "no value",
                lasting,
                {
                    "for_ms": ((1_000, 1_001), (999, 950)),
                    "seen_supply_kpa": ((None,), (0.0, 4_900.0)),
                },
            ),
        ),
    )
)

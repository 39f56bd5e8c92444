"""Valve open, supply good, and much less flow than the valve's duty should give."""

from proof_kit import YES, Case, Table, proven
from safety_kit import lasting

from console.model.alarm import Priority
from console.model.device import Gas
from console.safety.interlock import Latch, SafeState

test_orifice_blocked = proven(
    Case(
        "orifice_blocked",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        limits={
            "flow.blocked_share": 0.3,
            "flow.blocked_ms": 4_000,
            "flow.least_valve_percent": 10,
        },
        happened="No flow, supply good: the probe's orifice is blocked",
        by_device="No flow, supply good: the probe's orifice is blocked",
        to_do="Gas is shut. Do not move the probe until it has thawed, then change it.",
        alone=lasting(4_000, seen_flow_mg_s=80.0, seen_valve_percent=100),
        tables=(
            Table(
                "flow",
                lasting,
                {
                    "for_ms": ((4_000,), (3_950,)),
                    "seen_flow_mg_s": ((89.9, 0.0), (90.0, 90.1, None)),
                    "seen_supply_kpa": ((4_100.0, 5_000.0), (4_099.9, None)),
                    "seen_valve_open": YES,
                    "seen_valve_percent": ((100,), (99, 9)),
                    "gas": ((Gas.N2O,), (Gas.CO2, None)),
                },
            ),
            Table(
                "little duty",
                lasting,
                {
                    "for_ms": ((4_000,), (3_950,)),
                    "seen_flow_mg_s": ((2.6,), (9.0,)),
                    "seen_valve_percent": ((10, 11), (9,)),
                },
            ),
        ),
    )
)

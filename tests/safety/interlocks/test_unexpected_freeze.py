"""Gas that nobody here asked for and no one at the console declared."""

from typing import Any

import pytest
from proof_kit import NO, YES, Case, Table, proven
from safety_kit import AT_MS, but, readings, stands

from console.model.alarm import Priority
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState


def unasked(count: int, grace_ms: float, **inputs: Any) -> list[Facts]:
    quiet = {"quiet_until_device_ms": AT_MS + grace_ms, "freeze_started_ms": None}
    return readings(count, **quiet, **inputs)


STRAY = {"gas_wanted": False}

test_unexpected_freeze = proven(
    Case(
        "unexpected_freeze",
        SafeState.SS1,
        Priority.HIGH,
        Latch.ENGINEER,
        limits={"link.unexpected_grace_ms": 1_500},
        happened="The gas valve is open, and nobody here asked for gas",
        to_do="STOP sent. Close the cylinder valve now. Do not move the probe. An engineer must "
        "release the console.",
        alone=unasked(2, 0.0, gas_wanted=False),
        tables=(
            Table(
                "open",
                unasked,
                {
                    "count": ((2, 3), (1,)),
                    "grace_ms": ((0.0, -1.0), (0.1, 50.1, 1_500.0)),
                    "gas_wanted": NO,
                    "seen_valve_open": YES,
                    "seen_local_start": NO,
                },
            ),
        ),
        within={"link.unexpected_grace_ms": "the core sets it: tests/control/test_core_opening.py"},
    )
)


@pytest.mark.parametrize(
    "alone",
    [{"seen_valve_open": False}, {"seen_local_start": True}, {"gas_wanted": True}],
)
def test_one_reading_that_explains_the_gas_begins_the_count_again(alone: dict[str, Any]) -> None:
    first, between, last = unasked(3, 0.0, gas_wanted=False)
    assert not stands("unexpected_freeze", [first, but(between, **alone), last])


def test_what_stands_gets_no_new_grace_from_the_stop_that_follows() -> None:
    first, second, third, fourth, fifth = unasked(5, 0.0, gas_wanted=False)
    third, fourth, fifth = (
        but(each, quiet_until_device_ms=AT_MS + 9_000.0) for each in (third, fourth, fifth)
    )
    assert stands("unexpected_freeze", [first, second, third, fourth])
    shut = but(third, seen_valve_open=False)
    assert not stands("unexpected_freeze", [first, second, shut, fourth, fifth]), "once it was shut"

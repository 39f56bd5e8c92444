"""The tip does not get cold: too little fall soon after gas-on, or far above its target late."""

from typing import Any

import pytest
from proof_kit import YES, Case, Table, proven
from safety_kit import AT_MS, at, but, says, stands

from console.model.alarm import Priority
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState


def cooling(on_ms: int, started: float | None, tip: float | None, **inputs: Any) -> list[Facts]:
    """`on_ms` after gas-on, with this tip now and at the start."""
    return [
        at(0, seen_tip_celsius=started, freeze_started_ms=AT_MS, **inputs),
        at(on_ms, seen_tip_celsius=tip, freeze_started_ms=AT_MS, freeze_due_ms=None, **inputs),
    ]


test_fails_to_cool = proven(
    Case(
        "fails_to_cool",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        limits={
            "freeze.cool_watch_above_target_celsius": 10.0,
            "freeze.cool_started_above_celsius": -10.0,
            "freeze.cool_fall_celsius": 10.0,
            "freeze.cool_fall_ms": 15_000,
            "freeze.cool_late_above_target_celsius": 20.0,
            "freeze.cool_late_ms": 45_000,
        },
        happened="Tip does not get cold: −20.0 °C after 45 s of gas",
        by_device="Tip does not get cold",
        to_do="Gas is shut. Do not move the probe until it has thawed. Then check cylinder, hose "
        "and probe.",
        alone=cooling(45_000, 37.0, -20.04),
        tables=(
            Table(
                "early",
                cooling,
                {
                    "on_ms": ((15_000,), (14_999,)),
                    "started": ((37.0, -9.9), (-10.0, 40.0, None)),
                    "tip": ((29.0, 27.1), (27.0, 26.9, None)),
                    "target_celsius": ((-70.0, 18.9), (19.0, 19.1, None)),
                    "seen_valve_open": YES,
                },
            ),
            Table(
                "late",
                cooling,
                {
                    "on_ms": ((45_000, 200_000), (44_999,)),
                    "started": ((37.0, None), ()),
                    "tip": ((-49.9, 0.0), (-50.0, -50.1, None)),
                    "target_celsius": ((-70.0,), (-69.8, None)),
                    "seen_valve_open": YES,
                },
            ),
        ),
    )
)


def test_it_rests_without_a_freeze() -> None:
    first, last = cooling(50_000, 37.0, 0.0)
    assert stands("fails_to_cool", [first, last])
    without = [but(each, freeze_started_ms=None) for each in (first, last)]
    assert not stands("fails_to_cool", without)


@pytest.mark.parametrize(
    ("tip", "on_ms", "words"),
    [(30.04, 15_000, "30.0 °C after 15 s"), (30.0, 600_000, "30.0 °C after 600 s")],
)
def test_it_says_how_warm_and_since_when(tip: float, on_ms: int, words: str) -> None:
    said = says("fails_to_cool", cooling(on_ms, 37.0, tip))
    assert said == f"Tip does not get cold: {words} of gas"

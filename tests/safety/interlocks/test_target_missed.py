"""The target is not reached late in a freeze, or lost again. The freeze goes on."""

from typing import Any

import pytest
from proof_kit import NO, YES, Case, Table, proven
from safety_kit import AT_MS, PERIOD_MS, at, ids, lasting, look, says, shut

from console.model.alarm import Priority
from console.model.device import DeviceState
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState

FREEZING, THAWING, IDLE = DeviceState.FREEZING, DeviceState.THAWING, DeviceState.IDLE


def reaching(on_ms: int, reached: bool, started: bool, **inputs: Any) -> list[Facts]:
    """So long after gas-on, and the target reached or not."""
    began = AT_MS if started else None
    return [at(on_ms, freeze_started_ms=began, at_target=reached, **inputs)]


def leaving(for_ms: int, tip: float | None, **inputs: Any) -> list[Facts]:
    """At the target once, and then at `tip` for so long."""
    common = {"freeze_started_ms": AT_MS - 10_000, **inputs}
    return [
        at(-PERIOD_MS, at_target=True, **common),
        *lasting(for_ms, seen_tip_celsius=tip, **common),
    ]


test_target_missed = proven(
    Case(
        "target_missed",
        SafeState.NONE,
        Priority.MEDIUM,
        Latch.NO,
        limits={
            "freeze.reach_ms": 60_000,
            "freeze.held_above_target_celsius": 5.0,
            "freeze.held_ms": 10_000,
            "freeze.held_clears_within_celsius": 4.0,
        },
        happened="Not at target: −63.0 °C",
        to_do="Freezing goes on. Watch the tip; end the freeze early if it does not help.",
        alone=lasting(60_000, freeze_started_ms=AT_MS, seen_tip_celsius=-63.04),
        tables=(
            Table(
                "never",
                reaching,
                {
                    "on_ms": ((60_000, 60_001), (59_999,)),
                    "reached": NO,
                    "started": YES,
                    "seen_state": ((FREEZING,), (THAWING, IDLE)),
                    "seen_tip_celsius": ((-63.0, None), ()),
                },
            ),
            Table(
                "no longer",
                leaving,
                {
                    "for_ms": ((10_000,), (9_999,)),
                    "tip": ((-64.9,), (-65.0, -65.1, None)),
                    "target_celsius": ((-70.0,), (-69.9, None)),
                    "seen_state": ((FREEZING,), (THAWING,)),
                },
            ),
        ),
        within={"freeze.held_clears_within_celsius": "below: how long it goes on"},
    )
)


def test_an_unknown_tip_is_said_to_be() -> None:
    unknown = reaching(60_000, reached=False, started=True, seen_tip_celsius=None)
    assert says("target_missed", unknown) == "Not at target: ---"


@pytest.mark.hazard("target_missed", "limit")
@pytest.mark.parametrize(("tip", "goes_on"), [(-65.9, True), (-66.0, False), (-66.1, False)])
def test_it_goes_on_until_the_tip_is_within_4_of_the_target(tip: float, goes_on: bool) -> None:
    warm = leaving(10_000, -64.9)
    after = lasting(10_000, since_ms=10_050, seen_tip_celsius=tip, freeze_started_ms=AT_MS - 10_000)
    _, verdict = look([*warm, *after])
    assert ids(verdict) == [] and bool(verdict.findings) is goes_on


def test_it_ends_with_the_freeze() -> None:
    state, verdict = look([*leaving(10_000, -64.9), shut(10_050)])
    assert verdict.findings == () and state.holds == ()

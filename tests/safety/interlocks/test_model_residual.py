"""The gas that holds a target tells of a tip that is colder than it reads."""

from math import e, sqrt
from typing import Any

import pytest
from proof_kit import YES, Case, Table, proven
from safety_kit import AT_MS, LIMITS, at, ids, look, stands

from console.model.alarm import Priority
from console.model.device import DeviceState
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState
from console.safety.supervisor import WATCHES

SETTLE_MS, MEAN_MS = 10_000, 5_000
LATER_MS = 70_000  # when the mean has forgotten what was before
HELD = {"at_target": True, "seen_valve_percent": 40, "freeze_due_ms": None}


def held(ms: int, flow: float | None, tip: float | None = -70.0, **inputs: Any) -> Facts:
    """A tip held by this flow."""
    reading = {"seen_flow_mg_s": flow, "seen_tip_celsius": tip}
    return at(ms, **{"freeze_started_ms": AT_MS - 10_000} | HELD | reading | inputs)


def holding(
    flow: float | None,
    tip: float | None,
    for_ms: int,
    settled_ms: int,
    same_freeze: bool,
    **inputs: Any,
) -> list[Facts]:
    """-70 °C held by 100 mg/s for `settled_ms`; a minute later this flow and reading, for
    `for_ms`."""
    started_ms = AT_MS - (10_000 if same_freeze else 9_000)
    after = {"flow": flow, "tip": tip, "freeze_started_ms": started_ms, **inputs}
    return [
        held(0, 100.0),
        held(settled_ms, 100.0),
        held(LATER_MS, **after),
        held(LATER_MS + for_ms, **after),
    ]


def grown(flow: float) -> list[Facts]:
    """100 mg/s until its least counts, and this flow one time constant of the mean later."""
    return [held(0, 100.0), held(SETTLE_MS, 100.0), held(SETTLE_MS + MEAN_MS, flow)]


test_model_residual = proven(
    Case(
        "model_residual",
        SafeState.NONE,
        Priority.LOW,
        Latch.NO,
        limits={
            "model.residual_celsius": 15.0,
            "model.residual_ms": 5_000,
            "model.mean_ms": 5_000,
            "model.settle_ms": 10_000,
            "model.clears_below_celsius": 6.0,
        },
        happened="The tip may be about 27 °C colder than it reads",
        to_do="It needs more gas than before. Freezing goes on: watch the ice, end early if it "
        "grows too far.",
        alone=holding(155.7, -70.0, 5_000, SETTLE_MS, same_freeze=True),
        tables=(
            # 130.02 mg/s: (37 + 70 + 15)² / (37 + 70)² of 100
            Table(
                "flow",
                holding,
                {
                    "flow": ((130.1, 280.0), (129.9, 100.0, None)),
                    "tip": ((-70.0, -65.0), (-64.9, None)),
                    "for_ms": ((5_000,), (4_999,)),
                    "settled_ms": ((10_000,), (9_999,)),
                    "same_freeze": YES,
                    "target_celsius": ((-70.0, -50.0), (-76.0, None)),
                    "at_target": YES,
                    "seen_valve_percent": ((10, 100), (9,)),
                    "seen_state": ((DeviceState.FREEZING,), (DeviceState.THAWING,)),
                },
            ),
        ),
        within={
            "model.clears_below_celsius": "below: how long it goes on",
            "model.mean_ms": "below: to the number",
        },
    )
)


def last_memory(*moments: Facts) -> Any:
    """What the watch remembers after these moments."""
    return look(moments)[0].memories[[each.id for each, _ in WATCHES].index("model_residual")]


def test_the_load_goes_with_the_square_of_the_depth_under_the_bodys_temperature() -> None:
    assert last_memory(held(0, 100.0, -70.0)).load == pytest.approx(100.0 / 107.0**2)
    deep = held(0, 150.0, -80.0, target_celsius=-80.0)
    assert last_memory(deep).load == pytest.approx(150.0 / 117.0**2)


def test_it_is_a_running_mean_that_is_judged() -> None:
    after = last_memory(*grown(200.0))
    grew = 2.0 - 1.0 / e
    assert after.load == pytest.approx(grew * 100.0 / 107.0**2)
    assert after.residual_celsius == pytest.approx(107.0 * (sqrt(grew) - 1.0))
    again = last_memory(*grown(200.0), held(SETTLE_MS + 2 * MEAN_MS, 200.0))
    assert again.load == pytest.approx((2.0 - 1.0 / e**2) * 100.0 / 107.0**2)


def test_nothing_is_said_before_the_least_is_known() -> None:
    young = last_memory(held(0, 100.0), held(50, 280.0))
    assert young.least_load is None and young.residual_celsius == 0.0


def test_a_pause_of_the_hold_is_no_part_of_the_mean() -> None:
    over = last_memory(*grown(280.0))
    assert over.over_since_ms == AT_MS + SETTLE_MS + MEAN_MS
    pause = held(SETTLE_MS + 60_000, 280.0, tip=-60.0)
    left = last_memory(*grown(280.0), pause)
    assert (left.load, left.residual_celsius, left.over_since_ms) == (over.load, 0.0, None)
    back = last_memory(*grown(280.0), pause, held(SETTLE_MS + 60_050, 100.0))
    assert back.load == pytest.approx(over.load, rel=0.02)


@pytest.mark.hazard("model_residual", "limit")
@pytest.mark.parametrize("key", ["model.mean_ms", "model.settle_ms"])
def test_the_mean_has_its_time_and_the_least_too(key: str) -> None:
    longer = LIMITS.changed({key: 1.01 * LIMITS.by_key[key]})
    assert look(grown(200.0), longer)[0].memories != look(grown(200.0))[0].memories


def test_at_the_limit_it_stands_not_yet() -> None:
    exact = {"model.residual_celsius": last_memory(*grown(200.0)).residual_celsius}
    at_once = LIMITS.changed(exact | {"model.residual_ms": 0.0})
    assert not stands("model_residual", grown(200.0), at_once)
    assert stands("model_residual", grown(200.1), at_once)


@pytest.mark.hazard("model_residual", "limit")
@pytest.mark.parametrize(("flow", "goes_on"), [(111.6, True), (111.4, False)])
def test_it_goes_on_until_the_residual_is_within_6(flow: float, goes_on: bool) -> None:
    # 111.53 mg/s: (37 + 70 + 6)² / (37 + 70)² of 100
    found_once = holding(155.7, -70.0, 5_000, SETTLE_MS, same_freeze=True)
    after = [held(ms, flow) for ms in (200_000, 210_000)]
    _, verdict = look([*found_once, *after])
    assert ids(verdict) == [] and bool(verdict.findings) is goes_on

"""What holding a target tells of the tip's reading: the mean that is judged, to the number."""

from math import e, sqrt

import msgspec
import pytest
from safety_kit import AT_MS, LIMITS, facts, seen

from console.safety.facts import Finding
from console.safety.limits import Limits
from console.safety.watch_model import ModelMemory, model_residual, remember

SETTLE_MS, MEAN_MS = LIMITS.model.settle_ms, LIMITS.model.mean_ms


def held(
    memory: ModelMemory, ms: int, flow: float, tip: float = -70.0, limits: Limits = LIMITS
) -> ModelMemory:
    """The memory after -70 °C was seen held by `flow` `ms` after the first time."""
    reading = seen(at_ms=AT_MS + ms, tip_celsius=tip, flow_mg_s=flow, valve_percent=40)
    return remember(memory, facts(observation=reading, at_target=True), limits)


def settled() -> ModelMemory:
    """-70 °C held by 100 mg/s until its least counts."""
    return held(held(ModelMemory(), 0, 100.0), SETTLE_MS, 100.0)


def test_the_load_goes_with_the_square_of_the_depth_under_the_bodys_temperature() -> None:
    assert held(ModelMemory(), 0, 100.0, -70.0).load == pytest.approx(100.0 / 107.0**2)
    assert held(ModelMemory(), 0, 150.0, -80.0).load == pytest.approx(150.0 / 117.0**2)


def test_it_is_a_running_mean_that_is_judged() -> None:
    after = held(settled(), SETTLE_MS + MEAN_MS, 200.0)
    grown = 2.0 - 1.0 / e
    assert after.load == pytest.approx(grown * 100.0 / 107.0**2)
    assert after.residual_celsius == pytest.approx(107.0 * (sqrt(grown) - 1.0))
    again = held(after, SETTLE_MS + 2 * MEAN_MS, 200.0)
    assert again.load == pytest.approx((2.0 - 1.0 / e**2) * 100.0 / 107.0**2)


def test_nothing_is_said_before_the_least_is_known() -> None:
    young = held(held(ModelMemory(), 0, 100.0), 50, 280.0)
    assert young.least_load is None and young.residual_celsius == 0.0


def test_a_pause_of_the_hold_is_no_part_of_the_mean() -> None:
    over = held(settled(), SETTLE_MS + MEAN_MS, 280.0)
    assert over.over_since_ms == AT_MS + SETTLE_MS + MEAN_MS
    left = held(over, SETTLE_MS + 60_000, 280.0, tip=-60.0)
    assert (left.load, left.residual_celsius, left.over_since_ms) == (over.load, 0.0, None)
    back = held(left, SETTLE_MS + 60_050, 100.0)
    assert back.load == pytest.approx(over.load, rel=0.02)


def test_at_the_limit_it_stands_not_yet() -> None:
    at_ms = SETTLE_MS + MEAN_MS
    colder = held(settled(), at_ms, 200.0).residual_celsius
    exact = msgspec.structs.replace(LIMITS.model, residual_celsius=colder)
    limits = msgspec.structs.replace(LIMITS, model=exact)
    assert held(settled(), at_ms, 200.0, limits=limits).over_since_ms is None
    assert held(settled(), at_ms, 200.1, limits=limits).over_since_ms == AT_MS + at_ms


def test_it_says_by_how_much() -> None:
    memory = ModelMemory(residual_celsius=26.6, over_since_ms=AT_MS - LIMITS.model.residual_ms)
    assert model_residual(memory, facts(), LIMITS) == Finding("model_residual", " about 27 °C")

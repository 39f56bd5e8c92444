"""The thresholds as a journal's header holds them."""

import pytest

from console import config
from console.safety.limits import from_thresholds, thresholds


def test_limits_come_back_from_their_thresholds() -> None:
    limits = config.limits()
    flat = thresholds(limits)
    assert flat["n2o.supply_start_kpa.high"] == limits.n2o.supply_start_kpa[1]
    assert from_thresholds(flat) == limits


@pytest.mark.parametrize("name", list(thresholds(config.limits())))
def test_a_missing_threshold_is_told(name: str) -> None:
    flat = thresholds(config.limits())
    del flat[name]
    group, one, *_ = name.split(".")
    with pytest.raises(ValueError, match=f"`({one}|{group})`|{one}"):
        from_thresholds(flat)


@pytest.mark.parametrize("name", ["link.other_ms", "other.lost_ms", "n2o.lowest_tip_celsius.mid"])
def test_an_unknown_threshold_is_told(name: str) -> None:
    with pytest.raises(ValueError, match="unknown"):
        from_thresholds({**thresholds(config.limits()), name: 1.0})

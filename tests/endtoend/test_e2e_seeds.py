"""Healthy runs raise nothing: a whole procedure for each of many devices and patients.

In lockstep, so that the machine's load is no part of it, and without the estimate, which raises no
alarm and changes no decision.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e_screen import plan

from console import config, headless
from console.model.plan import Plan
from console.model.snapshot import Sample

THREE_BY_TWO = config.plan(Path("examples/three-by-two.toml").absolute())
SHORT = plan((20, 45), (20, 45))


class NoEstimator:
    """In the place of the estimate's process."""

    def __init__(self, on_estimate: Callable[[Any], None]) -> None:
        pass

    def feed(self, sample: Sample) -> None:
        pass

    def finish(self, within_s: float) -> bool:
        return True

    def close(self) -> None:
        pass


def run(chosen: Plan, seed: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(headless.runner, "Estimator", NoEstimator)
    gas = "n2o" if chosen.target_celsius < -65 else "co2"
    return headless.run(chosen, f"sim://{gas}?speed=600&seed={seed}", records=folder)


def assert_healthy(result: dict[str, Any], chosen: Plan) -> None:
    assert (result["outcome"], result["reason"]) == ("completed", None)
    assert result["alarms"] == []
    assert result["released"] is True
    target = chosen.target_celsius
    for asked, cycle in zip(chosen.sites[0].cycles, result["cycles"], strict=True):
        assert target - 6 <= cycle["lowest_tip_celsius"] <= target + 2
        assert cycle["time_to_target_s"] < 40
        assert cycle["freeze_s"] == pytest.approx(asked.freeze_s, abs=0.2)
    for cycle in result["cycles"][:-1]:
        assert cycle["thaw_s"] == pytest.approx(45, abs=0.2)
    assert result["cycles"][-1]["thaw_s"] < 6 * 60


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 11))
def test_a_healthy_procedure_raises_nothing(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_healthy(run(SHORT, seed, tmp_path, monkeypatch), SHORT)


@pytest.mark.seeds
@pytest.mark.parametrize("seed", range(1, 101))
def test_a_whole_healthy_procedure_raises_nothing(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_healthy(run(THREE_BY_TWO, seed, tmp_path, monkeypatch), THREE_BY_TWO)

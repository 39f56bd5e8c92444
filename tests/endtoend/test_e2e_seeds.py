"""Healthy runs raise nothing: a whole procedure for each of many devices and patients, with both
gases and with the tip in tissue, in water and in air, refreezes after 0:45.

In lockstep, so that the machine's load is no part of it, and without the estimate, which raises no
alarm and changes no decision.
"""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from e2e_screen import plan

from console import config, headless
from console.model.plan import Plan
from console.model.snapshot import Sample

THREE_BY_TWO = config.plan(Path("examples/three-by-two.toml").absolute())
SHORT = plan((12, 45), (12, 45))


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


WORLDS: Final = tuple(
    product((("n2o", -70.0), ("co2", -60.0)), ("tissue", "water", "air")),
)
"""Gas with its usual target, and medium; the seeds go round them."""


def worlds(seeds: range) -> list[object]:
    """(seed, gas, target, medium) of each."""
    return [
        pytest.param(seed, gas, target, medium, id=f"{seed}-{gas}-{medium}")
        for seed in seeds
        for (gas, target), medium in [WORLDS[seed % len(WORLDS)]]
    ]


def run(chosen: Plan, port: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(headless.runner, "Estimator", NoEstimator)
    return headless.run(chosen, port, records=folder)


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
@pytest.mark.parametrize(("seed", "gas", "target", "medium"), worlds(range(1, 11)))
def test_a_healthy_procedure_raises_nothing(
    seed: int,
    gas: str,
    target: float,
    medium: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = msgspec.structs.replace(SHORT, target_celsius=target)
    port = f"sim://{gas}?speed=600&seed={seed}&medium={medium}"
    assert_healthy(run(chosen, port, tmp_path, monkeypatch), chosen)


@pytest.mark.seeds
@pytest.mark.parametrize(("seed", "gas", "target", "medium"), worlds(range(1, 101)))
def test_a_whole_healthy_procedure_raises_nothing(
    seed: int,
    gas: str,
    target: float,
    medium: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = msgspec.structs.replace(THREE_BY_TWO, target_celsius=target)
    port = f"sim://{gas}?speed=600&seed={seed}&medium={medium}"
    assert_healthy(run(chosen, port, tmp_path, monkeypatch), chosen)

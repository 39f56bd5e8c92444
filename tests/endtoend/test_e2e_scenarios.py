"""Every shipped scenario under a whole procedure: how it ends, and which alarm says why."""

from pathlib import Path

import pytest
from e2e_screen import plan
from test_e2e_seeds import NoEstimator

from console import headless
from simulator.scenario import found, shipped

ENDS = {
    # scenario: outcome, the alarm that names its cause or None
    "bad-line": ("aborted", "link_lost"),
    "blocked-exhaust": ("aborted", "exhaust_blocked"),
    "cold-cylinder": ("refused", "supply_warn"),
    "cylinder-runs-empty": ("aborted", "supply_warn"),
    "device-restarts": ("aborted", "restarted"),
    "dry-ice-plug": ("aborted", "fails_to_cool"),
    "gel-bench": ("completed", None),
    "healthy-co2": ("completed", None),
    "healthy-n2o": ("completed", None),
    "hot-overfilled-cylinder": ("refused", "supply_extreme"),
    "leaking-supply": ("completed", "supply_warn"),
    "link-drops": ("aborted", "lease_lost"),
    "motor-nerve-near": ("completed", None),
    "nerve-not-found": ("completed", None),
    "noisy-line": ("completed", None),
    "open-lead": ("completed", None),
    "orifice-ice": ("aborted", "orifice_blocked"),
    "poor-recuperator": ("completed", None),
    "probe-unplugged": ("aborted", "probe_missing"),
    "siphon-cylinder": ("aborted", "siphon"),
    "thermocouple-drifts": ("completed", "target_missed"),
    "thermocouple-lost": ("aborted", "thermocouple_open"),
    "valve-stuck-closed": ("aborted", "fails_to_cool"),
    "valve-stuck-open": ("aborted", "flow_when_shut"),
    "warm-vessel": ("completed", None),
}
SHARE = ("cold-cylinder", "siphon-cylinder")


def assert_end(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two freezes of a minute end as they should, with that alarm among the raised ones."""
    monkeypatch.setattr(headless.runner, "Estimator", NoEstimator)
    gas = found(name).gas or "n2o"
    chosen = plan((60, 30), (60, 30), celsius=-70.0 if gas == "n2o" else -60.0)
    result = headless.run(chosen, f"sim://{gas}?speed=600&scenario={name}", records=folder)
    outcome, cause = ENDS[name]
    assert result["outcome"] == outcome
    alarms = {alarm["id"] for alarm in result["alarms"]}
    assert cause in alarms if cause else not alarms


def test_all_of_them_are_run() -> None:
    assert sorted(ENDS) == sorted(shipped())


@pytest.mark.parametrize("name", SHARE)
def test_a_scenario_ends_as_it_should(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_end(name, tmp_path, monkeypatch)


@pytest.mark.seeds
@pytest.mark.parametrize("name", ENDS)
def test_every_scenario_ends_as_it_should(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_end(name, tmp_path, monkeypatch)

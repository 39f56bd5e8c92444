"""A share of the soak: a fault every 10 s, never unsafe, nothing left open."""

from pathlib import Path

import pytest
from soak import FAULT_EVERY_MS, Soak, Soaked, as_markdown

from console.model.snapshot import Phase
from console.modelcheck.removed import removed
from simulator.station import DueFault


def soaked(folder: Path, minutes: float, seed: int) -> Soaked:
    soak = Soak(folder, seed)
    try:
        return soak.run(minutes / 60)
    finally:
        soak.close()


def test_a_minute_with_a_fault_every_ten_seconds_is_never_unsafe(tmp_path: Path) -> None:
    result = soaked(tmp_path, 1, seed=7)
    assert result.unsafe == []
    assert result.faults == 6
    assert result.freezes > 0
    assert result.alarms
    assert "Unsafe states: none." in as_markdown(result, "make soak")


@pytest.mark.seeds
@pytest.mark.parametrize("seed", [7, 8])
def test_ten_minutes_with_a_fault_every_ten_seconds_are_never_unsafe(
    seed: int, tmp_path: Path
) -> None:
    result = soaked(tmp_path, 10, seed)
    assert result.unsafe == []
    assert result.faults == 600_000 // FAULT_EVERY_MS
    assert result.freezes > 3
    assert result.freed > 0
    first, last = result.measured[1], result.measured[-1]
    assert last.threads == first.threads
    assert last.handles == first.handles
    assert last.rss_mb < first.rss_mb + 5


def freezing(folder: Path) -> Soak:
    soak = Soak(folder, seed=7)
    while soak.loop.state.procedure.phase is not Phase.FREEZING:
        soak.run(1 / 3_600)
    return soak


def test_a_device_without_its_lease_is_found_unsafe(tmp_path: Path) -> None:
    soak = freezing(tmp_path)
    with removed("lease"):
        soak.station.turn(DueFault("link_silence", None, 0))
        result = soak.run(3 / 3_600)
    soak.close()
    assert "on without a lease" in result.unsafe[0]
    assert "Unsafe states: none." not in as_markdown(result, "make soak")


def test_a_device_with_its_lease_is_not(tmp_path: Path) -> None:
    soak = freezing(tmp_path)
    soak.station.turn(DueFault("link_silence", None, 0))
    result = soak.run(3 / 3_600)
    soak.close()
    assert result.unsafe == []

"""A share of the soak: a fault every 10 s, never unsafe, nothing left open."""

from pathlib import Path
from threading import Event, Thread

import pytest
import soak_process
from soak import FAULT_EVERY_MS, Soak
from soak_result import Measured, Soaked, as_markdown, draw, growth_mb_per_h, spread

from console.model.snapshot import Phase
from console.modelcheck.removed import removed
from simulator.station import DueFault


def soaked(folder: Path, minutes: float, seed: int) -> Soaked:
    soak = Soak(folder, seed)
    try:
        return soak.run(minutes / 60)
    finally:
        soak.close()


def test_two_minutes_with_a_fault_every_ten_seconds_are_never_unsafe(tmp_path: Path) -> None:
    result = soaked(tmp_path, 2, seed=7)
    assert result.unsafe == []
    assert result.faults == 12
    assert result.freezes > 0
    assert result.alarms
    assert "Unsafe states: none." in as_markdown(result, "make soak")
    assert [m.at_ms for m in result.measured] == [20, 60_020]
    for measured in result.measured:
        assert measured.step_ms is not None and 0 < measured.step_ms[0] <= measured.step_ms[1]
        assert measured.frame_ms is None and measured.late_ms is None


@pytest.mark.parametrize("seed", [7, pytest.param(8, marks=pytest.mark.seeds)])
def test_ten_minutes_with_a_fault_every_ten_seconds_are_never_unsafe(
    seed: int, tmp_path: Path
) -> None:
    result = soaked(tmp_path, 10, seed)
    assert result.unsafe == []
    assert result.faults == 600_000 // FAULT_EVERY_MS
    assert result.freezes > 3
    assert result.stimulated > 0
    assert result.freed > 0
    first, last = result.measured[1], result.measured[-1]
    # What an earlier test has left in this process may end meanwhile.
    assert last.threads <= first.threads
    assert last.handles <= first.handles
    assert last.rss_mb < first.rss_mb + 5


@pytest.mark.seeds
def test_the_window_looks_on_and_the_pictures_are_drawn(tmp_path: Path) -> None:
    from soak_window import Window

    window = Window(real_time=False)
    soak = Soak(tmp_path / "records", 7, window)
    result = soak.run(2 / 60)
    soak.close()
    window.close()
    assert result.unsafe == [] and result.freezes > 0
    last = result.measured[-1]
    assert last.frame_ms is not None and 0 < last.frame_ms[0] <= last.frame_ms[1]
    names = draw(result, tmp_path)
    assert all((tmp_path / name).stat().st_size > 10_000 for name in names)
    page = as_markdown(result, "make soak", names)
    assert all(f"({name})" in page for name in names)


def test_in_real_time_no_step_comes_early(tmp_path: Path) -> None:
    soak = Soak(tmp_path, seed=7)
    result = soak.run(0.2 / 3_600, real_time=True)
    soak.close()
    assert result.elapsed_s >= 0.2
    (measured,) = result.measured
    assert measured.late_ms is not None and measured.late_ms[0] >= 0


def test_the_spread_of_times_is_their_middle_and_their_worst_hundredth() -> None:
    assert spread([]) is None
    assert spread([3.0]) == (3.0, 3.0)
    assert spread([float(n) for n in range(100, 0, -1)]) == (51.0, 100.0)


def test_the_growth_of_the_memory_is_its_slope_after_the_first_tenth() -> None:
    def at(hour: float, mb: float) -> Measured:
        return Measured(round(hour * 3_600_000), mb, 2, 8)

    flat = [at(n / 10, 100.0 + (50.0 if n < 2 else 0.0)) for n in range(20)]
    assert growth_mb_per_h(flat) == pytest.approx(0.0)
    grows = [at(n / 10, 100.0 + n * 0.5) for n in range(20)]
    assert growth_mb_per_h(grows) == pytest.approx(5.0)
    assert growth_mb_per_h(grows[:5]) is None


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


def test_a_thread_and_a_handle_that_come_and_go_are_told_by_name(tmp_path: Path) -> None:
    before, open_before = soak_process.threads(), soak_process.handles()
    over = Event()
    thread = Thread(target=over.wait, name="a guest")
    thread.start()
    with (tmp_path / "001.journal").open("w"):
        now, open_now = soak_process.threads(), soak_process.handles()
        assert "+ a guest" in soak_process.changed(before, now)
        assert "+ .journal" in soak_process.changed(open_before, open_now)
    over.set()
    thread.join()
    assert "- a guest" in soak_process.changed(now, soak_process.threads())
    assert "- .journal" in soak_process.changed(open_now, soak_process.handles())
    told = as_markdown(Soaked(came_and_went=["0.50 h, threads: + a guest"]), "make soak")
    assert "a minute apart: 0.50 h, threads: + a guest." in told

"""The usual grids against a committed run on cells of 0.1 mm, and the corners that it hangs on."""

from __future__ import annotations

import pytest
from fine_grid import FINE_MM, FREEZE_S, radii_mm, reference_mm

from simulator.physics.corners import RIM, SHAFT, share
from simulator.physics.grid import probe_grid

_FROM_S = 5


def test_cells_of_a_quarter_millimetre_have_the_ice_within_one_percent_at_every_second() -> None:
    fine, found = reference_mm(), radii_mm(0.25, "numpy")
    assert 0.7 < fine[_FROM_S] < fine[FREEZE_S // 2] < fine[FREEZE_S]
    assert 0.7 < fine[-1] < fine[FREEZE_S]
    off = {n: found[n - 1] / fine[n - 1] - 1.0 for n in range(_FROM_S, len(fine) + 1)}
    assert {second: part for second, part in off.items() if abs(part) > 0.01} == {}


def test_the_fine_run_is_one_of_this_model() -> None:
    assert radii_mm(FINE_MM, "numba", 6) == pytest.approx(reference_mm()[:6], rel=1e-4)


@pytest.mark.seeds
def test_the_whole_fine_run_is_one_of_this_model() -> None:
    assert radii_mm(FINE_MM, "numba") == pytest.approx(reference_mm(), rel=1e-4)


def test_an_even_wall_is_no_corner() -> None:
    assert share(1.0, 0.25, 0.125 + 0.1j, 0.125) == pytest.approx(1.0)


def test_joints_at_a_corner_pass_what_the_exact_run_does() -> None:
    """Square cells: r^p sin(p phi) at the corner's first centre, by hand."""
    assert share(SHAFT, 1.0, 0.5 + 0.5j, 0.5) == pytest.approx(0.5 / 0.32180, rel=1e-4)
    assert share(SHAFT, 1.0j, 0.5 + 0.5j, -0.5 + 0.5j) == pytest.approx(0.70711 / 0.45509, rel=1e-4)
    assert share(RIM, 1.0, 0.5 + 0.5j, 0.5) == pytest.approx(0.5 / 0.39685, rel=1e-4)
    assert share(RIM, -1.0j, -0.5 - 0.5j, -0.5j) == pytest.approx(0.5 / 0.39685, rel=1e-4)


def test_a_contact_that_leaves_no_room_in_the_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="contact"):
        probe_grid(cell_mm=0.05, contact=1.5)
    assert probe_grid(cell_mm=0.05, contact=1.2).across.min() >= 0.0

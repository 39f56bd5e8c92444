"""The radius of the ice round the plant's probe, second by second, on grids of different cells.

python tests/physics/fine_grid.py      writes ice_radius_fine.csv from cells of 0.1 mm (needs numba)
"""

from __future__ import annotations

from pathlib import Path

from physics_hold import DT_S, FULL, SHUT

from simulator.physics import Gas, Plant

FINE_MM = 0.1
FREEZE_S, THAW_S = 120, 90
REFERENCE = Path(__file__).with_name("ice_radius_fine.csv")


def radii_mm(cell_mm: float, backend: str, seconds: int = FREEZE_S + THAW_S) -> list[float]:
    """At the end of every second: full flow for FREEZE_S, then shut."""
    plant = Plant(Gas.N2O, cell_mm=cell_mm, backend=backend)
    found = []
    for second in range(seconds):
        for _ in range(round(1.0 / DT_S)):
            plant.advance(DT_S, FULL if second < FREEZE_S else SHUT)
        found.append(plant.truth.ice_edge_mm / 2.0)
    return found


def reference_mm() -> list[float]:
    """Radius in mm at the end of each second, as committed."""
    lines = REFERENCE.read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split(",") for line in lines]
    assert [int(second) for second, _ in rows] == list(range(1, FREEZE_S + THAW_S + 1))
    return [float(radius) for _, radius in rows]


if __name__ == "__main__":
    table = [f"{n},{radius:.5f}" for n, radius in enumerate(radii_mm(FINE_MM, "numba"), start=1)]
    REFERENCE.write_text("\n".join(["second,ice_radius_mm", *table]) + "\n", encoding="utf-8")

"""What a case went through between the times it was asked about: for a picture."""

from __future__ import annotations

from simulator.physics.field import HeatField


class History:
    """Filled by `case.run`, which says nothing else with it than without.

    times_s and radii_mm (by name: "ice", and each isotherm in °C) run together, a few hundred
    entries; profiles has (time, None when steady; distances mm; temperatures °C) for each time
    that the case asks about, from the wall outwards. Distances are as points_mm has them.
    """

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self.radii_mm: dict[str, list[float]] = {}
        self.profiles: list[tuple[float | None, list[float], list[float]]] = []

    def moment(self, now_s: float, radii_mm: dict[str, float]) -> None:
        """Add the radii at a time."""
        self.times_s.append(now_s)
        for name, radius in radii_mm.items():
            self.radii_mm.setdefault(name, []).append(radius)

    def profile(
        self, now_s: float | None, field: HeatField, wall_mm: float, wall_celsius: float
    ) -> None:
        """Add the temperatures at mid-length, the wall first."""
        column = field.grid.middle
        live = field.live[:, column]
        radii = (1e3 * field.grid.radius[live]).tolist()
        celsius = field.celsius()[live, column].tolist()
        self.profiles.append((now_s, [wall_mm, *radii], [wall_celsius, *celsius]))

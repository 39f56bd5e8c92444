"""Kinds of probe: the metal at the end of the hose."""

from __future__ import annotations

import math

import msgspec


class ProbeKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A probe model; the default is the 1.4 mm probe with a 6 mm active tip.

    capacity_j_k is the heat capacity of the tip's metal, film_w_k the boiling film times its area
    with N2O on a fully wetted wall (about 0.6 W/K is left of it in a freeze, when part of the wall
    is dry), film_co2_w_k the same for CO2, shaft_w_k the leak along the shaft, heater_w the most
    that an active thaw delivers. A new one's chip says model (8 characters at most), serial (12),
    uses (1 to 254, 255 for no limit) and expires_day, in days since 1970-01-01.
    """

    name: str = "long"
    title: str = "1.4 mm, 6 mm tip"
    radius_mm: float = 0.7
    length_mm: float = 6.0
    capacity_j_k: float = 0.025
    film_w_k: float = 0.80
    film_co2_w_k: float = 0.85
    shaft_w_k: float = 3.0e-4
    heater_w: float = 8.0
    model: str = "LT-14-6"
    serial: str = "SIMPROBE0001"
    uses: int = 20
    expires_day: int = 40_000

    @property
    def surface_m2(self) -> float:
        """Outer surface of the active tip: side and flat end."""
        side = 2.0 * math.pi * self.radius_mm * self.length_mm
        return (side + math.pi * self.radius_mm**2) * 1e-6

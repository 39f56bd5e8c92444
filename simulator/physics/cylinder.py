"""The cylinder: contents, temperature and pressure.

While liquid is left the pressure is the vapour pressure at the cylinder's temperature and tells
nothing about contents; evaporation cools the liquid and the steel, the room warms them. When only
vapour is left the pressure falls with the mass.
"""

from __future__ import annotations

import math

from simulator.physics.gas import AMBIENT_KPA, GasTable

_VOLUME_M3 = 4.75e-3  # an E-size steel cylinder, 3.4 kg N2O when full
_HOT_CELSIUS = 34.0
_STEEL_J_K = 6.0 * 470.0
_LIQUID_J_KGK = 2800.0  # saturated N2O liquid between 0 and 20 °C (CoolProp: 2,500 to 3,200)
_ROOM_W_K = 2.0  # free convection and radiation over 0.25 m2
_GAS_J_KGK = 188.9  # R / M, both gases have 44.01 g/mol


class Cylinder:
    """A cylinder in a room; `kpa` is the pressure at its outlet, absolute."""

    def __init__(self, gas: GasTable, *, contents_g: float, celsius: float) -> None:
        self._gas = gas
        self.contents_kg = contents_g / 1000.0
        self.celsius = celsius
        self._overfill_kpa = 0.0
        self._volume_m3 = _VOLUME_M3
        self.kpa = self._pressure()

    def advance(self, dt_s: float, drawn_kg_s: float, room_celsius: float) -> None:
        """Draw drawn_kg_s for dt_s."""
        gas = self._gas
        liquid_kg = self._liquid_kg()
        drawn_kg_s = min(drawn_kg_s, self.contents_kg / dt_s)
        heat = _ROOM_W_K * (room_celsius - self.celsius)
        if liquid_kg > 0.0 and drawn_kg_s > 0.0:
            dense = gas.liquid_kg_m3(self.celsius)
            thin = gas.vapour_kg_m3(self.celsius)
            # Vapour also fills the room that the liquid leaves.
            heat -= drawn_kg_s * gas.latent_j_kg(self.celsius) * dense / max(dense - thin, 1.0)
        self.celsius += dt_s * heat / (liquid_kg * _LIQUID_J_KGK + _STEEL_J_K)
        self.contents_kg -= drawn_kg_s * dt_s
        self.kpa = self._pressure()

    def leave_vapour(self, kpa: float) -> None:
        """Leave only vapour, at that pressure (at most the vapour pressure)."""
        low, high = 0.0, 0.999 * self._gas.vapour_kg_m3(self.celsius) * self._volume_m3
        for _ in range(50):
            self.contents_kg = 0.5 * (low + high)
            if self._pressure() < kpa:
                low = self.contents_kg
            else:
                high = self.contents_kg
        self.kpa = self._pressure()

    def run_out(self, share: float) -> None:
        """Leave the last breath: vapour alone, as much as a hundredth of the volume holds where
        `share` is 1, a tenth at 0.5. Its pressure falls as if the rest had never been there."""
        self._volume_m3 = _VOLUME_M3 * 0.01**share
        vapour_kg = self._gas.vapour_kg_m3(self.celsius) * self._volume_m3
        self.contents_kg = min(self.contents_kg, 0.999 * vapour_kg)
        self.kpa = self._pressure()

    def overfill(self, kpa: float) -> None:
        """Hot and full of liquid, which adds about 4 bar a kelvin: `kpa` on top at 34 °C."""
        self._overfill_kpa = kpa
        self.set_celsius(_HOT_CELSIUS)

    def set_celsius(self, celsius: float) -> None:
        """Bring the cylinder to a temperature at once (it stood somewhere cold or hot)."""
        self.celsius = celsius
        self.kpa = self._pressure()

    @property
    def feed_j_kg(self) -> float:
        """Enthalpy of the liquid that a siphon tube would deliver, J/kg."""
        return self._gas.liquid_j_kg(self.celsius)

    def _liquid_kg(self) -> float:
        dense = self._gas.liquid_kg_m3(self.celsius)
        thin = self._gas.vapour_kg_m3(self.celsius)
        if dense - thin < 1.0:
            return 0.0
        liquid_m3 = (self.contents_kg - thin * self._volume_m3) / (dense - thin)
        return max(0.0, min(liquid_m3, self._volume_m3) * dense)

    def _pressure(self) -> float:
        saturated = self._gas.saturation_kpa(self.celsius)
        thin = self._gas.vapour_kg_m3(self.celsius)
        density = self.contents_kg / self._volume_m3
        if density >= thin:
            return saturated + self._overfill_kpa
        ideal = _GAS_J_KGK * (self.celsius + 273.15) / 1000.0
        # p = rho R T (1 + B rho), with B such that it meets the vapour pressure at saturation.
        virial = (saturated / (thin * ideal) - 1.0) / thin
        return max(AMBIENT_KPA * math.exp(-1.0), density * ideal * (1.0 + virial * density))

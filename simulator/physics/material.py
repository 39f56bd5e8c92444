"""What freezes: the properties of tissue, water or gel, and the Kirchhoff variable made of them.

Temperature, enthalpy and the Kirchhoff variable theta (the integral of k dT, W/m, zero at the
liquidus) are three piecewise linear faces of one state. The functions here turn one into another
for single numbers; `field` does the same for whole grids.
"""

from __future__ import annotations

import math

import msgspec


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """Thermal properties of something that freezes between liquidus and solidus.

    Volumetric: heat capacities are J/(m3 K), latent heat J/m3, perfusion W/(m3 K) (that is blood
    density x heat capacity x rate), metabolism W/m3. Perfusion and metabolism act only above the
    liquidus. A solidus equal to the liquidus is a sharp front. Defaults are the generic tissue of
    Micromachines 2025, 16(12):1321.

    Raises ValueError, naming the key, for values that no material has.
    """

    k_unfrozen_w_mk: float = 0.5
    k_frozen_w_mk: float = 2.0
    c_unfrozen_j_m3k: float = 3.6e6
    c_frozen_j_m3k: float = 1.8e6
    latent_j_m3: float = 250e6
    liquidus_celsius: float = -1.0
    solidus_celsius: float = -8.0
    perfusion_w_m3k: float = 1800.0
    arterial_celsius: float = 37.0
    metabolism_w_m3: float = 4200.0

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if not math.isfinite(getattr(self, name)):
                raise ValueError(f"{name}: must be a finite number")
        for name in ("k_unfrozen_w_mk", "k_frozen_w_mk", "c_unfrozen_j_m3k", "c_frozen_j_m3k"):
            if getattr(self, name) <= 0.0:
                raise ValueError(f"{name}: must be above 0")
        for name in ("latent_j_m3", "perfusion_w_m3k"):
            if getattr(self, name) < 0.0:
                raise ValueError(f"{name}: must not be negative")
        if self.liquidus_celsius < self.solidus_celsius:
            raise ValueError(
                "liquidus_celsius: lower than solidus_celsius, so unfrozen would be colder "
                "than frozen"
            )
        if self.latent_j_m3 == 0.0 and self.liquidus_celsius == self.solidus_celsius:
            raise ValueError("latent_j_m3: must be above 0 where liquidus equals solidus")

    def scaled(self, *, conductivity: float = 1.0, perfusion: float = 1.0) -> Material:
        """The same material with both conductivities, and perfusion, times a factor."""
        return msgspec.structs.replace(
            self,
            k_unfrozen_w_mk=self.k_unfrozen_w_mk * conductivity,
            k_frozen_w_mk=self.k_frozen_w_mk * conductivity,
            perfusion_w_m3k=self.perfusion_w_m3k * perfusion,
        )


class Curve:
    """The piecewise linear links between temperature, enthalpy above the liquidus, and theta.

    Slopes d(theta)/d(enthalpy) are diffusivities in m2/s: `slope_frozen`, `slope_mushy`,
    `slope_unfrozen`. `melt_j_m3` is the enthalpy between solidus and liquidus.
    """

    __slots__ = (
        "c_frozen",
        "k_frozen",
        "k_mushy",
        "k_unfrozen",
        "liquidus",
        "melt_j_m3",
        "slope_frozen",
        "slope_mushy",
        "slope_unfrozen",
        "solidus",
        "theta_solidus",
    )

    def __init__(self, material: Material) -> None:
        m = material
        width = m.liquidus_celsius - m.solidus_celsius
        self.liquidus = m.liquidus_celsius
        self.solidus = m.solidus_celsius
        self.k_frozen = m.k_frozen_w_mk
        self.k_unfrozen = m.k_unfrozen_w_mk
        self.k_mushy = 0.5 * (m.k_frozen_w_mk + m.k_unfrozen_w_mk)
        self.c_frozen = m.c_frozen_j_m3k
        self.melt_j_m3 = m.latent_j_m3 + 0.5 * (m.c_frozen_j_m3k + m.c_unfrozen_j_m3k) * width
        self.slope_frozen = m.k_frozen_w_mk / m.c_frozen_j_m3k
        self.slope_mushy = self.k_mushy * width / self.melt_j_m3
        self.slope_unfrozen = m.k_unfrozen_w_mk / m.c_unfrozen_j_m3k
        self.theta_solidus = -self.k_mushy * width

    def theta(self, celsius: float) -> float:
        """Theta in W/m at a temperature."""
        if celsius >= self.liquidus:
            return self.k_unfrozen * (celsius - self.liquidus)
        if celsius >= self.solidus:
            return self.k_mushy * (celsius - self.liquidus)
        return self.theta_solidus + self.k_frozen * (celsius - self.solidus)

    def conductivity(self, celsius: float) -> float:
        """d(theta)/dT, W/(m K)."""
        if celsius >= self.liquidus:
            return self.k_unfrozen
        return self.k_mushy if celsius >= self.solidus else self.k_frozen

    def celsius(self, theta: float) -> float:
        """The temperature of a theta in W/m; the inverse of `theta`."""
        if theta >= 0.0:
            return self.liquidus + theta / self.k_unfrozen
        if theta >= self.theta_solidus:
            return self.liquidus + theta / self.k_mushy
        return self.solidus + (theta - self.theta_solidus) / self.k_frozen

    def enthalpy(self, celsius: float) -> float:
        """Enthalpy in J/m3 above (below: negative) the fully thawed state at the liquidus."""
        theta = self.theta(celsius)
        if theta >= 0.0:
            return theta / self.slope_unfrozen
        if theta >= self.theta_solidus and self.slope_mushy > 0.0:
            return theta / self.slope_mushy
        return -self.melt_j_m3 + (theta - self.theta_solidus) / self.slope_frozen

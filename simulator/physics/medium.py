"""Where the tip stands: tissue, sterile water, or air."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from simulator.physics.material import Material


class Medium(StrEnum):
    """What surrounds the tip."""

    TISSUE = "tissue"
    WATER = "water"
    AIR = "air"


class Surroundings(msgspec.Struct, frozen=True):
    """A medium in numbers: something that freezes, or (air) a film alone."""

    initial_celsius: float
    material: Material | None = None
    film_w_m2k: float = 0.0


# Still water round an ice-covered needle: free convection, film about 500 W/m2K (Nu 4 to 5 on
# 4 mm, Churchill and Chu 1975, 10 to 20 K). In the grid the film is an exchange w spread over the
# unfrozen water so that sqrt(k w) is that film.
_WATER_FILM_W_M2K = 500.0
_WATER_K = 0.60

# A 1.4 mm needle in still air: free convection 20, radiation 5, frost 10 W/m2K (Nu about 1.2),
# and as much again that the bare shaft gathers as a fin: sqrt(h P k A) = 0.8 mW/K for its steel.
_AIR_FILM_W_M2K = 65.0


def surroundings(medium: Medium, room_celsius: float, tissue: Material) -> Surroundings:
    """The numbers of a medium: `tissue` is used as given, water and air stand at the room's °C."""
    if medium is Medium.TISSUE:
        return Surroundings(initial_celsius=tissue.arterial_celsius, material=tissue)
    if medium is Medium.AIR:
        return Surroundings(initial_celsius=room_celsius, film_w_m2k=_AIR_FILM_W_M2K)
    water = Material(
        k_unfrozen_w_mk=_WATER_K,
        k_frozen_w_mk=2.2,
        c_unfrozen_j_m3k=4.18e6,
        c_frozen_j_m3k=1.93e6,
        latent_j_m3=306e6,
        liquidus_celsius=0.0,
        solidus_celsius=-0.5,
        perfusion_w_m3k=_WATER_FILM_W_M2K**2 / _WATER_K,
        arterial_celsius=room_celsius,
        metabolism_w_m3=0.0,
    )
    return Surroundings(initial_celsius=room_celsius, material=water)

"""What the tissue model makes of the measured tip temperature. Never a measurement."""

import msgspec


class Band(msgspec.Struct, frozen=True):
    """A value with the band that book values 20 % off would give."""

    value: float
    low: float
    high: float


class Estimate(msgspec.Struct, frozen=True):
    """State of the model at device time `at_ms`. Diameters in mm; `nerve` is time below -20 °C at
    `nerve_distance_mm` from the probe's surface. `free_in_s`: until the tip
    has been above +10 °C for 5 s in passive thaw, None while the gas is on, where there is nothing
    to thaw, and where it is not known. `probe` is the model that it was made for, `site` and
    `placement` where it stood; the nerve's time is of that place."""

    at_ms: int
    ice_edge_mm: Band
    minus20_mm: Band
    minus20_reach_mm: Band
    nerve_distance_mm: float
    nerve_below_s: Band
    free_in_s: Band | None = None
    probe: str = ""
    site: int | None = None
    placement: int | None = None

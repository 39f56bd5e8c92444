"""A signature as a row: which fault, to which sizes, when, in which run, and what is looked at."""

from enum import StrEnum
from typing import Final

import msgspec

from drivers.link.codes import Fault, Gas


class Panel(StrEnum):
    """A curve over time, named as its axis is."""

    TIP = "tip, °C"
    EXHAUST = "tip pressure, bar"
    SUPPLY = "supply, bar"
    FLOW = "flow, L/min"
    HOSE = "hose, °C"
    ICE = "ice edge (true), mm"
    TRUE_TIP = "tip (true), °C"
    DELIVERED = "delivered, mA"
    IMPEDANCE = "impedance, ohm"
    AGE = "newest frame's age, ms"
    GOOD = "frames a second"
    BAD = "unreadable a second"


class Run(StrEnum):
    """What goes on while the fault comes."""

    FREEZE = "freeze"
    WARMED = "freeze, then active thaw"
    REST = "nothing"
    STIMULATION = "stimulation"


GAS_PANELS: Final = (Panel.TIP, Panel.EXHAUST, Panel.SUPPLY, Panel.FLOW)


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """A fault, and the run that shows it. at_s counts from gas-on; before it the fault is there
    from switching on. The gas is on for on_s; after_s is seen after it. `trips` is what the device
    makes of it at the last of the sizes; `told_by` is how to tell it from its likes."""

    knob: str
    sizes: tuple[float | None, ...] = (None,)
    at_s: float = 15.0
    ramp_s: float = 0.0
    off_s: float | None = None
    gas: Gas = Gas.N2O
    run: Run = Run.FREEZE
    on_s: float = 40.0
    after_s: float = 10.0
    panels: tuple[Panel, ...] = GAS_PANELS
    trips: Fault = Fault(0)
    told_by: str

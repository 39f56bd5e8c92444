"""The supply's pressure is too low to go on freezing."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import FaultBit, Interlock, SafeState

INTERLOCK: Final = Interlock(
    id="supply_low",
    hazard="the gas runs out in mid-freeze",
    cause="the cylinder is cold or empty",
    hears=(FaultBit(),),
    threshold="supply under 3,800 kPa (N2O), 4,100 kPa (CO2) for 2 s in a freeze",
    reaction_ms=2_100,
    state=SafeState.SS1,
    priority=Priority.LOW,
    light="supply",
    happened="Supply pressure too low to freeze",
    to_do="Gas is shut. Do not move the probe. Cylinder cold or nearly empty: warm it to room "
    "warmth or change it.",
    done="Gas is shut. Cylinder cold or nearly empty: warm it to room temperature or change it.",
    residual="The freeze is cut short and may have to be repeated.",
)

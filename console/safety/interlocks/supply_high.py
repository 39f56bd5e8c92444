"""The supply's pressure is too high to go on freezing."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import STAY, FaultBit, Interlock, SafeState

INTERLOCK: Final = Interlock(
    id="supply_high",
    hazard="the gas side is over its pressure",
    cause="the cylinder is too warm",
    hears=(FaultBit(),),
    threshold="supply over 7,200 kPa (N2O), 7,400 kPa (CO2) for 1 s in a freeze",
    reaction_ms=1_100,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    light="supply",
    happened="Supply pressure too high",
    to_do=STAY + " Let the cylinder cool down.",
    done="Gas is shut. Let the cylinder cool down.",
    residual="Relief valve and regulator are the console's.",
)

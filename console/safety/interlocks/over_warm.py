"""Active warming makes the tip too warm."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import FaultBit, Interlock, Latch, SafeState

INTERLOCK: Final = Interlock(
    id="over_warm",
    hazard="active warming burns the nerve",
    cause="the heater stays on, or warms more than it should",
    hears=(FaultBit(),),
    threshold="warming is on and the tip above 45 °C for 200 ms",
    reaction_ms=260,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    happened="The tip is too warm",
    to_do="Gas and warming were switched off. Check that the tip cools. Thaw without warming.",
    done="Gas and warming were switched off. Thaw without warming.",
    residual="Warming ends by itself at 40 °C and after 2:00. A heater that stays on although it "
    "is switched off is reported, not ended: unplug the probe.",
)

"""The stimulator delivers another current than it was set to."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import FaultBit, Interlock, Latch, SafeState

INTERLOCK: Final = Interlock(
    id="stimulator_over_current",
    hazard="the nerve is overstimulated, or an answer is of another current than shown",
    cause="the output stage fails",
    hears=(FaultBit(),),
    threshold="over 110 % of set, over 10 mA, or differing by more than 20 % and 0.1 mA, in one "
    "pulse",
    reaction_ms=100,
    state=SafeState.SS3,
    priority=Priority.HIGH,
    latch=Latch.ENGINEER,
    stimulator=True,
    happened="Stimulator delivered another current than it was set to",
    to_do="Stimulation is off. Freezing is possible. No more tests until an engineer has "
    "released the console.",
    done="Stimulation is off. Freezing is possible. No more tests until an engineer has released "
    "the console.",
    residual="One pulse may be wrong before it is off.",
)

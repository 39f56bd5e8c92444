"""Gas and stimulation are on together."""

from typing import Final

from console.model.alarm import Priority
from console.model.instruction import Instruction
from console.safety.interlock import ENGINEER, FaultBit, Found, Interlock, Latch, Moment, SafeState
from console.safety.watches import at_once


def _judge(now: Moment) -> Found | None:
    seen = now.seen
    return Found() if seen is not None and seen.valve_open and seen.stimulator_on else None


INTERLOCK: Final = Interlock(
    id="both_on",
    hazard="freezing and stimulating together",
    cause="a drive fails, or the console's interlock between them",
    hears=(at_once(_judge), FaultBit()),
    threshold="gas valve and stimulator both read back on",
    reaction_ms=60,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.ENGINEER,
    stimulator=True,
    happened="Gas and stimulation were on together",
    to_do="Both shut. If gas flows, close the cylinder. Do not move the probe. " + ENGINEER,
    done="Both were shut. An engineer must release the console.",
    asks=Instruction.CLOSE_CYLINDER,
    residual="A stimulator that reads back off and is on is left to its own hardware.",
)

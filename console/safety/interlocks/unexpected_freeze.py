"""Gas that nobody here asked for and no one at the console declared."""

from typing import Final

from console.model.alarm import Priority
from console.model.instruction import Instruction
from console.safety.interlock import (
    CLOSE,
    ENGINEER,
    Found,
    Interlock,
    Latch,
    Moment,
    SafeState,
    Watch,
)
from console.safety.limits import Limit, Tighter

GRACE_MS: Final = Limit("link.unexpected_grace_ms", 1_500, Tighter.LOWER, 1_000)
"""Nothing is judged for so long after the link was opened, STOP or END."""
READINGS: Final = 2


def _remember(readings: int, now: Moment) -> int:
    seen, facts = now.seen, now.facts
    if now.signals.new_freeze:
        readings = 0
    if seen is None or not seen.valve_open or seen.local_start or facts.gas_wanted:
        return 0
    # The STOP that follows gives no new grace to what stands already.
    judged = readings >= READINGS or seen.at_ms >= facts.quiet_until_device_ms
    return min(readings + 1, READINGS) if judged else 0


INTERLOCK: Final = Interlock(
    id="unexpected_freeze",
    hazard="gas flows that nobody asked for",
    cause="the console's program or valve drive fails",
    hears=(
        Watch(
            0,
            _remember,
            lambda readings, now: Found() if readings >= READINGS else None,
            keeps=lambda readings, now: readings > 0,
        ),
    ),
    threshold="valve read back open in 2 frames without a START or a declared local start, from "
    "{link.unexpected_grace_ms} ms after opening, STOP or END",
    reaction_ms=1_700,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.ENGINEER,
    happened="The gas valve is open, and nobody here asked for gas",
    to_do="STOP sent. " + CLOSE + " " + ENGINEER,
    done="STOP was sent. An engineer must release the console.",
    asks=Instruction.CLOSE_CYLINDER,
    residual="Within the grace after STOP or END only the console's own watch looks.",
    limits=(GRACE_MS,),
)

"""The operator says that the probe was moved while ice may have held it."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import Found, Interlock, SafeState
from console.safety.watches import at_once

INTERLOCK: Final = Interlock(
    id="probe_moved",
    hazard="ice tears tissue, or another place is treated than was tested",
    cause="the probe moves while it is cold, or after its stimulation",
    hears=(at_once(lambda now: Found() if now.facts.moved_cold else None),),
    threshold="the operator says so; with the gas on the freeze ends; the results of the "
    "stimulation are void; not above {release.above_celsius} °C after a freeze it is recorded as "
    "a hazard and stands until the probe is free",
    reaction_ms=100,
    state=SafeState.NONE,
    priority=Priority.LOW,
    happened="The probe was moved before it was thawed",
    to_do="Recorded. Leave it still until the screen says free. Look for bleeding. Then test the "
    "new place.",
    done="It is recorded. Look for bleeding. Then test the new place.",
    residual="A move that nobody reports is not seen.",
)

"""The console has restarted while it was freezing."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import Found, Interlock, Latch, SafeState
from console.safety.watches import at_once

INTERLOCK: Final = Interlock(
    id="restarted",
    hazard="the console restarts in mid-freeze and nobody knows what it did",
    cause="power, watchdog or a fault of its program",
    hears=(at_once(lambda now: Found() if now.facts.restarted else None),),
    threshold="another boot id while gas was wanted or on",
    reaction_ms=600,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.OPERATOR,
    happened="The console restarted",
    to_do="Its gas valve is shut after a restart. Do not move the probe until it has thawed.",
    done="Its gas valve falls shut at a restart.",
    residual="A valve stuck open through the restart is found by its flow.",
)

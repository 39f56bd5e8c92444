"""A STOP is not acknowledged."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import CLOSE, Found, Interlock, Moment, SafeState
from console.safety.interlocks.link_lost import link_lost
from console.safety.interlocks.stale import stale
from console.safety.watches import at_once


def _judge(now: Moment) -> Found | None:
    facts = now.facts
    if not facts.stop_unconfirmed:
        return None
    # Of a STOP that nobody but the host itself sent into a lost or late link, or to a console that
    # shut for hearing nothing, that one says all.
    seen = facts.observation
    shut = seen is not None and "lease_lost" in seen.faults and not seen.valve_open
    down = link_lost(now) is not None or stale(now) is not None
    return Found() if facts.stop_asked or not (shut or down) else None


INTERLOCK: Final = Interlock(
    id="stop_unconfirmed",
    hazard="gas flows on after STOP",
    cause="line or console do not answer a STOP",
    hears=(at_once(_judge, judged=lambda now: now.facts.stopping),),
    threshold="no acknowledgement for 500 ms, repeated every 20 ms; the lease is withheld. The "
    "host's own STOP into a lost link is reported as link_lost alone",
    reaction_ms=1_600,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    happened="STOP is not confirmed by the console",
    to_do="Gas goes off by itself within 1 s. " + CLOSE,
    done="STOP is being repeated; the console gets no more leave to run gas.",
    residual="Between STOP and the end of the lease gas may flow for up to 1 s.",
)

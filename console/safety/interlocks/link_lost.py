"""No frame at all for too long, a closed port, a bad line, or a session that another host took."""

from typing import Final

from console.model.alarm import Priority
from console.safety.facts import Facts
from console.safety.interlock import Found, Interlock, Latch, Moment, SafeState
from console.safety.limits import Limit, Limits, Tighter
from console.safety.watches import at_once

SILENT_MS: Final = Limit("link.lost_ms", 500, Tighter.LOWER, 300)
"""Wall time without any frame."""
SILENT_IN_LOCKSTEP_MS: Final = Limit("link.lost_lockstep_ms", 10_000)
"""The same where the device's clock waits for this computer."""


def silence_ms(limits: Limits, *, lockstep: bool, time_scale: float) -> float:
    """For how long no frame may come, in wall time: longer where the device's time runs slower,
    by which its telemetry is timed."""
    if lockstep:
        return limits[SILENT_IN_LOCKSTEP_MS]
    lost_ms = limits[SILENT_MS]
    return lost_ms / min(time_scale, 1.0) if time_scale > 0 else lost_ms


def silent(facts: Facts, limits: Limits) -> bool:
    """Whether no frame has come for too long."""
    within = silence_ms(limits, lockstep=facts.lockstep, time_scale=facts.time_scale)
    return facts.heard_ms is None or facts.now_ms - facts.heard_ms > within


def link_lost(now: Moment) -> Found | None:
    """Only a link that was open can be lost; one that is being opened again has as long as any
    silence may last."""
    facts = now.facts
    if not facts.was_open:
        return None
    gone = not facts.port_open or facts.bad_line or facts.session_lost
    if not gone and not silent(facts, now.limits):
        return None
    if facts.session_lost:
        return Found("taken", high=facts.gas_on)
    if facts.bad_line:
        return Found("unreadable", high=facts.gas_on)
    if facts.lost_words:
        return Found("port", {"words": facts.lost_words}, high=facts.gas_on)
    return Found(high=facts.gas_on)


INTERLOCK: Final = Interlock(
    id="link_lost",
    hazard="nobody watches or steers the console",
    cause="cable, port, console or this computer's driver fail, or another host opens the console",
    hears=(at_once(link_lost),),
    threshold="no frame for {link.lost_ms} ms, a closed port, or more than 5 bad frames in 1 s",
    reaction_ms=1_100,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    light="link",
    happened="Connection to the console lost{detail}",
    details={
        "taken": ": another computer has opened it",
        "unreadable": ": unreadable bytes on the line",
        "port": ": {words}",
    },
    to_do="Gas goes off within 1 s; if not, close the cylinder valve. Do not move the probe. "
    "Check the cable.",
    done="STOP was sent, and nothing more is heard. Check the cable.",
    residual="Gas may flow for up to 1 s after the last heartbeat, until the lease ends.",
    limits=(SILENT_MS, SILENT_IN_LOCKSTEP_MS),
)

"""The valve is open past the commanded end, or for longer than any freeze may last."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import STAY, FaultBit, Found, Interlock, Latch, Moment, SafeState
from console.safety.limits import Limit, Tighter
from console.safety.watches import at_once

OVERRUN_MS: Final = Limit("freeze.overrun_ms", 2_000, Tighter.LOWER, 1_500)
"""Past the commanded end; the device acts at 1,000."""
ABSOLUTE_MS: Final = Limit("freeze.absolute_ms", 300_000, Tighter.LOWER, 245_000)


def _judge(now: Moment) -> Found | None:
    seen, started_ms, due_ms = now.seen, now.signals.freeze_started_ms, now.facts.freeze_due_ms
    if seen is None or not seen.valve_open or started_ms is None:
        return None
    on_ms = seen.at_ms - started_ms
    late = due_ms is not None and seen.at_ms > due_ms + now.limits[OVERRUN_MS]
    if not late and on_ms <= now.limits[ABSOLUTE_MS]:
        return None
    return Found("on", {"on": on_ms / 1000})


INTERLOCK: Final = Interlock(
    id="freeze_too_long",
    hazard="the freeze does not end",
    cause="the console's freeze timer fails",
    hears=(at_once(_judge), FaultBit()),
    threshold="past the commanded end by 1 s (device) or {freeze.overrun_ms} ms (host); "
    "{freeze.absolute_ms} ms in all",
    reaction_ms=1_040,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    happened="The freeze ran past its end{detail}",
    details={"on": ": {on:s}"},
    to_do=STAY + " Have the console checked before the next freeze.",
    done="Gas is shut. Have the console checked before the next freeze.",
    residual="The freeze is up to 1 s longer than planned.",
    limits=(OVERRUN_MS, ABSOLUTE_MS),
)

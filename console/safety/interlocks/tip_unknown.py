"""No tip temperature in a thaw, for longer than the device takes to name the cause."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import BLIND, Found, Interlock, Moment, SafeState, Suppression
from console.safety.limits import Limit, Tighter
from console.safety.watches import lasting

FOR_MS: Final = Limit("shut.unknown_ms", 300, Tighter.LOWER, 200)
"""The device names a broken sensor after 100."""


def _blind(now: Moment) -> bool:
    seen = now.seen
    return (
        now.facts.thawing and seen is not None and seen.tip_celsius is None and not seen.valve_open
    )


def _says(now: Moment) -> Found:
    quality = now.seen.tip_quality.value if now.seen is not None else ""
    return Found("sensor", {"quality": quality})


INTERLOCK: Final = Interlock(
    id="tip_unknown",
    hazard="the probe is moved while frozen",
    cause="the tip's sensor or its plug fails in a thaw",
    hears=(lasting(_blind, FOR_MS, _says, judged=lambda now: now.facts.thawing),),
    threshold="no tip temperature for {shut.unknown_ms} ms after a freeze and before release",
    reaction_ms=400,
    state=SafeState.HELD,
    priority=Priority.MEDIUM,
    light="tip",
    happened="Tip temperature unknown{detail}",
    details={"sensor": ": sensor {quality}"},
    to_do=BLIND,
    done="Check the plug of the probe.",
    residual="Thaw is then judged by hand and by ultrasound.",
    suppressed_by=(
        Suppression("thermocouple_open"),
        Suppression("thermocouple_short"),
        Suppression("probe_missing"),
    ),
    limits=(FOR_MS,),
)

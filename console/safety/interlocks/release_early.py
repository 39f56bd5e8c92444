"""The probe is withdrawn while ice may hold it."""

from typing import Final

from console.safety.interlock import Interlock, Refusal, SafeState
from console.safety.limits import Limit, Tighter

ABOVE_CELSIUS: Final = Limit("release.above_celsius", 10.0, Tighter.HIGHER, 20.0)
FOR_MS: Final = Limit("release.for_ms", 5_000, Tighter.HIGHER, 30_000)

INTERLOCK: Final = Interlock(
    id="release_early",
    hazard="the probe is withdrawn while ice holds it",
    cause="the tip is warm and the ice round it is not: active warming, a warm vessel",
    hears=(
        Refusal(by=("device", "host"), not_injected="no fault, a rule: its tests thaw a probe"),
    ),
    threshold="gas shut, no warming, tip above {release.above_celsius} °C for {release.for_ms} "
    "ms before it is free, never by time",
    reaction_ms=None,
    state=SafeState.HELD,
    priority=None,
    happened="Not free yet: it says why",
    to_do="Wait until the screen says free to move. Never pull.",
    residual="Software cannot hold a probe; the model is a model.",
    limits=(ABOVE_CELSIUS, FOR_MS),
)

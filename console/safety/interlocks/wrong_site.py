"""A place is frozen that was not confirmed."""

from typing import Final

from console.safety.interlock import Interlock, Refusal, SafeState

INTERLOCK: Final = Interlock(
    id="wrong_site",
    hazard="another nerve is frozen, or one that moves a muscle",
    cause="wrong side or place, or no test of the probe's place",
    hears=(
        Refusal(by=("host",), not_injected="no fault, a refusal: its tests leave the answer out"),
    ),
    threshold="the time-out open or one of its lines not clear; a contraction, or no result for "
    "this site and placement: no start but by an override, with a reason and recorded",
    reaction_ms=None,
    state=SafeState.SS2,
    priority=None,
    happened="Not confirmed here: it says what is missing",
    to_do="Test again, move the probe, or go on with a reason that is recorded.",
    residual="Whether the right side was chosen is for the team's time-out to say.",
)

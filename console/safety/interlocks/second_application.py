"""Two programs want one console, or one store of records."""

from typing import Final

from console.safety.interlock import Interlock, Refusal, SafeState

INTERLOCK: Final = Interlock(
    id="second_application",
    hazard="two programs steer one console",
    cause="the application is opened twice, or a tool holds the port",
    hears=(
        Refusal(by=("device", "host"), not_injected="no fault, a refusal: its tests open it twice"),
    ),
    threshold="the record's lock, the exclusive port, the device's one session",
    reaction_ms=None,
    state=SafeState.SS2,
    priority=None,
    happened="Another program has the console or the records",
    to_do="Close the other program, then connect again.",
    residual="A host that ignores the session is refused by the console itself.",
)

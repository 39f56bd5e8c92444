"""The console, its gas or the plan cannot be used together."""

from typing import Final

from console.safety.interlock import Interlock, Refusal, SafeState

INTERLOCK: Final = Interlock(
    id="console_unfit",
    hazard="commands mean something else to this console",
    cause="wrong firmware, schema or gas, or a plan colder than the console's coldest target",
    hears=(
        Refusal(
            by=("device", "host"), not_injected="no fault, a refusal: its tests say another HELLO"
        ),
    ),
    threshold="HELLO: other major version, or same version with another schema hash; plan colder "
    "than coldest_target",
    reaction_ms=None,
    state=SafeState.SS2,
    priority=None,
    light="link",
    happened="This console or plan cannot be used: it says by name why",
    to_do="Only reading is possible, or choose a plan that the console can hold.",
    residual="A console that lies about its version is left to conformance testing.",
)

"""Watch of the gas that the tip's reading must explain. Pure.

While a target is held, the ice about the tip grows and lets less and less heat through: the flow
that holds it may only fall. The heat goes with the flow, and in tissue and water with about the
square of how far the tip is under the body's temperature (steady holds of the simulator at -30,
-50 and -70 °C: 44, 78 and 116 mg/s). So flow / (37 °C - tip)² must not grow; where it does, the tip
is colder than it reads, or cold is lost on its way.
"""

from math import exp, sqrt

import msgspec

from console.model.device import DeviceState
from console.model.observation import BODY_CELSIUS, Observation
from console.safety.facts import Facts, Finding
from console.safety.limits import Limits


class ModelMemory(msgspec.Struct, frozen=True):
    """Of one freeze; device times. `load`: flow / (37 °C - tip)², a running mean in mg/s/K²;
    `least_load` its least; `residual_celsius` how much colder the tip would be if the load had
    stayed that."""

    started_ms: int | None = None
    held_ms: int | None = None  # since when it has been held
    last_ms: int = 0
    load: float = 0.0
    least_load: float | None = None
    residual_celsius: float = 0.0
    over_since_ms: int | None = None


def remember(memory: ModelMemory, facts: Facts, limits: Limits) -> ModelMemory:
    """The memory after a new observation."""
    seen = facts.observation
    if seen is None:
        return memory
    if facts.freeze_started_ms != memory.started_ms:
        memory = ModelMemory(facts.freeze_started_ms)
    tip, flow = seen.tip_celsius, seen.flow_mg_s
    if tip is None or flow is None or not _held(seen, tip, facts, limits):
        return msgspec.structs.replace(
            memory, last_ms=seen.at_ms, residual_celsius=0.0, over_since_ms=None
        )
    load = flow / (BODY_CELSIUS - tip) ** 2
    since = memory.held_ms
    if since is None:
        since = seen.at_ms
    else:
        gain = 1.0 - exp((memory.last_ms - seen.at_ms) / limits.model.mean_ms)
        load = memory.load + (load - memory.load) * gain
    least = memory.least_load
    if seen.at_ms - since >= limits.model.settle_ms:
        least = load if least is None else min(least, load)
    colder = 0.0 if least is None else (BODY_CELSIUS - tip) * (sqrt(load / least) - 1.0)
    over = memory.over_since_ms if memory.over_since_ms is not None else seen.at_ms
    return ModelMemory(
        started_ms=memory.started_ms,
        held_ms=since,
        last_ms=seen.at_ms,
        load=load,
        least_load=least,
        residual_celsius=colder,
        over_since_ms=over if colder > limits.model.residual_celsius else None,
    )


def _held(seen: Observation, tip: float, facts: Facts, limits: Limits) -> bool:
    # Where it is not held, another row says so; and of very little flow the sensor cannot tell.
    target = facts.target_celsius
    return (
        facts.at_target
        and target is not None
        and seen.state is DeviceState.FREEZING
        and tip <= target + limits.freeze.held_above_target_celsius
        and seen.valve_percent >= limits.flow.least_valve_percent
    )


def model_residual(memory: ModelMemory, facts: Facts, limits: Limits) -> Finding | None:
    """Held by much more gas than before in the same freeze, for residual_ms. It goes on."""
    seen, since = facts.observation, memory.over_since_ms
    if seen is None or since is None or seen.at_ms - since < limits.model.residual_ms:
        return None
    return Finding("model_residual", f" about {memory.residual_celsius:.0f} °C")

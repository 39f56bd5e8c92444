"""The gas that holds a target tells of a tip that is colder than it reads.

While a target is held, the ice about the tip grows and lets less and less heat through: the flow
that holds it may only fall. The heat goes with the flow, and in tissue and water with about the
square of how far the tip is under the body's temperature (steady holds of the simulator at -30,
-50 and -70 °C: 44, 78 and 116 mg/s). So flow / (37 °C - tip)² must not grow; where it does, the tip
is colder than it reads, or cold is lost on its way.
"""

from math import exp, sqrt
from typing import Final

import msgspec

from console.model.alarm import Priority
from console.model.device import DeviceState
from console.model.observation import BODY_CELSIUS
from console.safety.interlock import Found, Interlock, Moment, SafeState, Suppression, Watch
from console.safety.interlocks.orifice_blocked import LEAST_PERCENT
from console.safety.interlocks.target_missed import HELD_ABOVE_TARGET
from console.safety.limits import Limit, Tighter
from console.safety.watches import lasted, timer

RESIDUAL_CELSIUS: Final = Limit("model.residual_celsius", 15.0, Tighter.LOWER, 8.0)
FOR_MS: Final = Limit("model.residual_ms", 5_000, Tighter.LOWER, 3_000)
MEAN_MS: Final = Limit("model.mean_ms", 5_000)
"""Time constant of the mean that is judged."""
SETTLE_MS: Final = Limit("model.settle_ms", 10_000)
"""At target, before the least is taken."""
CLEARS_BELOW_CELSIUS: Final = Limit("model.clears_below_celsius", 6.0)


class _Memory(msgspec.Struct, frozen=True):
    """Of one freeze; device times. `load`: flow / (37 °C - tip)², a running mean in mg/s/K²;
    `least_load` its least; `residual_celsius` how much colder the tip would be if the load had
    stayed that."""

    held_ms: int | None = None  # since when it has been held
    last_ms: int = 0
    load: float = 0.0
    least_load: float | None = None
    residual_celsius: float = 0.0
    over_since_ms: int | None = None


def _remember(memory: _Memory, now: Moment) -> _Memory:
    seen = now.seen
    if seen is None:
        return memory
    if now.signals.new_freeze:
        memory = _Memory()
    load = _load(now)
    if load is None:
        return msgspec.structs.replace(
            memory, last_ms=seen.at_ms, residual_celsius=0.0, over_since_ms=None
        )
    since = memory.held_ms
    if since is None:
        since = seen.at_ms
    else:
        gain = 1.0 - exp((memory.last_ms - seen.at_ms) / now.limits[MEAN_MS])
        load = memory.load + (load - memory.load) * gain
    least = memory.least_load
    if seen.at_ms - since >= now.limits[SETTLE_MS]:
        least = load if least is None else min(least, load)
    colder = _colder(load, least, now)
    over = timer(memory.over_since_ms, now, holds=colder > now.limits[RESIDUAL_CELSIUS])
    return _Memory(since, seen.at_ms, load, least, colder, over)


def _load(now: Moment) -> float | None:
    # Where the target is not held, another interlock says so; and of very little flow the sensor
    # cannot tell.
    seen, tip, target = now.seen, now.tip, now.facts.target_celsius
    if seen is None or tip is None or target is None or seen.flow_mg_s is None:
        return None
    held = (
        now.facts.at_target
        and now.state is DeviceState.FREEZING
        and tip <= target + now.limits[HELD_ABOVE_TARGET]
        and seen.valve_percent >= now.limits[LEAST_PERCENT]
    )
    return seen.flow_mg_s / (BODY_CELSIUS - tip) ** 2 if held else None


def _colder(load: float, least: float | None, now: Moment) -> float:
    if least is None or now.tip is None:
        return 0.0
    return (BODY_CELSIUS - now.tip) * (sqrt(load / least) - 1.0)


def _judge(memory: _Memory, now: Moment) -> Found | None:
    if not lasted(memory.over_since_ms, now, FOR_MS):
        return None
    return Found(values={"colder": memory.residual_celsius})


INTERLOCK: Final = Interlock(
    id="model_residual",
    hazard="the tip is colder than it reads",
    cause="the thermocouple drifts in a freeze, or cold is lost on its way to the tip",
    hears=(
        Watch(
            _Memory(),
            _remember,
            _judge,
            keeps=lambda memory, now: memory.residual_celsius > now.limits[CLEARS_BELOW_CELSIUS],
            judged=lambda now: now.facts.freeze_started_ms is not None,
        ),
    ),
    threshold="while the target is held: over {model.residual_ms} ms the flow tells of a tip "
    "more than {model.residual_celsius} °C colder than it reads, by the least flow of the same "
    "freeze",
    reaction_ms=None,
    state=SafeState.NONE,
    priority=Priority.LOW,
    happened="The tip may be about {colder:°C} colder than it reads",
    to_do="It needs more gas than before. Freezing goes on: watch the ice, end early if it "
    "grows too far.",
    done="It needs more gas than before. Freezing goes on: watch the ice, end early if it grows "
    "too far.",
    residual="A reading that drifts towards the cold is not found by its flow, which falls in "
    "health too; nor is a drift that was there before the freeze and agreed with the room.",
    suppressed_by=(Suppression("fails_to_cool"), Suppression("target_missed")),
    limits=(RESIDUAL_CELSIUS, FOR_MS, MEAN_MS, SETTLE_MS, CLEARS_BELOW_CELSIUS),
)

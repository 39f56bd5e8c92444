"""The snapshot: everything the screen shows, made from the core's state."""

from typing import Final

from console.control.state import State
from console.model.alarm import AlarmEntry
from console.model.cylinder import enough
from console.model.quantities import LITRES_PER_GRAM
from console.model.snapshot import Control, GasView, LinkView, Snapshot
from console.procedure import cylinder, requests, view
from console.safety import readiness
from console.safety.alarms import to_acknowledge
from console.safety.interlocks import over_cool

_ESTIMATE_OLD_MS: Final = 5_000
"""An estimate comes each second; an older one says nothing of now."""


def snapshot(
    state: State, now_ms: float, journal: str | None, alarm_log: tuple[AlarmEntry, ...] = ()
) -> Snapshot:
    """The snapshot of this moment; takes the samples and events gathered since the last one."""
    state.snapshots += 1
    conditions = state.conditions(now_ms)
    proc = state.procedure
    controls = requests.controls(proc, conditions)
    if to_acknowledge(state.alarms):
        controls["acknowledge"] = Control("Acknowledge")
    age_ms = state.age_ms(now_ms)
    samples, state.samples = tuple(state.samples), []
    events, state.events = tuple(state.events), []
    counters = state.link.counters
    left = cylinder.left(proc, state.cylinder)
    released_g = proc.released_mg / 1000
    below_target = state.config.limits[over_cool.BELOW_TARGET]
    return Snapshot(
        number=state.snapshots,
        link=LinkView(
            state.link_state,
            state.config.port,
            state.link_words,
            state.device,
            counters.good,
            counters.bad,
            counters.gaps,
            counters.repeats,
        ),
        procedure=view.view(proc, conditions, _free_in_s(state)),
        observation=state.observation,
        age_s=None if age_ms is None else age_ms / 1000,
        stale=not conditions.fresh,
        device_now_ms=state.device_now_ms(now_ms),
        controls=controls,
        alarms=state.alarms,
        interlocks=readiness.lights(state.scene(now_ms), state.config.limits),
        gas=GasView(
            released_g,
            released_g * LITRES_PER_GRAM,
            state.cylinder,
            left,
            enough(left, cylinder.planned_s(proc) or 0.0),
        ),
        estimate=state.estimate,
        lowest_allowed_celsius=(
            proc.plan.target_celsius - below_target if proc.plan is not None else None
        ),
        journal=journal,
        samples=samples,
        events=events,
        alarm_log=alarm_log,
    )


def _free_in_s(state: State) -> float | None:
    """Until the probe is free, by an estimate of now; None where the thaw is not passive."""
    seen, estimate = state.observation, state.estimate
    if seen is None or estimate is None or estimate.free_in_s is None:
        return None
    age_ms = seen.at_ms - estimate.at_ms
    if seen.valve_open or seen.warming or not 0 <= age_ms <= _ESTIMATE_OLD_MS:
        return None
    return max(0.0, estimate.free_in_s.value - age_ms / 1_000)

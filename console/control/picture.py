"""The snapshot: everything the screen shows, made from the core's state."""

from typing import Final

from console.control.state import State
from console.model.alarm import AlarmEntry
from console.model.cylinder import enough
from console.model.snapshot import Control, GasView, LinkView, Phase, Snapshot
from console.procedure import cylinder, requests, view
from console.safety import readiness
from console.safety.alarms import to_acknowledge

LITRES_PER_GRAM: Final = {"n2o": 0.546, "co2": 0.546}
"""At 20 °C and 1 atm: 24.06 L/mol over 44.01 g/mol, the same for both gases."""


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
    gas = state.device.gas.value if state.device is not None else "n2o"
    thawing = proc.phase in (Phase.THAWING, Phase.RELEASING, Phase.STOPPED)
    free_in_s = state.estimate.free_in_s if state.estimate is not None and thawing else None
    below_target = state.config.limits.freeze.over_cool_below_target_celsius
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
        procedure=view.view(proc, conditions, free_in_s),
        observation=state.observation,
        age_s=None if age_ms is None else age_ms / 1000,
        stale=not conditions.fresh,
        device_now_ms=state.device_now_ms(now_ms),
        controls=controls,
        alarms=state.alarms,
        interlocks=readiness.lights(state.scene(now_ms), state.config.limits),
        gas=GasView(
            released_g,
            released_g * LITRES_PER_GRAM[gas],
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

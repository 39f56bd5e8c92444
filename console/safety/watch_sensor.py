"""Watches of the tip's reading and of the flow that must explain it. Pure."""

import msgspec

from console.model.device import DeviceState
from console.model.observation import Observation
from console.safety.facts import Facts, Finding
from console.safety.limits import Limits


class SensorMemory(msgspec.Struct, frozen=True):
    """Device times. `moved_ms`: of the valve's last opening or shutting for a freeze; `still_ms`:
    since when the tip stands within stuck_celsius of `anchor_celsius`; `tips`: the last three."""

    tips: tuple[float | None, ...] = ()
    jumped: bool = False
    cold_frames: int = 0
    freezing: bool | None = None
    moved_ms: int | None = None
    anchor_celsius: float | None = None
    still_ms: int = 0
    blocked_since_ms: int | None = None


def remember(memory: SensorMemory, facts: Facts, limits: Limits) -> SensorMemory:
    """The memory after a new observation."""
    seen = facts.observation
    if seen is None:
        return memory
    tip = seen.tip_celsius
    freezing = seen.state is DeviceState.FREEZING
    moved = memory.freezing is not None and memory.freezing is not freezing
    anchor, still_ms = memory.anchor_celsius, memory.still_ms
    if tip is None or anchor is None or abs(tip - anchor) >= limits.sensor.stuck_celsius:
        anchor, still_ms = tip, seen.at_ms
    tips = (*memory.tips, tip)[-3:]
    since = memory.blocked_since_ms if memory.blocked_since_ms is not None else seen.at_ms
    cold = (
        tip is not None and facts.gas is not None and tip < limits.of(facts.gas).impossible_celsius
    )
    return SensorMemory(
        tips=tips,
        jumped=_jumped(tips, limits.sensor.jump_celsius),
        cold_frames=memory.cold_frames + 1 if cold else 0,
        freezing=freezing,
        moved_ms=seen.at_ms if moved else memory.moved_ms,
        anchor_celsius=anchor,
        still_ms=still_ms,
        blocked_since_ms=since if _blocked(seen, facts, limits) else None,
    )


def temperature_impossible(memory: SensorMemory, facts: Facts, limits: Limits) -> Finding | None:
    """Colder than the gas can boil at 1 bar in two frames, or far away and back between frames."""
    if memory.cold_frames < 2 and not memory.jumped:
        return None
    return Finding("temperature_impossible")


def thermocouple_stuck(memory: SensorMemory, facts: Facts, limits: Limits) -> Finding | None:
    """The valve has moved, and the tip stands still from within stuck_begins_ms on."""
    seen, moved_ms, sensor = facts.observation, memory.moved_ms, limits.sensor
    if seen is None or seen.tip_celsius is None or moved_ms is None:
        return None
    if not _must_move(seen.tip_celsius, seen.state, facts, limits):
        return None
    began_ms = max(moved_ms, memory.still_ms)
    late = began_ms - moved_ms > sensor.stuck_begins_ms
    if late or seen.at_ms - began_ms < sensor.stuck_ms:
        return None
    return Finding("thermocouple_stuck")


def _must_move(tip: float, state: DeviceState, facts: Facts, limits: Limits) -> bool:
    # A tip that is where the gas takes it, or that was hardly cooled, may well stand still.
    if state is not DeviceState.FREEZING:
        return tip < limits.shut.cold_celsius
    target = facts.target_celsius
    return target is not None and tip > target + limits.freeze.cool_watch_above_target_celsius


def orifice_blocked(memory: SensorMemory, facts: Facts, limits: Limits) -> Finding | None:
    """Valve open, supply good, and much less flow than its duty should give."""
    seen, since = facts.observation, memory.blocked_since_ms
    if seen is None or since is None or seen.at_ms - since < limits.flow.blocked_ms:
        return None
    return Finding("orifice_blocked")


def _blocked(seen: Observation, facts: Facts, limits: Limits) -> bool:
    if facts.gas is None or seen.flow_mg_s is None or seen.supply_kpa is None:
        return False
    if not seen.valve_open or seen.valve_percent < limits.flow.least_valve_percent:
        return False
    if seen.supply_kpa < limits.of(facts.gas).supply_start_kpa[0]:
        return False
    usual = limits.shut.freezing_flow_mg_s * seen.valve_percent / 100
    return seen.flow_mg_s < limits.flow.blocked_share * usual


def _jumped(tips: tuple[float | None, ...], by: float) -> bool:
    if len(tips) < 3:
        return False
    first, spike, last = tips
    if first is None or spike is None or last is None:
        return False
    return spike - max(first, last) >= by or min(first, last) - spike >= by

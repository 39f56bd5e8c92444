"""Evaluates every interlock of the host on one moment. It can only ask for the safe state."""

import msgspec

from console.safety import (
    watch_freeze,
    watch_link,
    watch_model,
    watch_probe,
    watch_sensor,
    watch_shut,
    watch_supply,
)
from console.safety.facts import Facts, Finding
from console.safety.limits import Limits
from console.safety.rows import BY_ID, EXPLAINED_BY, TOLD_AFTER, SafeState
from console.safety.watch_freeze import FreezeMemory
from console.safety.watch_model import ModelMemory
from console.safety.watch_sensor import SensorMemory
from console.safety.watch_shut import ShutMemory
from console.safety.watch_supply import SupplyMemory


class Supervisor(msgspec.Struct, frozen=True):
    """What the watches remember, and which rows stood at the last step."""

    freeze: FreezeMemory = FreezeMemory()
    shut: ShutMemory = ShutMemory()
    standing: tuple[str, ...] = ()
    sensor: SensorMemory = SensorMemory()
    supply: SupplyMemory = SupplyMemory()
    model: ModelMemory = ModelMemory()


def restarted(state: Supervisor) -> Supervisor:
    """After another boot of the device: no time of before can be compared with its new clock. A
    valve that was watched is watched anew, from its first reading."""
    watched = state.shut.was_open or state.shut.shut_ms is not None
    return Supervisor(shut=ShutMemory(was_open=watched), standing=state.standing)


class Verdict(msgspec.Struct, frozen=True):
    """All conditions that are so now; `trip`: the newly found one that asks for SS1, if any."""

    findings: tuple[Finding, ...] = ()
    trip: Finding | None = None


_FREEZE = (
    watch_freeze.over_cool,
    watch_freeze.cooled_past_limit,
    watch_freeze.fails_to_cool,
    watch_freeze.target_missed,
    watch_freeze.freeze_too_long,
    watch_freeze.unexpected_freeze,
    watch_freeze.both_on,
)
_SHUT = (watch_shut.flow_when_shut, watch_shut.tip_unknown)
_SENSOR = (
    watch_sensor.temperature_impossible,
    watch_sensor.thermocouple_stuck,
    watch_sensor.orifice_blocked,
)
_SUPPLY = (watch_supply.supply_warn, watch_supply.supply_unknown)
_MODEL = (watch_model.model_residual,)
_LINK = (
    watch_link.link_lost,
    watch_link.stale,
    watch_link.screen_lost,
    watch_link.host_slept,
    watch_link.stop_unconfirmed,
)
_HOST = (
    watch_probe.probe_unusable,
    watch_probe.probe_moved,
    watch_probe.thermocouple_drift,
    watch_link.command_unanswered,
    watch_link.restarted,
    watch_link.host_error,
    watch_link.record_failed,
)


def step(state: Supervisor, facts: Facts, limits: Limits) -> tuple[Supervisor, Verdict]:
    """The new memory and what is so at this moment."""
    freeze, shut, sensor = state.freeze, state.shut, state.sensor
    supply, model = state.supply, state.model
    if facts.new:
        freeze = watch_freeze.remember(freeze, facts, limits)
        shut = watch_shut.remember(shut, facts, limits)
        sensor = watch_sensor.remember(sensor, facts, limits)
        supply = watch_supply.remember(supply, facts)
        model = watch_model.remember(model, facts, limits)
    found = [watch(freeze, facts, limits) for watch in _FREEZE]
    found += [watch(shut, facts, limits) for watch in _SHUT]
    found += [watch(sensor, facts, limits) for watch in _SENSOR]
    found += [watch(supply, facts, limits) for watch in _SUPPLY]
    found += [watch(model, facts, limits) for watch in _MODEL]
    found += [watch(facts, limits.link) for watch in _LINK]
    found += [watch(facts) for watch in _HOST]
    found += _device(facts)
    by_row: dict[str, Finding] = {}
    for finding in found:
        if finding is None:
            continue
        first = by_row.get(finding.row, finding)
        # What the device says too stands until it is reset there.
        by_device = first.from_device or finding.from_device
        by_row[finding.row] = msgspec.structs.replace(first, from_device=by_device)
    for row, explained in EXPLAINED_BY.items():
        if row in by_row and any(other in by_row for other in explained):
            del by_row[row]
    for row, cause in TOLD_AFTER.items():
        if cause in by_row and row not in state.standing:
            by_row.pop(row, None)
    findings = tuple(by_row.values())
    fresh = [f for f in findings if f.row not in state.standing]
    trip = next((f for f in fresh if BY_ID[f.row].state is SafeState.SS1), None)
    return Supervisor(freeze, shut, tuple(by_row), sensor, supply, model), Verdict(findings, trip)


def _device(facts: Facts) -> list[Finding]:
    seen = facts.observation
    if seen is None or not facts.link_open:
        return []
    return [Finding(fault, from_device=True) for fault in seen.faults if fault in BY_ID]

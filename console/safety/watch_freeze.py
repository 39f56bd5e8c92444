"""Watches of a running freeze. Pure; what must last is remembered in `FreezeMemory`."""

from typing import Final

import msgspec

from console.model.device import DeviceState
from console.safety.facts import Facts, Finding
from console.safety.limits import Limits

UNEXPECTED_FRAMES: Final = 2


class FreezeMemory(msgspec.Struct, frozen=True):
    """Device times since when something is so, None while it is not."""

    started_ms: int | None = None
    start_tip_celsius: float | None = None
    over_cool_since_ms: int | None = None
    past_limit_frames: int = 0
    unexpected_frames: int = 0
    reached: bool = False
    above_since_ms: int | None = None


def remember(memory: FreezeMemory, facts: Facts, limits: Limits) -> FreezeMemory:
    """The memory after a new observation."""
    seen = facts.observation
    if seen is None:
        return memory
    if facts.freeze_started_ms != memory.started_ms:
        memory = FreezeMemory(facts.freeze_started_ms, seen.tip_celsius)
    tip, target, gas = seen.tip_celsius, facts.target_celsius, facts.gas
    # The hold may shut the valve for moments; the freeze goes on.
    freezing = seen.valve_open or seen.state is DeviceState.FREEZING
    over = (
        freezing
        and tip is not None
        and target is not None
        and tip < target - limits.freeze.over_cool_below_target_celsius
    )
    since = memory.over_cool_since_ms if memory.over_cool_since_ms is not None else seen.at_ms
    # Colder than it can be is the sensor's row.
    past = (
        freezing
        and tip is not None
        and gas is not None
        and limits.of(gas).impossible_celsius <= tip < limits.of(gas).lowest_tip_celsius
    )
    above_now = (
        facts.freeze_started_ms is not None
        and seen.state is DeviceState.FREEZING
        and (memory.reached or facts.at_target)
        and tip is not None
        and target is not None
        and tip > target + limits.freeze.held_above_target_celsius
    )
    above = memory.above_since_ms if memory.above_since_ms is not None else seen.at_ms
    # The STOP that follows gives no new grace to what stands already.
    judged = seen.at_ms >= facts.quiet_until_device_ms
    unexpected = (
        seen.valve_open
        and not seen.local_start
        and not facts.gas_wanted
        and (memory.unexpected_frames >= UNEXPECTED_FRAMES or judged)
    )
    return msgspec.structs.replace(
        memory,
        over_cool_since_ms=since if over else None,
        past_limit_frames=memory.past_limit_frames + 1 if past else 0,
        unexpected_frames=memory.unexpected_frames + 1 if unexpected else 0,
        reached=memory.reached or facts.at_target,
        above_since_ms=above if above_now else None,
    )


def over_cool(memory: FreezeMemory, facts: Facts, limits: Limits) -> Finding | None:
    """Colder than target by more than the limit, for over_cool_ms."""
    seen, since = facts.observation, memory.over_cool_since_ms
    if seen is None or since is None or seen.at_ms - since < limits.freeze.over_cool_ms:
        return None
    return Finding("over_cool", f": {_said(seen.tip_celsius)}")


def cooled_past_limit(memory: FreezeMemory, facts: Facts, limits: Limits) -> Finding | None:
    """Colder than any target of this gas, in two frames."""
    seen = facts.observation
    if seen is None or memory.past_limit_frames < 2:
        return None
    return Finding("cooled_past_limit", f": {_said(seen.tip_celsius)}")


def fails_to_cool(memory: FreezeMemory, facts: Facts, limits: Limits) -> Finding | None:
    """Too little fall soon after gas-on, or still far above target late. Rests near the target."""
    seen, target = facts.observation, facts.target_celsius
    if seen is None or target is None or memory.started_ms is None or not seen.valve_open:
        return None
    tip, started = seen.tip_celsius, memory.start_tip_celsius
    freeze = limits.freeze
    if tip is None or tip <= target + freeze.cool_watch_above_target_celsius:
        return None
    on_ms = seen.at_ms - memory.started_ms
    if (
        on_ms >= freeze.cool_fall_ms
        and started is not None
        and started > freeze.cool_started_above_celsius
        and started - tip < freeze.cool_fall_celsius
    ):
        return Finding("fails_to_cool", f": {_said(tip)} after {on_ms / 1000:.0f} s of gas")
    if on_ms >= freeze.cool_late_ms and tip > target + freeze.cool_late_above_target_celsius:
        return Finding("fails_to_cool", f": {_said(tip)} after {on_ms / 1000:.0f} s of gas")
    return None


def target_missed(memory: FreezeMemory, facts: Facts, limits: Limits) -> Finding | None:
    """Not at target late in a freeze, or no longer. It goes on: only the operator is told."""
    seen, started = facts.observation, memory.started_ms
    if seen is None or started is None or seen.state is not DeviceState.FREEZING:
        return None
    said = f": {_said(seen.tip_celsius)}"
    if not memory.reached and seen.at_ms - started >= limits.freeze.reach_ms:
        return Finding("target_missed", said)
    since = memory.above_since_ms
    if since is not None and seen.at_ms - since >= limits.freeze.held_ms:
        return Finding("target_missed", said)
    return None


def freeze_too_long(memory: FreezeMemory, facts: Facts, limits: Limits) -> Finding | None:
    """The valve is open past the commanded end, or for longer than any freeze may last."""
    seen = facts.observation
    if seen is None or not seen.valve_open or memory.started_ms is None:
        return None
    due = facts.freeze_due_ms
    late = due is not None and seen.at_ms > due + limits.freeze.overrun_ms
    if late or seen.at_ms - memory.started_ms > limits.freeze.absolute_ms:
        return Finding("freeze_too_long", f": {(seen.at_ms - memory.started_ms) / 1000:.0f} s")
    return None


def unexpected_freeze(memory: FreezeMemory, facts: Facts, limits: Limits) -> Finding | None:
    """Gas that nobody here asked for and no one at the console declared, in two frames."""
    return Finding("unexpected_freeze") if memory.unexpected_frames >= UNEXPECTED_FRAMES else None


def both_on(memory: FreezeMemory, facts: Facts, limits: Limits) -> Finding | None:
    """Gas and stimulation together."""
    seen = facts.observation
    return Finding("both_on") if seen and seen.valve_open and seen.stimulator_on else None


def _said(tip: float | None) -> str:
    return "---" if tip is None else f"{tip:.1f} °C".replace("-", "−")

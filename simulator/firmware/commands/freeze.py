"""The commands of a freeze: ARM, START, EXTEND, END, THAW."""

from typing import Final

from drivers.link import device as link_device
from drivers.link.codes import Action, Capability, DeviceState, FreezeEnd, Result, Timing
from drivers.link.messages import Arm, End, Extend, StartFreeze, Thaw, to_celsius, to_centikelvin
from simulator.firmware import actions, permits
from simulator.firmware.commands.outcome import Outcome
from simulator.firmware.emit import replace
from simulator.firmware.interlocks.blocks import BLOCKS_GAS
from simulator.firmware.model import Device, Plan
from simulator.firmware.settings import (
    FROM_TARGET_CAP_MS,
    LEASE_FREEZE_MS,
    PLAN_CAP_MS,
    WARMING_STOPS_CELSIUS,
)

WARMEST_TARGET_CELSIUS: Final = -10.0


def arm(device: Device, message: Arm, now_ms: int) -> Outcome:
    """Checks everything and hands out a token."""
    if message.action not in (Action.FREEZE, Action.STIMULATE):
        return device, Result.BAD_VALUE, message.action
    result, value = permits.may(device, Action(message.action), now_ms)
    if result is not Result.DONE:
        return device, result, value
    link, token = link_device.grant(device.link, message.action, now_ms, device.salt)
    return replace(device, link=link), Result.DONE, token.value


def start_freeze(device: Device, message: StartFreeze, now_ms: int) -> Outcome:
    """Gas on, if the token, the plan and every check of ARM are good."""
    link, result = link_device.spend(
        device.link, message.token, Action.FREEZE, message.expires_ms, now_ms
    )
    device = replace(device, link=link)
    if result is not Result.DONE:
        return device, result, 0
    result, value = permits.may_freeze(device, now_ms)
    if result is not Result.DONE:
        return device, result, value
    target = to_celsius(message.target_centikelvin)
    if (
        target is None
        or target > WARMEST_TARGET_CELSIUS
        or message.timing not in (Timing.FROM_START, Timing.FROM_TARGET)
        or not 0 < message.freeze_ms <= message.cap_ms
    ):
        return device, Result.BAD_VALUE, 0
    timing = Timing(message.timing)
    longest = PLAN_CAP_MS if timing is Timing.FROM_START else FROM_TARGET_CAP_MS
    if (
        target < device.settings.coldest_target_celsius
        or message.cap_ms > PLAN_CAP_MS
        or message.freeze_ms > longest
    ):
        return device, Result.BEYOND_LIMIT, 0
    plan = Plan(target, timing, message.freeze_ms, message.cap_ms)
    device = actions.gas_on(device, now_ms, plan)
    return device, Result.DONE, device.freeze.end_ms if device.freeze else 0


def extend(device: Device, message: Extend, now_ms: int) -> Outcome:
    """More time for the running freeze, never past the cap that its START named."""
    freeze = device.freeze
    if freeze is None:
        return device, Result.WRONG_STATE, device.state
    if message.by_ms == 0:
        return device, Result.BAD_VALUE, 0
    plan = replace(freeze.plan, freeze_ms=freeze.plan.freeze_ms + message.by_ms)
    counting = plan.timing is Timing.FROM_START or freeze.at_target_ms is not None
    end_ms = freeze.end_ms + message.by_ms if counting else freeze.end_ms
    latest_ms = freeze.on_ms + plan.cap_ms
    if end_ms > latest_ms or plan.freeze_ms > plan.cap_ms:
        return device, Result.BEYOND_LIMIT, latest_ms
    if plan.timing is Timing.FROM_TARGET and plan.freeze_ms > FROM_TARGET_CAP_MS:
        return device, Result.BEYOND_LIMIT, FROM_TARGET_CAP_MS
    return replace(device, freeze=replace(freeze, plan=plan, end_ms=end_ms)), Result.DONE, end_ms


def end(device: Device, message: End, now_ms: int) -> Outcome:
    """Ends the freeze now."""
    if device.freeze is None:
        return device, Result.WRONG_STATE, device.state
    return actions.gas_off(device, now_ms, FreezeEnd.END_COMMAND), Result.DONE, 0


def thaw(device: Device, message: Thaw, now_ms: int) -> Outcome:
    """Active warming on (while thawing, with a valid tip and a live lease) or off (always)."""
    if not device.settings.capabilities & Capability.ACTIVE_THAW:
        return device, Result.NOT_FITTED, 0
    if message.warming == 0:
        return replace(device, drive=replace(device.drive, warming=False)), Result.DONE, 0
    if message.warming != 1:
        return device, Result.BAD_VALUE, message.warming
    if device.state is not DeviceState.THAWING:
        return device, Result.WRONG_STATE, device.state
    if device.readings.tip_celsius is None:
        return device, Result.SENSOR_INVALID, device.readings.tip_quality
    if device.readings.tip_celsius >= WARMING_STOPS_CELSIUS:
        return device, Result.BEYOND_LIMIT, to_centikelvin(WARMING_STOPS_CELSIUS)
    if device.faults & BLOCKS_GAS:
        return device, Result.FAULT_STANDS, device.faults & BLOCKS_GAS
    if link_device.lease_left_ms(device.link, LEASE_FREEZE_MS, now_ms) == 0:
        return device, Result.NO_LEASE, 0
    if not device.drive.warming:
        drive = replace(device.drive, warming=True)
        device = replace(device, drive=drive, warm_since_ms=None, warming_from_ms=now_ms)
    return device, Result.DONE, 0

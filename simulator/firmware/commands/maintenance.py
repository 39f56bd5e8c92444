"""Maintenance: entered with the switch at the device, while idle; actuators by hand, calibration,
restart."""

from typing import Final

from drivers.link.codes import Capability, DeviceState, Exercise, Result
from drivers.link.device import lease_left_ms
from drivers.link.messages import Calibrate, EnterMaintenance, ExerciseActuator, Reboot
from simulator.firmware import actions
from simulator.firmware.calibration import LIMITS
from simulator.firmware.commands.outcome import Outcome
from simulator.firmware.emit import entered, replace
from simulator.firmware.interlocks.blocks import BLOCKS_GAS, BLOCKS_STIMULATOR
from simulator.firmware.model import Device, Drive, ExerciseRun
from simulator.firmware.settings import LEASE_FREEZE_MS

EXERCISE_CAP_MS: Final = 10_000
EXERCISE_UA_PER_PERCENT: Final = 10
_NEEDS: Final = {
    Exercise.WARMING: Capability.ACTIVE_THAW,
    Exercise.STIMULATOR: Capability.STIMULATOR_CURRENT | Capability.STIMULATOR_VOLTAGE,
}


def enter(device: Device, message: EnterMaintenance, now_ms: int) -> Outcome:
    """Into maintenance (idle, switch on) or out of it (nothing exercised any more)."""
    if message.enter == 0:
        if device.state is not DeviceState.MAINTENANCE:
            return device, Result.WRONG_STATE, device.state
        device = replace(actions.exercise_over(device, now_ms), maintenance=False)
        # Gas moved by hand leaves a cold tip like any other: only the thaw's own rule ends that.
        opened = device.facts.gas_off_ms is not None
        after = DeviceState.THAWING if opened else DeviceState.IDLE
        return entered(device, now_ms, after), Result.DONE, 0
    if message.enter != 1:
        return device, Result.BAD_VALUE, message.enter
    if device.state is not DeviceState.IDLE:
        return device, Result.WRONG_STATE, device.state
    if not device.readings.maintenance_switch:
        return device, Result.SWITCH_NEEDED, 0
    device = replace(device, maintenance=True)
    return entered(device, now_ms, DeviceState.MAINTENANCE), Result.DONE, 0


def exercise(device: Device, message: ExerciseActuator, now_ms: int) -> Outcome:
    """Moves one actuator to `level` percent for a while; level 0 ends what runs."""
    if device.state is not DeviceState.MAINTENANCE:
        return device, Result.MAINTENANCE_ONLY, device.state
    if message.exercise not in tuple(Exercise) or message.level > 100 or message.for_ms == 0:
        return device, Result.BAD_VALUE, 0
    if message.for_ms > EXERCISE_CAP_MS:
        return device, Result.BEYOND_LIMIT, EXERCISE_CAP_MS
    which = Exercise(message.exercise)
    needs = _NEEDS.get(which)
    if needs is not None and not device.settings.capabilities & needs:
        return device, Result.NOT_FITTED, 0
    if message.level == 0 and which is not Exercise.EXHAUST:
        return actions.exercise_over(device, now_ms), Result.DONE, 0
    result, value = _may(device, which)
    if result is not Result.DONE:
        return device, result, value
    if lease_left_ms(device.link, LEASE_FREEZE_MS, now_ms) == 0:
        return device, Result.NO_LEASE, 0
    device = actions.exercise_over(device, now_ms)
    end_ms = now_ms + message.for_ms
    drive = _drive(which, message.level)
    return replace(device, drive=drive, exercise=ExerciseRun(which, end_ms)), Result.DONE, end_ms


def _may(device: Device, which: Exercise) -> tuple[Result, int]:
    """Whether nothing but a lease is missing: what blocks a start blocks the same by hand."""
    blocks = {
        Exercise.VALVE: BLOCKS_GAS, Exercise.WARMING: BLOCKS_GAS,
        Exercise.STIMULATOR: BLOCKS_STIMULATOR,
    }.get(which, 0)  # fmt: skip
    if device.faults & blocks:
        return Result.FAULT_STANDS, device.faults & blocks
    reaches_probe = which in (Exercise.VALVE, Exercise.STIMULATOR)
    if reaches_probe and (device.probe is None or device.readings.probe is None):
        return Result.PROBE_MISSING, 0
    if which is Exercise.WARMING and device.readings.tip_celsius is None:
        return Result.SENSOR_INVALID, device.readings.tip_quality
    return Result.DONE, 0


def _drive(which: Exercise, level: int) -> Drive:
    if which is Exercise.VALVE:
        return Drive(valve_duty=level / 100)
    if which is Exercise.EXHAUST:
        return Drive(exhaust_open=level >= 50)
    if which is Exercise.WARMING:
        return Drive(warming=True)
    return Drive(
        stimulator_on=True,
        amplitude_ua=EXERCISE_UA_PER_PERCENT * level,
        rate_decihertz=20,
        pulse_us=500,
    )


def calibrate(device: Device, message: Calibrate, now_ms: int) -> Outcome:
    """Stores one calibration value, within its limits."""
    if device.state is not DeviceState.MAINTENANCE:
        return device, Result.MAINTENANCE_ONLY, device.state
    if message.index >= len(LIMITS):
        return device, Result.BAD_VALUE, len(LIMITS)
    if abs(message.value) > LIMITS[message.index]:
        return device, Result.BEYOND_LIMIT, LIMITS[message.index]
    memory = device.memory
    values, days = list(memory.calibration), list(memory.calibrated_day)
    values[message.index] = message.value
    days[message.index] = device.settings.today_day
    memory = replace(memory, calibration=tuple(values), calibrated_day=tuple(days))
    return replace(device, memory=memory), Result.DONE, 0


def reboot(device: Device, message: Reboot, now_ms: int) -> Outcome:
    """Answers, then restarts."""
    if device.state is not DeviceState.MAINTENANCE:
        return device, Result.MAINTENANCE_ONLY, device.state
    return replace(device, reboot=True), Result.DONE, 0

"""What the device does to its actuators: gas on and off, stimulation on and off, the safe state."""

from drivers.link.codes import DeviceState, EventCode, FreezeEnd, StopSource, Timing
from simulator.firmware.emit import entered, happened, replace
from simulator.firmware.interlocks.blocks import ISOLATES
from simulator.firmware.model import (
    UNLIMITED_USES,
    Device,
    Drive,
    Facts,
    FreezeRun,
    Plan,
    StimulationRun,
)


def gas_on(device: Device, now_ms: int, plan: Plan, *, local: bool = False) -> Device:
    """Opens the valve for `plan`. Counts a use of the probe once for as long as it stays plugged
    in, so that no limit can pass in the middle of a procedure."""
    end_ms = now_ms + (plan.freeze_ms if plan.timing is Timing.FROM_START else plan.cap_ms)
    memory, probe = device.memory, device.probe
    first_use = probe is not None and memory.counted_probe != probe.serial
    if probe is not None and first_use:
        memory = replace(memory, counted_probe=probe.serial)
        first_use = probe.uses_left != UNLIMITED_USES
        if first_use:
            probe = replace(probe, uses_left=max(0, probe.uses_left - 1))
    device = replace(
        device,
        memory=memory,
        probe=probe,
        use_spent=first_use,
        drive=Drive(valve_duty=1.0),
        freeze=FreezeRun(plan, now_ms, end_ms),
        last_plan=plan,
        local_start=local,
        warm_since_ms=None,
        facts=replace(
            device.facts, gas_on_ms=now_ms, tip_at_on_celsius=device.readings.tip_celsius
        ),
    )
    device = entered(device, now_ms, DeviceState.FREEZING)
    return happened(device, now_ms, EventCode.LOCAL_START) if local else device


def gas_off(device: Device, now_ms: int, why: FreezeEnd) -> Device:
    """Shuts the valve and thaws. Nothing when no freeze runs."""
    freeze = device.freeze
    if freeze is None:
        return device
    device = replace(
        device,
        drive=replace(device.drive, valve_duty=0.0, exhaust_open=True, warming=False),
        freeze=None,
        local_start=False,
        facts=_shut(device, now_ms),
    )
    device = happened(device, now_ms, EventCode.FREEZE_ENDED, why, now_ms - freeze.on_ms)
    return entered(device, now_ms, DeviceState.THAWING)


def _shut(device: Device, now_ms: int) -> Facts:
    return replace(device.facts, gas_off_ms=now_ms, tip_at_off_celsius=device.readings.tip_celsius)


def stimulator_on(device: Device, now_ms: int, run: StimulationRun) -> Device:
    """Switches the stimulator on at amplitude 0."""
    drive = Drive(stimulator_on=True, rate_decihertz=run.rate_decihertz, pulse_us=run.pulse_us)
    device = replace(device, drive=drive, stimulation=run)
    return entered(device, now_ms, DeviceState.STIMULATING)


def stimulator_off(device: Device, now_ms: int, why: FreezeEnd) -> Device:
    """Switches the stimulator off. Nothing when it is off."""
    if device.stimulation is None:
        return device
    drive = replace(device.drive, stimulator_on=False, amplitude_ua=0)
    device = replace(device, drive=drive, stimulation=None)
    device = happened(device, now_ms, EventCode.STIMULATION_ENDED, why)
    return entered(device, now_ms, resting(device))


def resting(device: Device) -> DeviceState:
    """Where the device goes when nothing is left to do."""
    return DeviceState.MAINTENANCE if device.maintenance else DeviceState.IDLE


def test_over(device: Device, now_ms: int, passed: bool, measured: int) -> Device:
    """Ends a self-check with its result. Nothing when none runs."""
    if device.test is None:
        return device
    drive = replace(device.drive, supply_isolated=bool(device.faults & ISOLATES))
    device = replace(device, test=None, drive=drive)
    device = happened(device, now_ms, EventCode.TEST_ENDED, int(passed), measured)
    return entered(device, now_ms, resting(device))


def exercise_over(device: Device, now_ms: int) -> Device:
    """Puts an exercised actuator back."""
    if device.exercise is None:
        return device
    was_open = device.drive.valve_duty > 0
    device = replace(device, exercise=None, drive=Drive())
    return replace(device, facts=_shut(device, now_ms)) if was_open else device


def something_runs(device: Device) -> bool:
    """Whether gas, stimulation, warming, a check or an exercise is on."""
    return (
        device.freeze is not None
        or device.stimulation is not None
        or device.test is not None
        or device.exercise is not None
        or device.drive.warming
        or device.drive.valve_duty > 0
    )


def made_safe(device: Device, now_ms: int, why: FreezeEnd) -> Device:
    """SS1: supply shut, exhaust open, stimulation off, passive thaw."""
    device = gas_off(device, now_ms, why)
    device = stimulator_off(device, now_ms, why)
    device = test_over(device, now_ms, passed=False, measured=0)
    device = exercise_over(device, now_ms)
    safe = Drive(supply_isolated=device.drive.supply_isolated)
    return device if device.drive == safe else replace(device, drive=safe)


def stopped(device: Device, now_ms: int, source: StopSource) -> Device:
    """STOP, from whoever pressed it; tells it when something was on."""
    ran = something_runs(device)
    device = made_safe(device, now_ms, FreezeEnd.STOP)
    return happened(device, now_ms, EventCode.STOPPED, source) if ran else device

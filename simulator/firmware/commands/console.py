"""Commands about the console itself: reset, footswitch, self-checks, telemetry, time scale."""

from typing import Final

from drivers.link.codes import (
    Capability,
    DeviceState,
    EventCode,
    PedalRole,
    Quality,
    Result,
    SimulatedInput,
    TestKind,
)
from drivers.link.messages import Reset, SetPedalRole, SetTelemetryRate, SetTimeScale, Test
from simulator.firmware import simulated
from simulator.firmware.commands.outcome import Outcome
from simulator.firmware.emit import entered, happened, replace
from simulator.firmware.interlocks.reset import reset
from simulator.firmware.model import Device, TestRun
from simulator.firmware.settings import LOWEST_TELEMETRY_IN_LOCKSTEP, LOWEST_TELEMETRY_TO_START

SELF_TEST_MS: Final = 1_000
LEAK_SETTLE_MS: Final = 60_000
LEAK_MEASURE_MS: Final = 30_000


def reset_faults(device: Device, message: Reset, now_ms: int) -> Outcome:
    """Clears what may be cleared; refused with what is left over."""
    return reset(device, now_ms)


def set_pedal_role(device: Device, message: SetPedalRole, now_ms: int) -> Outcome:
    """The footswitch's role; not while something runs."""
    if not device.settings.capabilities & Capability.FOOTSWITCH:
        return device, Result.NOT_FITTED, 0
    if message.role not in (PedalRole.STOP_ONLY, PedalRole.START_AND_STOP):
        return device, Result.BAD_VALUE, message.role
    if device.state not in (DeviceState.IDLE, DeviceState.THAWING, DeviceState.MAINTENANCE):
        return device, Result.WRONG_STATE, device.state
    return replace(device, pedal_role=PedalRole(message.role)), Result.DONE, message.role


def test(device: Device, message: Test, now_ms: int) -> Outcome:
    """Starts a self-check; its result comes as TEST_ENDED. The answer's value is when."""
    if message.test not in (TestKind.SELF, TestKind.SUPPLY_LEAK):
        return device, Result.BAD_VALUE, message.test
    leak_test = message.test == TestKind.SUPPLY_LEAK
    if leak_test and not device.settings.capabilities & Capability.LEAK_TEST:
        return device, Result.NOT_FITTED, 0
    if device.state is not DeviceState.IDLE:
        return device, Result.WRONG_STATE, device.state
    if not leak_test:
        run = TestRun(TestKind.SELF, now_ms, now_ms + SELF_TEST_MS)
        device = replace(device, test=run)
    else:
        if device.readings.supply_kpa is None:
            own = Quality.OUT_OF_RANGE
            value = simulated.quality(device, SimulatedInput.SUPPLY, own)
            return device, Result.SENSOR_INVALID, value
        # Gas that has just flowed leaves the cylinder cold: the pressure would rise by itself.
        off_ms = device.facts.gas_off_ms
        from_ms = now_ms if off_ms is None else max(now_ms, off_ms + LEAK_SETTLE_MS)
        run = TestRun(TestKind.SUPPLY_LEAK, from_ms, from_ms + LEAK_MEASURE_MS)
        device = replace(device, test=run, drive=replace(device.drive, supply_isolated=True))
    return entered(device, now_ms, DeviceState.TESTING), Result.DONE, run.end_ms


def set_telemetry_rate(device: Device, message: SetTelemetryRate, now_ms: int) -> Outcome:
    """How often telemetry comes; in lockstep never slower than its blocks."""
    rate = message.per_second
    if not 1 <= rate <= 50:
        return device, Result.BAD_VALUE, rate
    if device.settings.lockstep and rate < LOWEST_TELEMETRY_IN_LOCKSTEP:
        return device, Result.TELEMETRY_TOO_SLOW, LOWEST_TELEMETRY_IN_LOCKSTEP
    runs = device.state in (DeviceState.FREEZING, DeviceState.STIMULATING)
    if runs and rate < LOWEST_TELEMETRY_TO_START:
        return device, Result.TELEMETRY_TOO_SLOW, LOWEST_TELEMETRY_TO_START
    due_ms = now_ms + 1_000 // rate
    return replace(device, telemetry_per_second=rate, telemetry_due_ms=due_ms), Result.DONE, rate


def set_time_scale(device: Device, message: SetTimeScale, now_ms: int) -> Outcome:
    """How fast device time runs against the wall; simulated devices only."""
    if not device.settings.simulated:
        return device, Result.NOT_FITTED, 0
    most = 60_000 if device.settings.lockstep else 1_000
    if message.hundredths > most:
        return device, Result.BEYOND_LIMIT, most
    if message.hundredths != device.time_scale_hundredths:
        device = replace(device, time_scale_hundredths=message.hundredths)
        device = happened(device, now_ms, EventCode.TIME_SCALE, 0, message.hundredths)
    return device, Result.DONE, message.hundredths

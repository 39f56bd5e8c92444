"""Every command of version 1 but HELLO, HEARTBEAT, STOP and EVENT_ACK, and what answers it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from drivers.link.codes import Result
from drivers.link.messages import (
    Arm,
    Calibrate,
    End,
    EnterMaintenance,
    ExerciseActuator,
    Extend,
    Message,
    ReadCalibration,
    ReadLog,
    ReadProbe,
    Reboot,
    Reset,
    SetAmplitude,
    SetPedalRole,
    SetTelemetryRate,
    SetTimeScale,
    SimulateInput,
    StartFreeze,
    StartStimulation,
    StimulationOff,
    Test,
    Thaw,
)
from simulator.firmware import simulated
from simulator.firmware.commands import console, freeze, maintenance, reading, stimulate
from simulator.firmware.commands.outcome import Outcome
from simulator.firmware.model import Device

# Each handler takes the message of its own row: the table is what makes that true.
HANDLERS: Final[Mapping[type[Message], Callable[[Device, Any, int], Outcome]]] = {
    Arm: freeze.arm,
    StartFreeze: freeze.start_freeze,
    Extend: freeze.extend,
    End: freeze.end,
    Thaw: freeze.thaw,
    StartStimulation: stimulate.start_stimulation,
    SetAmplitude: stimulate.set_amplitude,
    StimulationOff: stimulate.stimulation_off,
    Reset: console.reset_faults,
    SetPedalRole: console.set_pedal_role,
    Test: console.test,
    SetTelemetryRate: console.set_telemetry_rate,
    SetTimeScale: console.set_time_scale,
    ReadProbe: reading.read_probe,
    ReadCalibration: reading.read_calibration,
    ReadLog: reading.read_log,
    EnterMaintenance: maintenance.enter,
    ExerciseActuator: maintenance.exercise,
    Calibrate: maintenance.calibrate,
    Reboot: maintenance.reboot,
    SimulateInput: simulated.simulate,
}


def execute(device: Device, message: Message, now_ms: int) -> Outcome:
    """Does what `message` commands, or refuses it."""
    handler = HANDLERS.get(type(message))
    if handler is None:
        return device, Result.UNKNOWN_COMMAND, 0
    return handler(device, message, now_ms)

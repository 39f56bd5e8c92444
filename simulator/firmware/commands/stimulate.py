"""The commands of a stimulation."""

from typing import Final

from drivers.link import device as link_device
from drivers.link.codes import Action, FreezeEnd, Result, StimulationKind
from drivers.link.messages import SetAmplitude, StartStimulation, StimulationOff
from simulator.firmware import actions, permits
from simulator.firmware.commands.outcome import Outcome
from simulator.firmware.emit import replace
from simulator.firmware.model import Device, StimulationRun
from simulator.firmware.settings import STIMULATION_CAP_UA

RATES: Final = {StimulationKind.SENSORY: (500, 1_000), StimulationKind.MOTOR: (10, 50)}
"""Slowest and fastest, in tenths of a hertz."""
PULSE_US: Final = (100, 1_000)


def start_stimulation(device: Device, message: StartStimulation, now_ms: int) -> Outcome:
    """Stimulator on at amplitude 0."""
    link, result = link_device.spend(
        device.link, message.token, Action.STIMULATE, message.expires_ms, now_ms
    )
    device = replace(device, link=link)
    if result is not Result.DONE:
        return device, result, 0
    result, value = permits.may_stimulate(device, now_ms)
    if result is not Result.DONE:
        return device, result, value
    if message.kind not in (StimulationKind.SENSORY, StimulationKind.MOTOR):
        return device, Result.BAD_VALUE, 0
    slowest, fastest = RATES[StimulationKind(message.kind)]
    if (
        not slowest <= message.rate_decihertz <= fastest
        or not PULSE_US[0] <= message.pulse_us <= PULSE_US[1]
    ):
        return device, Result.BAD_VALUE, 0
    if message.limit_ua > STIMULATION_CAP_UA:
        return device, Result.BEYOND_LIMIT, STIMULATION_CAP_UA
    run = StimulationRun(now_ms, message.limit_ua, message.rate_decihertz, message.pulse_us)
    return actions.stimulator_on(device, now_ms, run), Result.DONE, 0


def set_amplitude(device: Device, message: SetAmplitude, now_ms: int) -> Outcome:
    """The amplitude to ramp to."""
    run = device.stimulation
    if run is None:
        return device, Result.WRONG_STATE, device.state
    if message.amplitude_ua > run.limit_ua:
        return device, Result.BEYOND_LIMIT, run.limit_ua
    run = replace(run, wanted_ua=message.amplitude_ua)
    return replace(device, stimulation=run), Result.DONE, message.amplitude_ua


def stimulation_off(device: Device, message: StimulationOff, now_ms: int) -> Outcome:
    """Stimulator off; done in every state."""
    return actions.stimulator_off(device, now_ms, FreezeEnd.END_COMMAND), Result.DONE, 0

"""The device as a pure machine: boot, hear a frame, let a moment pass. Time is passed in; what is
to be sent, and a wish to restart, stand in the device that comes back."""

import random

from drivers.link import device as link_device
from drivers.link.codes import DeviceState, Fault, FreezeEnd, Result, StopSource
from drivers.link.frame import Frame
from drivers.link.messages import Answer, Message, Stop
from simulator.firmware import actions, inputs, running, simulated, telemetry
from simulator.firmware.calibration import calibrated
from simulator.firmware.commands import execute
from simulator.firmware.emit import event_frame, replace, sent
from simulator.firmware.facts import observed
from simulator.firmware.interlocks.watch import isolated_as_needed, watched
from simulator.firmware.model import Device, Memory, Out, Readings
from simulator.firmware.settings import (
    CONTROL_MS,
    LEASE_FREEZE_MS,
    LEASE_STIMULATION_MS,
    STIMULATION_CAP_MS,
    Settings,
)


def booted(
    settings: Settings,
    memory: Memory,
    readings: Readings,
    *,
    seed: int,
    time_scale_hundredths: int = 100,
    by_watchdog: bool = False,
) -> Device:
    """The device at its time 0: all outputs safe, idle, faults that only an engineer clears still
    there, the probe read. Boot id and token salt are drawn from `seed` and the count of boots."""
    chance = random.Random(f"boot {memory.boots} of {seed}")
    device = Device(
        settings=settings,
        memory=replace(memory, boots=memory.boots + 1),
        boot_id=chance.getrandbits(32) or 1,
        salt=chance.getrandbits(32),
        faults=memory.faults | (Fault.WATCHDOG.value if by_watchdog else 0),
        readings=calibrated(readings, memory.calibration),
        probe=readings.probe,
        pedal_down=readings.pedal_down,
        stop_line=readings.stop_line,
        time_scale_hundredths=time_scale_hundredths,
        telemetry_due_ms=1_000 // 20,
    )
    return telemetry.told(isolated_as_needed(device), 0)


def heard(device: Device, frame: Frame, now_ms: int) -> Device:
    """The device after one good frame from the host."""
    link, verdict = link_device.hear(device.link, frame, now_ms)
    device = replace(device, link=link)
    match verdict:
        case link_device.Opened(frame, renewed):
            return _opened(device, frame, renewed, now_ms)
        case link_device.Reply(reply):
            return sent(device, reply)
        case link_device.Command(message, frame):
            return _commanded(device, message, frame, now_ms)
        case _:
            return device


def _opened(device: Device, frame: Frame, renewed: bool, now_ms: int) -> Device:
    if renewed:
        return _answered(device, frame, telemetry.welcome(device), now_ms, at=len(device.out))
    # Nobody inherits gas or current: whatever the last host had on goes off first.
    place = len(device.out)
    device = simulated.all_over(device, now_ms)
    device = actions.made_safe(device, now_ms, FreezeEnd.NEW_SESSION)
    device = _answered(device, frame, telemetry.welcome(device), now_ms, at=place)
    return telemetry.told(isolated_as_needed(device), now_ms)


def _commanded(device: Device, message: Message, frame: Frame, now_ms: int) -> Device:
    place = len(device.out)
    if isinstance(message, Stop):
        device = isolated_as_needed(actions.stopped(device, now_ms, StopSource.HOST))
        answer: Message = Answer(frame.kind, Result.DONE, 0)
        return _answered(device, frame, answer, now_ms, at=place, urgent=True)
    device, result, value = execute(device, message, now_ms)
    answer = Answer(frame.kind, result, value) if isinstance(result, Result) else result
    return _answered(device, frame, answer, now_ms, at=place)


def _answered(
    device: Device, to: Frame, message: Message, now_ms: int, *, at: int, urgent: bool = False
) -> Device:
    # The answer goes before the events that the command has caused.
    link, frame = link_device.answer(device.link, to, message, now_ms)
    out = (*device.out[:at], Out(frame, urgent), *device.out[at:])
    return replace(device, link=link, out=out)


def stepped(device: Device, readings: Readings, now_ms: int) -> Device:
    """The device after `readings` of this moment: timers, interlocks, drives, events, telemetry."""
    device = simulated.went_on(device, now_ms)
    readings = calibrated(readings, device.memory.calibration)
    readings = simulated.read(readings, device.simulated)
    device = replace(device, readings=readings, facts=observed(device, readings, now_ms))
    device = inputs.attended(device, now_ms)
    device = running.went_on(device, now_ms)
    device = watched(device, now_ms)
    device = inputs.identified(device, now_ms)
    if now_ms % CONTROL_MS == 0:
        device = running.driven(device)
    if now_ms >= link_device.RESTART_AFTER_MS and device.state is DeviceState.IDLE:
        device = replace(device, reboot=True)
    device = _repeated(device, now_ms)
    if now_ms >= device.telemetry_due_ms:
        due_ms = device.telemetry_due_ms + 1_000 // device.telemetry_per_second
        device = telemetry.told(replace(device, telemetry_due_ms=due_ms), now_ms)
    return device


def _repeated(device: Device, now_ms: int) -> Device:
    if not device.link.waiting or not device.link.session:
        return device
    link, due = link_device.due_events(device.link, now_ms)
    if not due:
        return device
    device = replace(device, link=link)
    for event in due:
        device = sent(device, event_frame(device, event, now_ms))
    return device


def events_again(device: Device, now_ms: int) -> Device:
    """The device with every waiting event sent again, due or not: its clock stands still."""
    for waiting in device.link.waiting if device.link.session else ():
        device = sent(device, event_frame(device, waiting.event, now_ms))
    return device


def next_moment_ms(device: Device, now_ms: int) -> int:
    """When `stepped` must run next, always later than `now_ms`: the control period, telemetry, and
    to the millisecond the ends of lease, freeze and stimulation."""
    moment = now_ms - now_ms % CONTROL_MS + CONTROL_MS
    ends: tuple[int, ...] = (device.telemetry_due_ms,)
    ends += tuple(one.until_ms for one in device.simulated)
    if device.freeze is not None:
        ends += (device.freeze.end_ms, (device.link.echo_ms or 0) + LEASE_FREEZE_MS)
    if device.stimulation is not None:
        ends += (
            device.stimulation.on_ms + STIMULATION_CAP_MS,
            (device.link.echo_ms or 0) + LEASE_STIMULATION_MS,
        )
    for end in ends:
        if end < moment:
            moment = end if end > now_ms else now_ms + 1
    return moment

"""The device's side of a step: the shipped firmware on hardware that does at once what it is told,
with a tip that is either warm or at its target."""

from typing import Final

import msgspec

from console.modelcheck.numbers import Anew, Used, used
from console.modelcheck.time import FUTURE_MS, NOW_MS, aged, aged_if
from drivers.link.codes import Actuator, Gas, Result
from drivers.link.frame import Frame
from drivers.link.messages import (
    Answer,
    Arm,
    Event,
    Telemetry,
    pack,
    read,
)
from simulator.firmware import core
from simulator.firmware.model import Device, Drive, Facts, Memory, ProbeChip, Readings
from simulator.firmware.settings import settings_for

WARM_CELSIUS: Final = 36.0
TARGET_CELSIUS: Final = -70.0
_SETTINGS: Final = settings_for(Gas.N2O)
_NEW: Final = core.booted(_SETTINGS, Memory(), Readings(), seed=1)
replace = msgspec.structs.replace


def booted(boot_id: int) -> Device:
    """A device just switched on, in the model's time."""
    return _bare(replace(_NEW, boot_id=boot_id, salt=boot_id << 8))


def readings(drive: Drive) -> Readings:
    """What the inputs say of outputs driven so."""
    gas = drive.valve_duty > 0
    return Readings(
        tip_celsius=TARGET_CELSIUS if gas else WARM_CELSIUS,
        flow_mg_s=300.0 * drive.valve_duty if gas else 0.0,
        valve_open=gas,
        exhaust_open=drive.exhaust_open,
        warming=drive.warming,
        supply_isolated=drive.supply_isolated,
        stimulator_on=drive.stimulator_on,
        delivered_ua=drive.amplitude_ua,
    )


def heard(device: Device, frame: Frame) -> tuple[Device, tuple[Frame, ...]]:
    """After one frame from the host, and what it says to it."""
    return _said(core.heard(device, frame, NOW_MS))


def ticked(device: Device) -> tuple[Device, tuple[Frame, ...]]:
    """After a tick: timers, interlocks, one telemetry frame."""
    device = _aged(device)
    return _said(core.stepped(device, readings(device.drive), NOW_MS))


def numbers(device: Device) -> Used:
    """The numbers that it uses."""
    link = device.link
    return used(Frame(Telemetry.KIND, link.sequence, link.session, 0, b""), link.answered)


def renumbered(device: Device, anew: Anew) -> Device:
    """With other numbers."""
    link = device.link
    link = replace(
        link,
        session=anew.session(link.session),
        past=tuple(sorted(anew.session(each) for each in link.past)),
        sequence=anew.sequence(link.sequence),
        answered=anew.frame(link.answered) if link.answered is not None else None,
    )
    return replace(device, link=link)


def forgot(device: Device, past: tuple[int, ...], *, answer: bool, session: bool) -> Device:
    """Without what can make no difference any more: left sessions but `past`, the last answer, the
    count of a session that nobody uses."""
    link = replace(device.link, past=past)
    if answer or session:
        link = replace(link, answered=None)
    return replace(device, link=replace(link, sequence=0) if session else link)


def _said(device: Device) -> tuple[Device, tuple[Frame, ...]]:
    # Events tell why, never what: they are left out of the model.
    frames = tuple(_plain(out.frame, device) for out in device.out if out.frame.kind != Event.KIND)
    return _bare(device), frames


def _plain(frame: Frame, device: Device) -> Frame:
    """The frame without what only counts down, and numbered by nothing but its time."""
    message = read(frame)
    if isinstance(message, Telemetry):
        message = replace(
            message,
            actuators=message.actuators & ~Actuator.ARMED,
            remaining_freeze_ms=0,
            remaining_lease_ms=0,
            valve_percent=0,
        )
        return replace(frame, sequence=0, payload=pack(message))
    if isinstance(message, Answer):
        # To the host every refusal is alike, and of values only a token means anything.
        done, token = message.result == Result.DONE, message.command == Arm.KIND
        result, value = Result.DONE if done else Result.WRONG_STATE, message.value
        message = Answer(message.command, result, value if done and token else 0)
        return replace(frame, device_ms=0, payload=pack(message))
    return replace(frame, device_ms=0)


def _bare(device: Device) -> Device:
    """Without the history that no rule of the model looks at, so that like states are equal."""
    answered = device.link.answered
    if answered is not None:
        answered = _plain(answered, device)
    link = replace(device.link, answered=answered, next_event=1, waiting=())
    drive = device.drive
    if drive.valve_duty > 0:
        drive = replace(drive, valve_duty=1.0)
    freeze = device.freeze
    if freeze is not None:
        freeze = replace(
            freeze, integral=0.0, slope_k_s=0.0, held_celsius=None, near_ms=None, at_target_ms=None
        )
    return replace(
        device,
        link=link,
        drive=drive,
        freeze=freeze,
        memory=Memory(boots=1),
        facts=Facts(),
        readings=readings(drive),
        probe=ProbeChip(),
        last_plan=None,
        warm_since_ms=None,
        since=(),
        standing=0,
        telemetry_due_ms=NOW_MS,
        telemetry_sequence=0,
        use_spent=False,
        out=(),
    )


def _aged(device: Device) -> Device:
    link, freeze, run = device.link, device.freeze, device.stimulation
    token = link.token
    if token is not None:
        token = replace(token, expires_ms=aged(token.expires_ms))
    if freeze is not None:
        freeze = replace(freeze, on_ms=NOW_MS, end_ms=FUTURE_MS)
    if run is not None:
        run = replace(run, on_ms=NOW_MS)  # nothing ends by its own timer
    link = replace(link, token=token, echo_ms=aged_if(link.echo_ms))
    return replace(device, link=link, freeze=freeze, stimulation=run)

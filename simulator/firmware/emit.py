"""Small steps that every other part is made of: say something, enter a state."""

from typing import Final

import msgspec

from drivers.link import device as link_device
from drivers.link.codes import DeviceState, EventCode
from drivers.link.frame import Frame
from drivers.link.messages import Event, LogEntry, pack
from simulator.firmware.model import Device, Out

LOG_KEPT: Final = 256

replace = msgspec.structs.replace


def happened(
    device: Device, now_ms: int, code: EventCode, detail: int = 0, value: int = 0
) -> Device:
    """Tells an event, writes it into the log, and sends it if a session is open."""
    value = max(-0x80000000, min(0x7FFFFFFF, value))
    link, event = link_device.happened(device.link, code, detail, value, now_ms)
    entry = LogEntry(0, 0, code, detail, now_ms, device.boot_id, value)
    memory = replace(device.memory, log=(*device.memory.log, entry)[-LOG_KEPT:])
    device = replace(device, link=link, memory=memory)
    return sent(device, event_frame(device, event, now_ms)) if link.session else device


def event_frame(device: Device, event: Event, now_ms: int) -> Frame:
    """The frame that carries `event` now."""
    return Frame(Event.KIND, event.number, device.link.session, now_ms, pack(event))


def sent(device: Device, frame: Frame) -> Device:
    """Puts `frame` behind what is to be sent."""
    return replace(device, out=(*device.out, Out(frame)))


def entered(device: Device, now_ms: int, state: DeviceState) -> Device:
    """Changes the state, and says so if it is another one."""
    if device.state is state:
        return device
    old = device.state
    device = replace(device, state=state)
    return happened(device, now_ms, EventCode.STATE_CHANGED, state, old)

"""Both ends of a session ready for use in tests."""

from typing import Any

import msgspec

from drivers.link import device, host
from drivers.link.frame import Frame
from drivers.link.messages import Answer, Event, Hello, Message, Telemetry, Welcome, pack
from tests.link.test_link_vectors import message_of
from tests.link.vector_frames import TYPICAL

SESSION = 0x5EED0001
BOOT = 0x0B007001


def made(name: str, **changed: Any) -> Message:
    """A message with its usual fields, some changed."""
    return message_of(name, {**TYPICAL[name], **changed})


def framed(
    message: Message, sequence: int = 0, session: int = SESSION, device_ms: int = 60_000
) -> Frame:
    """A frame around `message`."""
    return Frame(message.KIND, sequence, session, device_ms, pack(message))


def frames(effects: host.Effects) -> list[Frame]:
    """What is to be sent."""
    return [effect.frame for effect in effects if isinstance(effect, host.Send)]


def news(effects: host.Effects) -> list[host.News]:
    """All the rest."""
    return [effect for effect in effects if not isinstance(effect, host.Send)]


def welcomed(
    link: host.HostLink,
    *,
    now_ms: float = 0.0,
    session: int = SESSION,
    flags: int = 0,
    **welcome: Any,
) -> tuple[host.HostLink, host.Effects]:
    """Greets and hears the Welcome."""
    link, _ = host.greet(link, session, now_ms, flags)
    hello = link.hello
    assert hello is not None
    message = made("Welcome", **welcome)
    assert isinstance(message, Welcome)
    return host.hear(link, framed(message, hello.sequence, session), now_ms + 4)


def opened(**welcome: Any) -> host.HostLink:
    """A host in an open session."""
    return welcomed(host.HostLink(), **welcome)[0]


def answered(to: Frame, result: int = 0, value: int = 0, device_ms: int = 60_000) -> Frame:
    """The Answer to a host's frame."""
    return framed(Answer(to.kind, result, value), to.sequence, to.session, device_ms)


def telemetry(sequence: int, device_ms: int, session: int = SESSION, **changed: Any) -> Frame:
    """A telemetry frame."""
    message = made("Telemetry", **changed)
    assert isinstance(message, Telemetry)
    return framed(message, sequence, session, device_ms)


def event(number: int, session: int = SESSION, device_ms: int = 60_000, code: int = 6) -> Frame:
    """An event's frame."""
    return framed(Event(number, code, 1, 60_000, 0), number, session, device_ms)


def listening(session: int = SESSION, sequence: int = 1, **link: Any) -> device.DeviceLink:
    """A device in an open session, `sequence` being HELLO's."""
    hello = made("Hello")
    assert isinstance(hello, Hello)
    opened_link, verdict = device.hear(
        device.DeviceLink(), framed(hello, sequence, session), 60_000
    )
    assert isinstance(verdict, device.Opened)
    return msgspec.structs.replace(opened_link, **link)

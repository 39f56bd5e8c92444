"""The shipped functions without one of their protections, to see that the check would notice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec

from drivers.link import device, host
from drivers.link.codes import Result
from drivers.link.device import START_AHEAD_MS, DeviceLink, Verdict
from drivers.link.frame import Flaw, Frame
from drivers.link.host import HostLink
from drivers.link.messages import UNANSWERED, Answer, Stop, read
from simulator.firmware.interlocks import link as lease_row

_host_hear, _device_hear = host.hear, device.hear


def _endless_lease(link: DeviceLink, lease_ms: int, now_ms: int) -> int:
    return lease_ms


def _any_token(
    link: DeviceLink, value: int, action: int, expires_ms: int, now_ms: int
) -> tuple[DeviceLink, Result]:
    if now_ms > expires_ms:
        return link, Result.EXPIRED
    if expires_ms > now_ms + START_AHEAD_MS:
        return link, Result.BAD_VALUE
    return link, Result.DONE


def _device_any_sequence(link: DeviceLink, frame: Frame, now_ms: int) -> tuple[DeviceLink, Verdict]:
    if frame.session != link.session or frame.kind in UNANSWERED:
        return _device_hear(link, frame, now_ms)
    before = msgspec.structs.replace(link, sequence=frame.sequence - 1 & 0xFFFF)
    return _device_hear(before, frame, now_ms)


def _host_any_sequence(
    link: HostLink, found: Frame | Flaw, now_ms: float
) -> tuple[HostLink, host.Effects]:
    if isinstance(found, Frame):
        message = read(found)
        waits = link.outstanding
        if isinstance(message, Answer) and message.command == Stop.KIND:
            waits = link.stopping  # type: ignore[assignment]
        if isinstance(message, Answer) and waits is not None:
            found = msgspec.structs.replace(
                found, sequence=waits.frame.sequence, session=waits.frame.session
            )
    return _host_hear(link, found, now_ms)


REMOVALS: Final[dict[str, tuple[tuple[Any, str, Any], ...]]] = {
    "lease": ((lease_row, "lease_left_ms", _endless_lease),),
    "token": ((device, "spend", _any_token),),
    "sequence": ((device, "hear", _device_any_sequence), (host, "hear", _host_any_sequence)),
}
"""What is put in the place of what, for each protection."""


@contextmanager
def removed(protection: str | None) -> Iterator[None]:
    """Within it the shipped functions run without `protection`; with None they run as they are."""
    changes = REMOVALS[protection] if protection is not None else ()
    shipped = [(where, name, getattr(where, name)) for where, name, _ in changes]
    for where, name, other in changes:
        setattr(where, name, other)
    try:
        yield
    finally:
        for where, name, own in shipped:
            setattr(where, name, own)

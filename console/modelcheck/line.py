"""Frames on the line: what time, STOP and a restart make of them."""

from typing import Final

import msgspec

from console.modelcheck.time import OLDEST_MS, OTHER_BOOT_MS, aged
from console.modelcheck.world import Sent
from drivers.link.messages import (
    Heartbeat,
    StartFreeze,
    StartStimulation,
    pack,
    read,
)

STARTS: Final = (StartFreeze.KIND, StartStimulation.KIND)
replace = msgspec.structs.replace


def older(sent: Sent) -> Sent | None:
    """A frame to the device a tick later: the device times inside it are older. None for a
    heartbeat that the lease has outrun: heard now or never, it does nothing."""
    message = read(sent.frame)
    if isinstance(message, Heartbeat):
        echo_ms = aged(message.echo_ms)
        return None if echo_ms <= OLDEST_MS else _carrying(sent, Heartbeat(echo_ms))
    if isinstance(message, StartFreeze | StartStimulation):
        return _carrying(sent, replace(message, expires_ms=aged(message.expires_ms)))
    return sent


def of_other_boot(sent: Sent) -> Sent:
    """A frame to the device after its restart: the times inside are in the future of its clock."""
    message = read(sent.frame)
    if isinstance(message, Heartbeat):
        return _carrying(sent, Heartbeat(OTHER_BOOT_MS))
    if isinstance(message, StartFreeze | StartStimulation):
        return _carrying(sent, replace(message, expires_ms=OTHER_BOOT_MS))
    return sent


def _carrying(sent: Sent, message: Heartbeat | StartFreeze | StartStimulation) -> Sent:
    return replace(sent, frame=replace(sent.frame, payload=pack(message)))


def stopped(sent: Sent) -> Sent:
    """The host has asked for STOP since it sent this."""
    return replace(sent, before_stop=True) if sent.frame.kind in STARTS else sent


def voids(stop: Sent, sent: Sent) -> bool:
    """Whether `stop` was asked for after `sent`, which would start something."""
    return sent.before_stop and 0 < sent.frame.sequence < stop.frame.sequence


def voided(sent: Sent, by: Sent) -> Sent:
    """The device has taken in the STOP `by`: what came before it is over."""
    return replace(sent, void=True) if voids(by, sent) else sent


def passed_stop(sent: Sent) -> Sent:
    """A STOP that nobody waits for: it stops, whatever its numbers."""
    return replace(sent, frame=replace(sent.frame, sequence=0, session=0))

"""What a check is: a row with a demand from docs/protocol.md and a function that tries it out."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from drivers.link.codes import Result

if TYPE_CHECKING:
    from drivers.conformance.bench import Bench


class Tier(StrEnum):
    """How much a check does to the device: bytes alone, a short freeze, or all that it can do."""

    CODEC = "codec"
    TRANSPORT = "transport"
    SAFETY = "safety"


class Needs(StrEnum):
    """What a check begins with: an open session, the same with no fault standing (gas may just
    have been on), or a device that has come to rest."""

    SESSION = "session"
    READY = "ready"
    REST = "rest"


class FailedError(Exception):
    """The device does not do what the document demands; the message says what it did."""


class NotApplicableError(Exception):
    """The check cannot be made on this device, or not now; the message says why."""


class PortGoneError(Exception):
    """The port was lost; nothing more can be checked."""


class Check(msgspec.Struct, frozen=True):
    """One row. `section` is a heading of docs/protocol.md, `demand` what it says in one sentence.

    `run` answers what was seen in a few words. It raises FailedError or NotApplicableError.
    """

    id: str
    tier: Tier
    section: str
    demand: str
    run: Callable[["Bench"], str]
    needs: Needs = Needs.SESSION


def named(result: Result | int) -> str:
    """The name of an answer's result."""
    return result.name if isinstance(result, Result) else f"unknown code {result}"


def expect(so: bool, otherwise: str) -> None:
    """Raises FailedError with `otherwise` unless `so`."""
    if not so:
        raise FailedError(otherwise)

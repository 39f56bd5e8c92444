"""What a check is: a row with a demand from docs/protocol.md and a function that tries it out."""

from collections.abc import Callable
from enum import StrEnum

import msgspec

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


class Check(msgspec.Struct, frozen=True):
    """One row. `section` is a heading of docs/protocol.md, `demand` what it says in one sentence.

    `run` answers what was seen in a few words. It raises FailedError or NotApplicableError.
    """

    id: str
    tier: Tier
    section: str
    demand: str
    run: Callable[[Bench], str]
    needs: Needs = Needs.SESSION

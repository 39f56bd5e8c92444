"""What a clinician went on without, giving a reason."""

from enum import StrEnum

import msgspec

LONGEST_REASON = 200
"""Letters of a reason, chosen or in one's own words."""


class OverrideKind(StrEnum):
    """What may be gone on without. Whatever is not here nobody may override."""

    NO_STIMULATION = "no stimulation"
    CONTRACTION = "contraction"
    WEAK_MAPPING = "weak mapping"
    GAS_SHORT = "gas may not finish"
    PAIN_MISSING = "pain score missing"
    REFREEZE = "refreeze before the thaw's end"
    TIME_OUT_ITEM = "time-out item not applicable"


class Overridden(msgspec.Struct, frozen=True):
    """An override as it was given. `freezes`: how many of the session had run by then; `what` was
    missing, in words. How far it holds is told where it is asked for: at this placement of the
    probe, for the next start, for the session."""

    kind: OverrideKind
    site: int
    placement: int
    reason: str
    at_ms: int | None
    freezes: int = 0
    what: str = ""

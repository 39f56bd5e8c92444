"""What a row of the hazard table is."""

from enum import StrEnum
from typing import Final

import msgspec

from console.model.alarm import Priority


class SafeState(StrEnum):
    """What an interlock does."""

    SS1 = "SS1"  # gas shut, exhaust open, stimulation off, passive thaw
    SS2 = "SS2"  # no start
    SS3 = "SS3"  # stimulation off
    HELD = "held"  # the probe is not called free
    NONE = "-"


class Latch(StrEnum):
    """What clears the alarm once its cause is gone."""

    NO = "no"
    OPERATOR = "operator"
    ENGINEER = "engineer"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One hazard: who detects it and when, what follows, and the words for the operator.

    `threshold` is in words; {group.name} stands for a number of limits.toml. `reaction_ms`: from
    the condition to the safe state (or, where there is none, to the alarm), at most, in device
    time; None where nothing runs that must end. `priority` is None where the reaction is a refusal
    or a sign of its own, and no alarm. `happened` and `to_do` are the alarm's two lines; a
    finding's detail is put where {detail} stands. `stimulator`: the trip concerns the stimulator
    (too); gas is concerned by every SS1 and SS2.

    For the hazard document: `cause`, `residual` (the risk that is left, in a sentence) and `tests`
    (evidence beyond what every row of its kind has, see `hazards.tests`) and `not_injected`: why no
    fault of it is injected end to end."""

    id: str
    hazard: str
    cause: str
    detectors: tuple[str, ...]
    threshold: str
    reaction_ms: int | None
    state: SafeState
    priority: Priority | None
    latch: Latch = Latch.NO
    stimulator: bool = False
    happened: str
    to_do: str
    residual: str
    tests: tuple[str, ...] = ()
    not_injected: str = ""

    @property
    def gas(self) -> bool:
        """Whether gas cannot be armed while the row's alarm is not cleared."""
        return self.state in (SafeState.SS1, SafeState.SS2)


DEVICE: Final = ("device",)
HOST: Final = ("host",)
BOTH: Final = ("device", "host")
STAY: Final = "Gas is shut. Do not move the probe until it has thawed."
SENT: Final = "STOP was sent. Do not move the probe. If gas still flows, close the cylinder valve."
CLOSE: Final = "Close the cylinder valve now. Do not move the probe."
ENGINEER: Final = "An engineer must release the console."

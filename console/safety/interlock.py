"""What an interlock is: the facts of a hazard, how it is heard, and the words for the operator."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar

import msgspec

from console.model.alarm import Priority
from console.model.device import DeviceState
from console.model.instruction import Instruction
from console.model.observation import Observation
from console.safety.facts import Facts
from console.safety.limits import Below, Limit, Limits
from console.safety.signals import Signals

M = TypeVar("M")

Value = float | str | None
"""An argument of a text: a number in the unit that its text names, or words. None is unknown."""


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


class Moment(msgspec.Struct, frozen=True):
    """All that an interlock may look at: this moment, the shared past, the limits in force."""

    facts: Facts
    signals: Signals
    limits: Limits

    @property
    def seen(self) -> Observation | None:
        """The newest observation."""
        return self.facts.observation

    @property
    def tip(self) -> float | None:
        """The tip's temperature, °C; None while unknown."""
        return self.facts.observation.tip_celsius if self.facts.observation is not None else None

    @property
    def state(self) -> DeviceState | None:
        """The device's state by the newest observation."""
        return self.facts.observation.state if self.facts.observation is not None else None

    @property
    def freezing(self) -> bool:
        """Whether a freeze runs by the newest observation. The hold may shut the valve for moments,
        and the freeze goes on."""
        seen = self.facts.observation
        return seen is not None and (seen.valve_open or seen.state is DeviceState.FREEZING)


class Found(msgspec.Struct, frozen=True):
    """An interlock's condition holds. `detail` names one of its `details`, `values` are the
    arguments of its texts; `high` raises the priority."""

    detail: str = ""
    values: Mapping[str, Value] = {}
    high: bool = False


class Finding(msgspec.Struct, frozen=True):
    """What was found of one interlock. `by_device`: its fault bit is set, and stands until it is
    reset there. `held`: nothing holds any more; a raised alarm goes on until its time is up."""

    id: str
    found: Found = Found()
    by_device: bool = False
    held: bool = False


class Watch(msgspec.Struct, Generic[M], frozen=True):
    """The host's own eye on a hazard.

    `remember` gives the memory after a new observation; `judge` says whether the condition holds
    now (the raw condition, on which a trip rests). A raised alarm ends when that and `keeps`, a
    wider condition, have not held for `clear_ms` (wall time; in lockstep, the device's); and at
    once where `judged` says that the procedure is not in the phase in which it is judged."""

    initial: M
    remember: Callable[[M, Moment], M]
    judge: Callable[[M, Moment], Found | None]
    keeps: Callable[[M, Moment], bool] | None = None
    judged: Callable[[Moment], bool] | None = None
    clear_ms: float = 10_000.0


class FaultBit(msgspec.Struct, frozen=True):
    """The device's own interlock: it raises the fault bit of the same name, acts, and latches."""


class Refusal(msgspec.Struct, frozen=True):
    """A rule that refuses, or a sign of its own: no condition that the supervisor could look at.
    `by`: who keeps it; `not_injected`: why no fault of it is injected end to end."""

    by: tuple[str, ...]
    not_injected: str = ""


class Mode(StrEnum):
    """For how long another alarm stands for this one."""

    WHILE = "while"
    """While the other's condition holds."""
    AFTERWARDS = "afterwards"
    """And once more when it is gone: the device can report it only then."""
    UNTIL = "until"
    """Held back until the other is over, then raised: it is what the console did about it."""


class Suppression(msgspec.Struct, frozen=True):
    """The alarm is not raised beside that of `by`. Trips ignore this."""

    by: str
    mode: Mode = Mode.WHILE


class Interlock(msgspec.Struct, frozen=True, kw_only=True):
    """One hazard: what follows from it, who hears it, and the words for the operator.

    `threshold` is in words; {group.name} stands for a limit. `reaction_ms`: from the condition to
    the safe state (or, where there is none, to the alarm), at most, in device time; None where
    nothing runs that must end. `priority` is None where the reaction is a refusal or a sign of its
    own. `happened` and `to_do` are the alarm's two lines in the record; on screen `done`, what the
    console did, stands in the place of `to_do`, and `asks` is weighed against all that asks for
    something. {name:unit} in a text stands for an
    argument or a limit (units: `texts.UNITS`); the detail that was found is put where {detail}
    stands. `stimulator`: it concerns the stimulator (too); gas is concerned by every SS1 and SS2.
    `light`: the readiness light that shows the same before a start. `residual`: the risk that is
    left."""

    id: str
    hazard: str
    cause: str
    hears: tuple[Watch[Any] | FaultBit | Refusal, ...]
    threshold: str
    reaction_ms: int | None
    state: SafeState
    priority: Priority | None
    latch: Latch = Latch.NO
    stimulator: bool = False
    light: str | None = None
    happened: str
    details: Mapping[str, str] = {}
    to_do: str
    done: str = ""
    asks: Instruction | None = None
    residual: str
    suppressed_by: tuple[Suppression, ...] = ()
    limits: tuple[Limit, ...] = ()
    relations: tuple[Below, ...] = ()

    @property
    def watch(self) -> Watch[Any] | None:
        """The host's watch, None without one."""
        return next((each for each in self.hears if isinstance(each, Watch)), None)

    @property
    def refusal(self) -> Refusal | None:
        """The rule that refuses, None without one."""
        return next((each for each in self.hears if isinstance(each, Refusal)), None)

    @property
    def has_bit(self) -> bool:
        """Whether the device has a fault bit of this name."""
        return any(isinstance(each, FaultBit) for each in self.hears)

    @property
    def detectors(self) -> tuple[str, ...]:
        """Who detects it: "device", "host", or both."""
        by = self.refusal.by if self.refusal is not None else ()
        device = ("device",) if self.has_bit or "device" in by else ()
        host = ("host",) if self.watch is not None or "host" in by else ()
        return device + host

    @property
    def gas(self) -> bool:
        """Whether gas cannot be armed while the alarm is not cleared."""
        return self.state in (SafeState.SS1, SafeState.SS2)


STAY: Final = "Gas is shut. Do not move the probe until it has thawed."
SENT: Final = "STOP was sent. Do not move the probe. If gas still flows, close the cylinder valve."
CLOSE: Final = "Close the cylinder valve now. Do not move the probe."
ENGINEER: Final = "An engineer must release the console."
SHUT: Final = "Gas is shut. Close the cylinder valve now. "
UNTRUSTED: Final = (
    "Gas is shut. Do not trust the reading: wait at least 5:00 and check on ultrasound before you "
    "move the probe."
)
BLIND: Final = (
    "Wait at least 5:00. Check on ultrasound. Withdraw only if the probe turns and slides without "
    "force."
)
SHUT_AND_BLIND: Final = (
    "Gas is shut. Wait at least 5:00. Check on ultrasound. Withdraw only if it turns and slides "
    "without force."
)
"""No word longer: the alarm bar has two lines for it."""

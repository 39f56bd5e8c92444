"""What the operator must do now, as a value: one at a time, chosen by priority. What the screen
otherwise says are facts, and none may contradict it. Pure."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

WAIT_S: Final = 300.0
"""How long to wait at least while the tip's temperature is unknown (safety table, tip_unknown)."""


class Instruction(StrEnum):
    """From the most urgent to none."""

    CLOSE_UNCONFIRMED = "gas not confirmed off: close the cylinder"
    CLOSE_CYLINDER = "close the cylinder"
    WAIT = "wait: the tip's temperature is not known"
    DO_NOT_MOVE = "do not move the probe"
    MAY_WITHDRAW = "the probe may be withdrawn"
    NONE = "nothing"


URGENT: Final = (Instruction.CLOSE_UNCONFIRMED, Instruction.CLOSE_CYLINDER, Instruction.WAIT)
"""Said alone in the phase line: what else there is to say can wait."""


class Claim(StrEnum):
    """What else a screen may say that an instruction, or another of these, could contradict."""

    CONFIRMED_OFF = "the gas is confirmed off"
    NOT_CONFIRMED_OFF = "the gas is not confirmed off"
    GOES_OFF = "the gas goes off by itself"
    READY = "the next freeze may start"
    START_LOCKED = "the next freeze may not start"
    ALL_READY = "all interlocks are ready"
    ALARM_BLOCKS = "an alarm keeps the gas from starting"
    NO_ALARMS = "no alarm stands"
    ALARM = "an alarm stands"


Said = Instruction | Claim

_CLOSE: Final[tuple[Said, ...]] = (Instruction.CLOSE_UNCONFIRMED, Instruction.CLOSE_CYLINDER)
_STAY: Final[tuple[Said, ...]] = (
    Instruction.CLOSE_UNCONFIRMED,
    Instruction.WAIT,
    Instruction.DO_NOT_MOVE,
)
"""The probe stays. A cylinder that is to be closed for a leak says nothing about the probe."""

_PAIRS: Final[tuple[tuple[Said, Said], ...]] = (
    *((Instruction.MAY_WITHDRAW, each) for each in (*_STAY, Claim.NOT_CONFIRMED_OFF)),
    *((Claim.GOES_OFF, each) for each in (*_CLOSE, Claim.CONFIRMED_OFF)),
    (Claim.CONFIRMED_OFF, Claim.NOT_CONFIRMED_OFF),
    (Claim.CONFIRMED_OFF, Instruction.CLOSE_UNCONFIRMED),
    (Claim.READY, Claim.START_LOCKED),
    (Claim.ALL_READY, Claim.ALARM_BLOCKS),
    (Claim.NO_ALARMS, Claim.ALARM),
)
CONFLICTS: Final = frozenset(frozenset(pair) for pair in _PAIRS)
"""Pairs that never stand on one screen."""


def conflicts(said: Iterable[Said]) -> set[frozenset[Said]]:
    """The pairs among `said` that contradict each other."""
    found = set(said)
    return {pair for pair in CONFLICTS if pair <= found}


def instruct(
    *,
    in_patient: bool,
    gas_unconfirmed: bool,
    tip_known: bool,
    free: bool,
    alarms: Iterable[Instruction] = (),
) -> Instruction:
    """The most urgent of what the moment and its alarms ask for. `in_patient`: from the first
    gas-on of a site until the probe is out; `gas_unconfirmed`: gas may flow, and nobody reads that
    it does not; `tip_known`: by a reading of now."""
    wanted = set(alarms)
    if gas_unconfirmed:
        wanted.add(Instruction.CLOSE_UNCONFIRMED)
    if in_patient:
        wanted.add(
            Instruction.WAIT
            if not tip_known
            else Instruction.MAY_WITHDRAW
            if free
            else Instruction.DO_NOT_MOVE
        )
    return next((each for each in Instruction if each in wanted), Instruction.NONE)


def in_words(instruction: Instruction, waited_s: float | None = None) -> str:
    """For the phase line, in English. `waited_s`: since the gas went off."""
    if instruction is Instruction.WAIT and waited_s is not None and waited_s >= WAIT_S:
        return (
            f"waited {_m_ss(WAIT_S)}: check on ultrasound, withdraw only if the probe turns and "
            "slides without force"
        )
    waited = f" · waited {_m_ss(waited_s)} of {_m_ss(WAIT_S)}" if waited_s is not None else ""
    return {
        Instruction.CLOSE_UNCONFIRMED: (
            "gas NOT confirmed off: close the cylinder · do not move the probe"
        ),
        Instruction.CLOSE_CYLINDER: "close the cylinder now",
        Instruction.WAIT: f"do not move the probe{waited}",
        Instruction.DO_NOT_MOVE: "do not move the probe",
        Instruction.MAY_WITHDRAW: "withdraw only if the probe turns and slides without force",
        Instruction.NONE: "",
    }[instruction]


def _m_ss(seconds: float) -> str:
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"

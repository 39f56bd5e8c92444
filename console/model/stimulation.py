"""The stimulation that is to show where the probe stands: tests, answers, and what they came to.

Amplitudes are microampere on a current-controlled console and millivolt on a voltage-controlled
one, never converted: `unit` says which ("mA" or "V", of which an amplitude is a thousandth)."""

from enum import StrEnum
from typing import Final, Literal

import msgspec

from console.model.observation import FreezeEnd

STEP_UA = 50
"""One step of the amplitude, up or down."""
HOST_CAP_UA = 3_000
LONGEST_S = 60.0
"""The console switches the stimulator off by itself after that."""
PULSE_MS = 0.5
FELT_BY_UA = 500
"""A nerve that is near enough is felt at this or less."""
INSIDE_UNDER_UA = 100
"""Felt under this, the probe may stand inside the nerve."""
USUAL_OHM = (200.0, 1_000.0)


class StimulationKind(StrEnum):
    """Which answer is looked for."""

    SENSORY = "sensory"
    MOTOR = "motor"


class StimulationAnswer(StrEnum):
    """What the operator marks: the patient's words, or a muscle seen."""

    USUAL_AREA = "felt in the usual pain area"
    ELSEWHERE = "felt elsewhere"
    NOT_FELT = "not felt"
    PAINFUL = "painful"
    CONTRACTION = "contraction"
    NO_CONTRACTION = "no contraction"


class AnsweredBy(StrEnum):
    """Who gave an answer."""

    OPERATOR = "operator"
    SIMULATED_PATIENT = "simulated patient"


class Voice(msgspec.Struct, frozen=True):
    """What a simulated patient says and does, at that time of the device's."""

    felt: Literal["nothing", "usual pain area", "elsewhere", "painful"]
    twitch: bool
    at_ms: int


class AmplitudeStep(StrEnum):
    """The three keys of the amplitude."""

    UP = "up"
    DOWN = "down"
    ZERO = "zero"


LEAST_PULSES: Final = 3
"""At an amplitude, before it can be said that no muscle contracts there."""


def least_ms(rate_hz: float) -> float:
    """How long that takes, in ms."""
    return LEAST_PULSES * 1_000 / rate_hz


class StimulationStep(msgspec.Struct, frozen=True):
    """A rung of the ladder: an amplitude that the console has taken, and what it then delivered."""

    at_ms: int
    set_ua: int
    delivered_ua: float | None = None
    impedance_ohm: float | None = None


class StimulationRecord(msgspec.Struct, frozen=True):
    """One test as it ran, in device time. It belongs to a site and a placement of the probe, and
    says nothing about any other. `answered_ua` is the amplitude at which the answer was marked."""

    site: int
    placement: int
    kind: StimulationKind
    unit: str
    rate_hz: float
    pulse_ms: float
    limit_ua: int
    started_ms: int
    steps: tuple[StimulationStep, ...] = ()
    ended_ms: int | None = None
    end: FreezeEnd | None = None
    answer: StimulationAnswer | None = None
    answered_ua: int | None = None
    delivered_ua: float | None = None
    impedance_ohm: float | None = None
    by: AnsweredBy = AnsweredBy.OPERATOR


class StimulationView(msgspec.Struct, frozen=True):
    """The Stimulate screen. `wanted_ua` is what was asked for, `set_ua` what the console has taken,
    None while no test runs; `sensory` and `motor` are this placement's results in words, and
    `unconfirmed` says what still keeps the freeze from starting here."""

    unit: str | None = None
    sensory_hz: float = 50.0
    motor_hz: float = 2.0
    running: StimulationKind | None = None
    wanted_ua: int | None = None
    set_ua: int | None = None
    on_s: float | None = None
    motor_limit_ua: int = 1_000
    sensory: str = ""
    motor: str = ""
    remark: str = ""
    unconfirmed: str | None = None

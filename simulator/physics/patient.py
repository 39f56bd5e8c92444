"""A patient: tissue that is not quite the book's, and nerves that feel, twitch and hurt."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec
import numpy as np

from simulator.physics.material import Material

BODY_CELSIUS: Final = 37.0
_SPREAD = 0.20
_WARMTH_K = 1.0
_BLOCK_CELSIUS = 10.0  # a myelinated nerve stops conducting below about that, and thaws back
_LESION_CELSIUS = -20.0
_LESION_S = 15.0  # time below -20 °C after which 63 % of the relief is there
_PAINFUL_TIMES = 6.0  # this many times the sensory threshold hurts
_FULL_SURE_PULSE_MS = 0.5
_CHRONAXIE_MS = 0.17  # large myelinated fibres, 0.1 to 0.2 ms in the textbooks
_LEAST_PULSE_MS = 0.01
_PATIENT = 0x9A71E27  # draws apart from those of the sensors


class Felt(StrEnum):
    """What the patient says to a sensory stimulus."""

    NOTHING = "nothing"
    USUAL_AREA = "usual pain area"
    ELSEWHERE = "elsewhere"
    PAINFUL = "painful"


class Patient(msgspec.Struct, frozen=True, kw_only=True):
    """One patient; the defaults are the book's.

    conductivity and perfusion are factors on the book's tissue, contact is one on a conductance of
    25,000 W/m2K between metal and tissue (see `probe_grid`). Distances are from the probe's
    side, at mid-length of its active tip: nerve_mm to the sensory nerve that is to be frozen,
    motor_mm to the nearest motor nerve, other_mm to a sensory nerve of another area. Thresholds in
    mA are I0 + k r^2 for pulses of 0.5 ms: the shape is that of Stoney et al., J Neurophysiol 1968;
    31:659; I0 and k (mA, mA/mm2) are set so that a probe at 2.4 mm is felt at 0.5 mA and one inside
    the nerve under 0.1 mA, as product.md has it. No measured set for such probes is known to us.
    """

    conductivity: float = 1.0
    perfusion: float = 1.0
    initial_celsius: float = BODY_CELSIUS
    contact: float = 1.0
    nerve_mm: float = 1.5
    motor_mm: float = 9.0
    other_mm: float = 7.0
    sensory_ma: float = 0.05
    sensory_ma_mm2: float = 0.08
    motor_ma: float = 0.10
    motor_ma_mm2: float = 0.06
    baseline_pain: int = 7

    def tissue(self, book: Material) -> Material:
        """The book's material made this patient's: as much warmer as the patient is."""
        scaled = book.scaled(conductivity=self.conductivity, perfusion=self.perfusion)
        warmer = self.initial_celsius - BODY_CELSIUS
        return msgspec.structs.replace(scaled, arterial_celsius=book.arterial_celsius + warmer)


def draw_patient(seed: int, nerve: int = 1) -> Patient:
    """A patient by seed: factors evenly 20 % around the book, tissue within 1 K of 37 °C; and which
    of the patient's nerves the probe stands at, each with distances, thresholds and pain of its
    own."""
    chance = np.random.default_rng([seed, _PATIENT])

    def around(book: float, share: float = _SPREAD) -> float:
        return float(book * chance.uniform(1.0 - share, 1.0 + share))

    body = Patient(
        conductivity=around(1.0),
        perfusion=around(1.0),
        initial_celsius=float(BODY_CELSIUS + chance.uniform(-_WARMTH_K, _WARMTH_K)),
        contact=around(1.0),
    )
    if nerve > 1:
        chance = np.random.default_rng([seed, _PATIENT, nerve])
    return msgspec.structs.replace(
        body,
        nerve_mm=float(chance.uniform(0.6, 1.9)),
        motor_mm=float(chance.uniform(7.0, 12.0)),
        other_mm=float(chance.uniform(5.0, 10.0)),
        sensory_ma=around(0.05),
        sensory_ma_mm2=around(0.08),
        motor_ma=around(0.10),
        motor_ma_mm2=around(0.06),
        baseline_pain=int(chance.integers(5, 10)),
    )


class Nerve:
    """What has happened to the sensory nerve so far, and what the patient therefore says.

    Feed `advance` with the nerve's temperature. A cooled nerve is silent until it warms; time
    below -20 °C takes the pain away for this procedure, colder or longer adds little (Evans 1981).
    """

    def __init__(self, patient: Patient) -> None:
        self.patient = patient
        self.celsius = patient.initial_celsius
        self.lowest_celsius = patient.initial_celsius
        self.below_s = 0.0
        self._offset_mm = 0.0

    def advance(self, dt_s: float, celsius: float) -> None:
        """The nerve stood at `celsius` for dt_s."""
        self.celsius = celsius
        self.lowest_celsius = min(self.lowest_celsius, celsius)
        if celsius < _LESION_CELSIUS:
            self.below_s += dt_s

    def moved(self, by_mm: float) -> None:
        """The probe now stands that much nearer to the nerve (negative: further away)."""
        self._offset_mm += by_mm
        self.celsius = self.patient.initial_celsius

    @property
    def distance_mm(self) -> float:
        """From the probe's surface to the nerve, 0 where it touches."""
        return max(0.0, self.patient.nerve_mm - self._offset_mm)

    @property
    def lesion(self) -> float:
        """How far the nerve is interrupted, 0 to 1."""
        return 1.0 - float(np.exp(-self.below_s / _LESION_S))

    @property
    def pain(self) -> int:
        """Pain score 0 to 10 that the patient gives now."""
        relief = 1.0 if self.celsius < _BLOCK_CELSIUS else self.lesion
        return round(self.patient.baseline_pain * (1.0 - relief))

    def sensory_threshold_ma(self, pulse_ms: float = _FULL_SURE_PULSE_MS) -> float | None:
        """Current at which it is felt; None while the nerve is silent."""
        if self.celsius < _BLOCK_CELSIUS or self.lesion > 0.9:
            return None
        patient = self.patient
        at = patient.sensory_ma + patient.sensory_ma_mm2 * self.distance_mm**2
        return at * _strength(pulse_ms)

    def motor_threshold_ma(self, pulse_ms: float = _FULL_SURE_PULSE_MS) -> float:
        """Current at which a muscle twitches."""
        patient = self.patient
        distance = max(0.0, patient.motor_mm - self._offset_mm)
        return (patient.motor_ma + patient.motor_ma_mm2 * distance**2) * _strength(pulse_ms)

    def feels(self, amplitude_ma: float, pulse_ms: float = _FULL_SURE_PULSE_MS) -> Felt:
        """The answer to a sensory stimulus of 50 to 100 Hz."""
        own = self.sensory_threshold_ma(pulse_ms)
        if own is not None and amplitude_ma >= own:
            return Felt.PAINFUL if amplitude_ma >= _PAINFUL_TIMES * own else Felt.USUAL_AREA
        patient = self.patient
        other = patient.sensory_ma + patient.sensory_ma_mm2 * patient.other_mm**2
        return Felt.ELSEWHERE if amplitude_ma >= other * _strength(pulse_ms) else Felt.NOTHING

    def twitches(self, amplitude_ma: float, pulse_ms: float = _FULL_SURE_PULSE_MS) -> bool:
        """Whether a motor stimulus of 1 to 5 Hz makes a muscle contract."""
        return amplitude_ma >= self.motor_threshold_ma(pulse_ms)


def _strength(pulse_ms: float) -> float:
    """Strength-duration by Weiss: threshold against that of a 0.5 ms pulse."""
    pulse = max(pulse_ms, _LEAST_PULSE_MS)
    return (1.0 + _CHRONAXIE_MS / pulse) / (1.0 + _CHRONAXIE_MS / _FULL_SURE_PULSE_MS)

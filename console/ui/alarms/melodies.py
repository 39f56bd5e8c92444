"""The sounds as waves, made from code: alarm melodies that follow IEC 60601-1-8, the tone of an own
STOP, the chime of a new phase."""

import io
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from console.model.alarm import Priority

RATE_HZ: Final = 44_100
LEVEL: Final = 0.6
"""Highest sample, of 1.0: below what a small loudspeaker distorts."""
HARMONICS_DB: Final = (0.0, -3.0, -4.0, -6.0, -8.0, -10.0, -12.0)
"""Of each alarm pulse, the fundamental first: at least four lie in 300-4,000 Hz within 15 dB."""
PURE_DB: Final = (0.0, -30.0)
"""Of what is no alarm: soft, and not to be taken for one."""
C4, D4, E4, F4, G4, A4, C5, E5 = 261.6, 293.7, 329.6, 349.2, 392.0, 440.0, 523.3, 659.3


@dataclass(frozen=True)
class Melody:
    """Notes in Hz, each `pulse_s` long, with `gaps_s` between them; played again `pause_s` after
    its end, None for once. The pulse rises in `rise` of its length and falls in as much."""

    notes_hz: tuple[float, ...]
    pulse_s: float
    gaps_s: tuple[float, ...] = ()
    pause_s: float | None = None
    harmonics_db: tuple[float, ...] = HARMONICS_DB
    rise: float = 0.15

    @property
    def length_s(self) -> float:
        """From its begin to its end."""
        return len(self.notes_hz) * self.pulse_s + sum(self.gaps_s)

    @property
    def every_s(self) -> float | None:
        """From one begin to the next."""
        return None if self.pause_s is None else self.length_s + self.pause_s


_HALF: Final = (0.10, 0.10, 0.30, 0.10)

ALARMS: Final = {
    Priority.HIGH: Melody((C4, D4, E4, F4, G4) * 2, 0.15, (*_HALF, 0.60, *_HALF), pause_s=4.0),
    Priority.MEDIUM: Melody((C4, D4, E4), 0.20, (0.20, 0.20), pause_s=7.0),
    Priority.LOW: Melody((E4, C4), 0.20, (0.20,)),
}
STOPPED: Final = Melody((A4,), 0.30, harmonics_db=PURE_DB)
PHASE: Final = Melody((C5, E5), 0.12, (0.05,), harmonics_db=PURE_DB)


def samples(melody: Melody) -> NDArray[np.float64]:
    """Its wave at RATE_HZ, from -LEVEL to LEVEL."""
    parts: list[NDArray[np.float64]] = []
    for number, hertz in enumerate(melody.notes_hz):
        if number:
            parts.append(np.zeros(round(melody.gaps_s[number - 1] * RATE_HZ)))
        parts.append(_pulse(melody, hertz))
    found = np.concatenate(parts)
    level: NDArray[np.float64] = found * (LEVEL / np.abs(found).max())
    return level


def wav(melody: Melody) -> bytes:
    """The same as a WAV file, mono, 16 bit."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.round(samples(melody) * 32_767).astype("<i2").tobytes())
    return held.getvalue()


def _pulse(melody: Melody, hertz: float) -> NDArray[np.float64]:
    at_s = np.arange(round(melody.pulse_s * RATE_HZ)) / RATE_HZ
    tone = np.zeros_like(at_s)
    for number, decibel in enumerate(melody.harmonics_db, 1):
        tone += 10 ** (decibel / 20) * np.sin(2 * np.pi * number * hertz * at_s)
    rise_s = melody.rise * melody.pulse_s
    edge = np.minimum(1.0, np.minimum(at_s, melody.pulse_s - at_s) / rise_s)
    shaped: NDArray[np.float64] = tone * edge
    return shaped


def all_melodies() -> Sequence[Melody]:
    """Every sound that is ever played."""
    return (*ALARMS.values(), STOPPED, PHASE)

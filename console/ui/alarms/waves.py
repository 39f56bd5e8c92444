"""Melodies as waves, made from code."""

import io
import wave
from typing import Final

import numpy as np
from numpy.typing import NDArray

from console.ui.alarms.melodies import Melody

RATE_HZ: Final = 44_100
LEVEL: Final = 0.6
"""Highest sample, of 1.0: below what a small loudspeaker distorts."""


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

"""The sounds, measured from their waves: pulse times, spacing, groups, harmonics, rise."""

import io
import wave
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from console.model.alarm import Priority
from console.ui.alarms.melodies import (
    ALARMS,
    PHASE,
    STOPPED,
    Melody,
    all_melodies,
)
from console.ui.alarms.waves import RATE_HZ, samples, wav

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
Wave = NDArray[np.float64]


def heard(melody: Melody) -> Wave:
    """What the WAV file holds."""
    with wave.open(io.BytesIO(wav(melody))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_768


def envelope(sound: Wave) -> Wave:
    """Its height over time: the highest in the 4 ms round each sample."""
    wide = round(0.004 * RATE_HZ)
    blocks = np.abs(sound[: len(sound) // wide * wide]).reshape(-1, wide).max(axis=1)
    return np.repeat(blocks, wide)


def pulses(sound: Wave) -> list[tuple[float, float]]:
    """(begin, end) in s of each pulse, where its height passes a tenth of the highest."""
    high = envelope(sound) > 0.1 * np.abs(sound).max()
    edges = np.flatnonzero(np.diff(np.concatenate([[0], high.astype(int), [0]])))
    return [(b / RATE_HZ, e / RATE_HZ) for b, e in edges.reshape(-1, 2)]


def spectrum(sound: Wave, pulse: tuple[float, float]) -> tuple[Wave, Wave]:
    """Hz and dB of a pulse."""
    begin, end = (round(s * RATE_HZ) for s in pulse)
    part = sound[begin:end] * np.hanning(end - begin)
    power = np.abs(np.fft.rfft(part, 1 << 17))
    hertz = np.fft.rfftfreq(1 << 17, 1 / RATE_HZ)
    return hertz, 20 * np.log10(power / power.max() + 1e-9)


def level_near(hertz: Wave, decibel: Wave, at: float) -> float:
    return float(decibel[np.abs(hertz - at) < 8.0].max())


def fundamental(sound: Wave, pulse: tuple[float, float]) -> float:
    """The highest line from which the others are multiples: the first one within 15 dB."""
    hertz, decibel = spectrum(sound, pulse)
    first = np.flatnonzero((decibel > -15.0) & (hertz > 100.0))[0]
    near = np.abs(hertz - hertz[first]) < 40.0
    return float(hertz[near][np.argmax(decibel[near])])


def gaps(found: list[tuple[float, float]]) -> list[float]:
    return [after[0] - before[1] for before, after in pairwise(found)]


@pytest.mark.parametrize("priority", [HIGH, MEDIUM])
def test_number_length_and_pitch_of_the_pulses(priority: Priority) -> None:
    sound = heard(ALARMS[priority])
    found = pulses(sound)
    least, most, count = {HIGH: (0.075, 0.200, 10), MEDIUM: (0.125, 0.250, 3)}[priority]
    assert len(found) == count
    for begin, end in found:
        assert least <= end - begin <= most
    notes = [261.6, 293.7, 329.6, 349.2, 392.0] * 2
    for pulse, note in zip(found, notes, strict=False):
        assert fundamental(sound, pulse) == pytest.approx(note, rel=0.02)


def test_a_high_alarm_is_three_and_two_a_pause_and_the_same_again() -> None:
    between = gaps(pulses(heard(ALARMS[HIGH])))
    close = [gap for n, gap in enumerate(between) if n not in (2, 4, 7)]
    assert all(0.050 <= gap <= 0.125 for gap in close)
    assert all(gap > max(close) * 1.5 for gap in (between[2], between[7]))
    assert 0.35 <= between[4] <= 1.3 and between[4] > between[2]
    assert between[:4] == pytest.approx(between[5:], abs=0.005)


def test_a_low_alarm_is_one_or_two_pulses_and_does_not_come_again() -> None:
    assert len(pulses(heard(ALARMS[LOW]))) in (1, 2)
    assert ALARMS[LOW].pause_s is None and ALARMS[LOW].every_s is None


@pytest.mark.parametrize(("priority", "most_s"), [(HIGH, 15.0), (MEDIUM, 30.0)])
def test_it_comes_again_in_time(priority: Priority, most_s: float) -> None:
    melody = ALARMS[priority]
    assert melody.pause_s is not None and 2.5 <= melody.pause_s <= most_s
    length_s = len(heard(melody)) / RATE_HZ
    assert melody.length_s == pytest.approx(length_s, abs=0.001)
    assert melody.every_s == pytest.approx(length_s + melody.pause_s, abs=0.001)


@pytest.mark.parametrize("priority", Priority)
def test_each_pulse_has_its_fundamental_and_four_harmonics_within_15_db(priority: Priority) -> None:
    sound = heard(ALARMS[priority])
    for pulse in pulses(sound):
        hertz, decibel = spectrum(sound, pulse)
        base = fundamental(sound, pulse)
        assert 150.0 <= base <= 1_000.0
        strong = [
            n
            for n in range(1, 12)
            if 300.0 <= n * base <= 4_000.0 and level_near(hertz, decibel, n * base) > -15.0
        ]
        assert len(strong) >= 4


@pytest.mark.parametrize("priority", Priority)
def test_each_pulse_rises_in_10_to_20_percent_of_its_length(priority: Priority) -> None:
    melody = ALARMS[priority]
    sound = samples(melody)
    period = round(RATE_HZ / min(melody.notes_hz))
    for number, (begin, _) in enumerate(pulses(sound)):
        start = round((begin - 0.02) * RATE_HZ) if number else 0
        part = np.abs(sound[max(0, start) : start + round((melody.pulse_s + 0.02) * RATE_HZ)])
        height = np.array([part[n : n + period].max() for n in range(0, len(part) - period, 16)])
        top = height.max()
        low, full = np.argmax(height > 0.1 * top), np.argmax(height > 0.9 * top)
        rise = (full - low) * 16 / RATE_HZ / melody.pulse_s
        # From a tenth to nine tenths is four fifths of a straight rise.
        assert 0.08 <= rise <= 0.17, number


@pytest.mark.parametrize("melody", [STOPPED, PHASE])
def test_what_is_no_alarm_is_pure_and_shorter(melody: Melody) -> None:
    sound = heard(melody)
    found = pulses(sound)
    assert len(found) == {STOPPED: 1, PHASE: 2}[melody]
    for pulse in found:
        hertz, decibel = spectrum(sound, pulse)
        assert level_near(hertz, decibel, 2 * fundamental(sound, pulse)) < -20.0
    assert melody.length_s < ALARMS[MEDIUM].length_s


def test_no_sound_is_clipped_or_clicks() -> None:
    for melody in all_melodies():
        sound = heard(melody)
        assert 0.5 < np.abs(sound).max() < 0.7
        assert abs(sound[0]) < 0.01 and abs(sound[-1]) < 0.02

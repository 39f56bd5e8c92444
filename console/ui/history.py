"""The measured tip over time, kept whole in numpy, drawn by its smallest and largest values.

A pyramid of blocks of 8, 64, 512 ... samples makes drawing cost the same for a minute and for
eight hours: a view never looks at more than about 8 times the points that it draws."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from console.model.snapshot import Sample

Floats = NDArray[np.float64]

DRAWN: Final = 2_400
"""Points of one curve at most."""
GAP_MS: Final = 500
"""A longer pause between samples is drawn as a gap."""
_FAN: Final = 8


class _Growing:
    """An array that grows by doubling."""

    def __init__(self) -> None:
        self._data: Floats = np.empty(4_096)
        self.count = 0

    def extend(self, values: Floats) -> None:
        need = self.count + len(values)
        if need > len(self._data):
            bigger = np.empty(max(need, 2 * len(self._data)))
            bigger[: self.count] = self._data[: self.count]
            self._data = bigger
        self._data[self.count : need] = values
        self.count = need

    @property
    def values(self) -> Floats:
        return self._data[: self.count]


class History:
    """Tip in °C over device time in s. Unknown readings and pauses are NaN, which draws a gap."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forgets everything."""
        self._times = _Growing()
        self._tips = _Growing()
        self._levels: list[tuple[_Growing, _Growing]] = []
        self._last_ms: int | None = None

    @property
    def count(self) -> int:
        """How many samples are kept, gaps included."""
        return self._times.count

    @property
    def last_s(self) -> float | None:
        """Device time of the newest sample, None without one."""
        return None if self._last_ms is None else self._last_ms / 1_000.0

    @property
    def first_s(self) -> float | None:
        """Device time of the oldest sample, None without one."""
        return float(self._times.values[0]) if self.count else None

    @property
    def last_tip(self) -> float | None:
        """The newest reading, None where it is unknown."""
        if not self.count:
            return None
        tip = float(self._tips.values[-1])
        return None if np.isnan(tip) else tip

    def append(self, samples: Iterable[Sample]) -> None:
        """Adds samples in order. A repeated stamp is dropped; a clock that went back belongs to a
        device that was restarted, and begins a new history."""
        times: list[float] = []
        tips: list[float] = []
        for sample in samples:
            last = self._last_ms
            if last is not None and sample.at_ms == last:
                continue
            if last is not None and sample.at_ms < last:
                self.clear()
                times, tips = [], []
            elif last is not None and sample.at_ms - last > GAP_MS:
                times.append((last + 1) / 1_000.0)
                tips.append(float("nan"))
            times.append(sample.at_ms / 1_000.0)
            tips.append(float("nan") if sample.tip_celsius is None else sample.tip_celsius)
            self._last_ms = sample.at_ms
        if times:
            self._times.extend(np.array(times))
            self._tips.extend(np.array(tips))
            self._build()

    def _build(self) -> None:
        """Brings the pyramid up to date: only whole blocks, each from the level under it."""
        low = high = self._tips.values
        level = 0
        while len(low) >= _FAN:
            if level == len(self._levels):
                self._levels.append((_Growing(), _Growing()))
            lows, highs = self._levels[level]
            done, whole = lows.count, len(low) // _FAN
            if whole > done:
                part = slice(done * _FAN, whole * _FAN)
                lows.extend(np.fmin.reduce(low[part].reshape(-1, _FAN), axis=1))
                highs.extend(np.fmax.reduce(high[part].reshape(-1, _FAN), axis=1))
            low, high = lows.values, highs.values
            level += 1

    def drawn(self, from_s: float, to_s: float, points: int = DRAWN) -> tuple[Floats, Floats]:
        """What to draw between two times: at most `points` points whose extremes are those of the
        samples. Blocks lie on fixed samples, so that a moving view does not shimmer."""
        times, tips = self._times.values, self._tips.values
        begin = max(0, int(np.searchsorted(times, from_s)) - 1)
        end = min(len(times), int(np.searchsorted(times, to_s)) + 1)
        if end - begin <= points:
            return times[begin:end], tips[begin:end]
        blocks = points // 2 - 2
        level, size = 0, 1
        while level < len(self._levels) and size * _FAN * blocks <= end - begin:
            level, size = level + 1, size * _FAN
        low, high = (tips, tips) if level == 0 else (g.values for g in self._levels[level - 1])
        per = -(-(end - begin) // (size * blocks))  # entries a block, rounded up
        first = begin // (size * per)
        last = min(end // (size * per), len(low) // per)
        part = slice(first * per, last * per)
        lows = np.fmin.reduce(low[part].reshape(-1, per), axis=1)
        highs = np.fmax.reduce(high[part].reshape(-1, per), axis=1)
        xs = np.empty(2 * len(lows))
        ys = np.empty(2 * len(lows))
        at = np.arange(first, last) * (size * per)
        xs[0::2] = times[at]
        xs[1::2] = times[at + size * per // 2]
        falling = tips[at] > tips[np.minimum(at + size * per - 1, len(tips) - 1)]
        ys[0::2] = np.where(falling, highs, lows)
        ys[1::2] = np.where(falling, lows, highs)
        rest = slice(last * size * per, end)
        tail = times[rest], tips[rest]
        if len(tail[0]) > 2:
            # The block at the right edge is not whole yet: its extremes and its newest sample.
            ends = float(np.fmin.reduce(tail[1])), float(np.fmax.reduce(tail[1]))
            x = tail[0]
            tail = np.array([x[0], x[len(x) // 2], x[-1]]), np.array([*ends, tail[1][-1]])
        elif not len(tail[0]):
            tail = times[end - 1 : end], tips[end - 1 : end]
        return np.concatenate((xs, tail[0])), np.concatenate((ys, tail[1]))

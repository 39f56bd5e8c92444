"""What the plots draw, over time: kept whole in numpy, drawn by smallest and largest values.

A pyramid of blocks of 8, 64, 512 ... samples makes drawing cost the same for a minute and for
eight hours: a view never looks at more than about 8 times the points that it draws."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from console.model.snapshot import Sample

Floats = NDArray[np.floating]

DRAWN: Final = 2_400
"""Points of one curve at most."""
GAP_MS: Final = 500
"""A longer pause between samples is drawn as a gap."""
_FAN: Final = 8


class _Growing:
    """An array that grows by doubling."""

    def __init__(self, kind: type[np.floating] = np.float64) -> None:
        self._data = np.empty(4_096, kind)
        self.count = 0

    def extend(self, values: Floats) -> None:
        need = self.count + len(values)
        if need > len(self._data):
            bigger = np.empty(max(need, 2 * len(self._data)), self._data.dtype)
            bigger[: self.count] = self._data[: self.count]
            self._data = bigger
        self._data[self.count : need] = values
        self.count = need

    @property
    def values(self) -> Floats:
        return self._data[: self.count]


class _Column:
    """Values and their pyramid. Seven figures are kept: more than any sensor has."""

    def __init__(self) -> None:
        self.all = _Growing(np.float32)
        self.levels: list[tuple[_Growing, _Growing]] = []
        self.highest: float | None = None

    def extend(self, values: Floats) -> None:
        """Adds values; of the pyramid only whole blocks, each from the level under it."""
        self.all.extend(values)
        known = values[~np.isnan(values)]
        if len(known):
            top = float(known.max())
            self.highest = top if self.highest is None else max(self.highest, top)
        low = high = self.all.values
        level = 0
        while len(low) >= _FAN:
            if level == len(self.levels):
                self.levels.append((_Growing(np.float32), _Growing(np.float32)))
            lows, highs = self.levels[level]
            done, whole = lows.count, len(low) // _FAN
            if whole == done:
                break
            part = slice(done * _FAN, whole * _FAN)
            lows.extend(np.fmin.reduce(low[part].reshape(-1, _FAN), axis=1))
            highs.extend(np.fmax.reduce(high[part].reshape(-1, _FAN), axis=1))
            low, high = lows.values, highs.values
            level += 1


class Track:
    """Named columns over device time in s. What is unknown, and a longer pause, is NaN: a gap."""

    def __init__(self, columns: Sequence[str], gap_ms: int) -> None:
        self.columns = tuple(columns)
        self._gap_ms = gap_ms
        self.clear()

    def clear(self) -> None:
        """Forgets everything."""
        self._times = _Growing()
        self._columns = {name: _Column() for name in self.columns}
        self._last_ms: int | None = None
        self._gaps: list[int] = []  # rows in which nothing was measured for a time

    @property
    def count(self) -> int:
        """How many rows are kept, gaps included."""
        return self._times.count

    @property
    def last_s(self) -> float | None:
        """Device time of the newest row, None without one."""
        return None if self._last_ms is None else self._last_ms / 1_000.0

    @property
    def first_s(self) -> float | None:
        """Device time of the oldest row, None without one."""
        return float(self._times.values[0]) if self.count else None

    def times(self) -> Floats:
        """All times in s."""
        return self._times.values

    def values(self, column: str) -> Floats:
        """All values of a column."""
        return self._columns[column].all.values

    def highest(self, column: str) -> float | None:
        """The largest value of a column so far, None while none is known."""
        return self._columns[column].highest

    def last(self, column: str) -> float | None:
        """The newest value of a column, None where it is unknown."""
        return _known(self.values(column)[-1]) if self.count else None

    def at(self, seconds: float) -> tuple[float, dict[str, float | None]] | None:
        """The row nearest to a time, with its own time; None without any."""
        times = self._times.values
        if not len(times):
            return None
        index = int(np.searchsorted(times, seconds))
        if index == len(times) or (index and seconds - times[index - 1] < times[index] - seconds):
            index -= 1
        row = {name: _known(self.values(name)[index]) for name in self.columns}
        return float(times[index]), row

    def _between(self, from_s: float, to_s: float) -> tuple[int, int]:
        """The rows between two times, and one beyond at each end."""
        times = self._times.values
        begin = max(0, int(np.searchsorted(times, from_s)) - 1)
        return begin, min(len(times), int(np.searchsorted(times, to_s)) + 1)

    def add(self, rows: Iterable[tuple[int, Sequence[float | None]]]) -> None:
        """Adds rows of (device time in ms, a value for each column) in order. A repeated stamp is
        dropped; a clock that went back belongs to a device that was restarted, and begins anew."""
        times: list[float] = []
        values: list[Sequence[float | None]] = []
        for at_ms, row in rows:
            last = self._last_ms
            if last is not None and at_ms == last:
                continue
            if last is not None and at_ms < last:
                self.clear()
                times, values = [], []
            elif last is not None and at_ms - last > self._gap_ms:
                self._gaps.append(self.count + len(times))
                times.append((last + 1) / 1_000.0)
                values.append((None,) * len(self.columns))
            times.append(at_ms / 1_000.0)
            values.append(row)
            self._last_ms = at_ms
        if times:
            self._times.extend(np.array(times))
            table = np.array(values, dtype=np.float64)  # None becomes NaN
            for index, name in enumerate(self.columns):
                self._columns[name].extend(table[:, index])

    def drawn(
        self,
        from_s: float,
        to_s: float,
        points: int = DRAWN,
        column: str = "",
        part: tuple[float, float] | None = None,
    ) -> tuple[Floats, Floats]:
        """What to draw of a column (the first, unless named) between two times: at most `points`
        points whose extremes are those of the samples. Blocks lie on fixed samples, so that a
        moving view does not shimmer; `part` asks for those between two nearer times alone."""
        kept = self._columns[column or self.columns[0]]
        times, all_of = self._times.values, kept.all.values
        begin, end = self._between(from_s, to_s)
        count = end - begin
        if part is not None:
            inner = self._between(max(from_s, part[0]), min(to_s, part[1]))
            begin, end = max(begin, inner[0]), max(begin, min(end, inner[1]))
        if count <= points:
            return times[begin:end], all_of[begin:end]
        blocks = points // 2 - 2
        level, size = 0, 1
        while level < len(kept.levels) and size * _FAN * blocks <= count:
            level, size = level + 1, size * _FAN
        low, high = (all_of, all_of) if level == 0 else (g.values for g in kept.levels[level - 1])
        per = -(-count // (size * blocks))  # entries a block, rounded up
        first = begin // (size * per)
        last = min(end // (size * per), len(low) // per)
        entries = slice(first * per, last * per)
        lows = np.fmin.reduce(low[entries].reshape(-1, per), axis=1)
        highs = np.fmax.reduce(high[entries].reshape(-1, per), axis=1)
        xs = np.empty(2 * len(lows))
        ys = np.empty(2 * len(lows))
        at = np.arange(first, last) * (size * per)
        xs[0::2] = times[at]
        xs[1::2] = times[at + size * per // 2]
        falling = all_of[at] > all_of[np.minimum(at + size * per - 1, len(all_of) - 1)]
        ys[0::2] = np.where(falling, highs, lows)
        ys[1::2] = np.where(falling, lows, highs)
        rest = slice(last * size * per, end)
        tail = times[rest], all_of[rest]
        broken = self._gaps[bisect_left(self._gaps, first * size * per) :]
        for row in reversed([each for each in broken if each < last * size * per]):
            # A block hides a gap inside it: the curve breaks between its two points.
            block, inside = divmod(row, size * per)
            place = 2 * (block - first) + (1 if inside else 0)
            xs, ys = np.insert(xs, place, times[row]), np.insert(ys, place, np.nan)
        if len(tail[0]) > 2 and not (broken and broken[-1] >= rest.start):
            # The block at the right edge is not whole yet: its extremes and its newest sample.
            ends = float(np.fmin.reduce(tail[1])), float(np.fmax.reduce(tail[1]))
            x = tail[0]
            tail = np.array([x[0], x[len(x) // 2], x[-1]]), np.array([*ends, tail[1][-1]])
        elif not len(tail[0]) and end > begin:
            tail = times[end - 1 : end], all_of[end - 1 : end]
        return np.concatenate((xs, tail[0])), np.concatenate((ys, tail[1]))


class History(Track):
    """The measured values: tip in °C, supply and exhaust in kPa absolute, flow in mg/s."""

    def __init__(self) -> None:
        super().__init__(("tip", "supply", "exhaust", "flow"), GAP_MS)

    def append(self, samples: Iterable[Sample]) -> None:
        """Adds samples in order."""
        self.add(
            (each.at_ms, (each.tip_celsius, each.supply_kpa, each.exhaust_kpa, each.flow_mg_s))
            for each in samples
        )


def _known(value: np.floating) -> float | None:
    return None if np.isnan(value) else float(value)

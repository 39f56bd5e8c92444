"""The tip's thermocouple and its front end: lag, noise, and every way it can lie."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from simulator.physics.faults import Faults
from simulator.physics.readings import Quality

_OK = Quality.OK  # looked up once: a member of an enumeration is dear to ask for
_LAG_S = 0.15
_NOISE_K = 0.2
_LOW_CELSIUS, _HIGH_CELSIUS = -150.0, 150.0  # what the front end's converter can express


class Noise:
    """Standard normal numbers from a seeded generator, drawn in blocks because one is dear."""

    def __init__(self, generator: np.random.Generator, block: int = 2048) -> None:
        self._generator = generator
        self._block = block
        self._numbers: list[float] = []

    def next(self) -> float:
        """The next number."""
        if not self._numbers:
            self._numbers = self._generator.standard_normal(self._block).tolist()
        return self._numbers.pop()

    def next_four(self) -> tuple[float, float, float, float]:
        """The next four at once."""
        if len(self._numbers) < 4:
            return self.next(), self.next(), self.next(), self.next()
        pop = self._numbers.pop
        return pop(), pop(), pop(), pop()


class Thermocouple:
    """First-order lag of 0.15 s and noise of 0.2 K behind the tip's metal."""

    def __init__(self, celsius: float) -> None:
        self.lagged_celsius = celsius
        self._drift = 0.0
        self._stuck: float | None = None
        self._reading: float = celsius
        self.quality = _OK

    @property
    def celsius(self) -> float | None:
        """The reading, None unless the quality is OK."""
        return self._reading if self.quality is _OK else None

    def advance(
        self, dt_s: float, tip_celsius: float, room_celsius: float, noise: float, faults: Faults
    ) -> None:
        """Follow the tip for dt_s; `noise` is one standard normal number."""
        self.lagged_celsius += (tip_celsius - self.lagged_celsius) * _gain(dt_s)
        if not faults.turned:
            self._drift, self._stuck = 0.0, None
            self._take(self.lagged_celsius + _NOISE_K * noise)
            return
        if faults.get("thermocouple_open", 0.0) > 0.0:
            self.quality = Quality.OPEN
            return
        if faults.get("thermocouple_short", 0.0) > 0.0:
            self.quality = Quality.SHORT
            return
        value = self.lagged_celsius + _NOISE_K * faults.get("thermocouple_noise", 1.0) * noise
        if faults.get("thermocouple_reversed", 0.0) > 0.0:
            value = 2.0 * room_celsius - value
        rate = faults.get("thermocouple_drift", 0.0)
        self._drift = self._drift + rate * dt_s if rate else 0.0
        value += self._drift
        if faults.get("thermocouple_stuck", 0.0) > 0.0:
            if self._stuck is None:
                self._stuck = value
            value = self._stuck
        else:
            self._stuck = None
        self._take(value)

    def _take(self, value: float) -> None:
        self._reading = value
        inside = _LOW_CELSIUS <= value <= _HIGH_CELSIUS
        self.quality = _OK if inside else Quality.OUT_OF_RANGE


@lru_cache(maxsize=64)
def _gain(dt_s: float) -> float:
    """How much of its way the reading goes in a step."""
    return -math.expm1(-dt_s / _LAG_S)

"""The reference band: what a healthy console's tip shows over time, by probe, gas and medium."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from importlib.resources import files

import msgspec

from simulator.physics.gas import Gas
from simulator.physics.medium import Medium


class Band(msgspec.Struct, frozen=True):
    """5th, 50th and 95th percentile of the measured tip in °C at seconds from gas-on.

    The gas was shut at 120 s; times from there on are of the passive thaw.
    """

    seconds: tuple[float, ...]
    low_celsius: tuple[float, ...]
    middle_celsius: tuple[float, ...]
    high_celsius: tuple[float, ...]

    def at(self, seconds: float) -> tuple[float, float]:
        """Low and high at a time, straight between the table's; its ends beyond them."""
        times = self.seconds
        index = min(max(bisect_right(times, seconds) - 1, 0), len(times) - 2)
        share = (seconds - times[index]) / (times[index + 1] - times[index])
        share = min(max(share, 0.0), 1.0)
        low, high = self.low_celsius, self.high_celsius
        return (
            low[index] + share * (low[index + 1] - low[index]),
            high[index] + share * (high[index + 1] - high[index]),
        )


def reference_band(probe: str, gas: Gas, medium: Medium) -> Band:
    """The band of a probe by its name. Raises KeyError for one that has none."""
    return _bands()[probe, gas, medium]


@cache
def _bands() -> dict[tuple[str, Gas, Medium], Band]:
    text = files("simulator.physics").joinpath("data", "reference_band.csv")
    rows: dict[tuple[str, Gas, Medium], list[list[float]]] = {}
    for line in text.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            probe, gas, medium, *numbers = line.split(",")
            key = (probe, Gas(gas), Medium(medium))
            rows.setdefault(key, []).append([float(number) for number in numbers])
    bands = {}
    for key, table in rows.items():
        seconds, low, middle, high = zip(*table, strict=True)
        bands[key] = Band(seconds, low, middle, high)
    return bands

"""The reference band: what a healthy console's tip shows over time, by probe, gas and medium.

The table is data that ships with the console: `make reference-band` writes it with the simulator,
which neither the screen nor the control process may import. A probe is known by its chip's model.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from importlib.resources import files

import msgspec

from console.model.quantities import plain


class ReferenceBand(msgspec.Struct, frozen=True):
    """5th, 50th and 95th percentile of the measured tip in °C, at seconds from gas-on.

    The gas was held at its usual target (-70 °C with N2O, -60 °C with CO2) and shut at 120 s;
    what comes after is passive thaw.
    """

    seconds: tuple[float, ...]
    low_celsius: tuple[float, ...]
    middle_celsius: tuple[float, ...]
    high_celsius: tuple[float, ...]

    def at(self, seconds: float) -> tuple[float, float, float] | None:
        """Low, middle and high at a time, straight between the table's; None beyond its ends."""
        times = self.seconds
        if not times[0] <= seconds <= times[-1]:
            return None
        index = min(bisect_right(times, seconds) - 1, len(times) - 2)
        share = (seconds - times[index]) / (times[index + 1] - times[index])
        low, middle, high = (
            column[index] + share * (column[index + 1] - column[index])
            for column in (self.low_celsius, self.middle_celsius, self.high_celsius)
        )
        return low, middle, high


def reference_band(model: str, gas: str, medium: str) -> ReferenceBand | None:
    """The band of a probe's model ("LT-14-6"), a gas ("n2o", "co2") and a medium ("tissue",
    "water", "air"); None where the table has none, as for a probe that the simulator lacks."""
    return _bands().get((model, gas, medium))


def parse_bands(text: str) -> dict[tuple[str, str, str], ReferenceBand]:
    """The bands of a table by (model, gas, medium), in the layout of `make reference-band`.

    Raises ValueError, naming the line, for one that is no row, percentiles out of order, or times
    that do not rise.
    """
    rows: dict[tuple[str, str, str], list[tuple[float, ...]]] = {}
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line[:1] != "#"]
    for at, line in lines[1:]:
        names, numbers = line.split(",")[:3], line.split(",")[3:]
        try:
            seconds, low, middle, high = (float(number) for number in numbers)
        except ValueError:
            raise ValueError(f"reference band, line {at}: {line!r} is no row") from None
        so_far = rows.setdefault((names[0], names[1], names[2]), [])
        if not low <= middle <= high:
            raise ValueError(f"reference band, line {at}: percentiles out of order")
        if so_far and not seconds > so_far[-1][0]:
            raise ValueError(f"reference band, line {at}: {plain(seconds)} s does not rise")
        so_far.append((seconds, low, middle, high))
    return {key: ReferenceBand(*zip(*table, strict=True)) for key, table in rows.items()}


@cache
def _bands() -> dict[tuple[str, str, str], ReferenceBand]:
    table = files("console").joinpath("data", "reference_band.csv")
    return parse_bands(table.read_text(encoding="utf-8"))

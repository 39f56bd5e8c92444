"""The gas in the cylinder: contents are entered, use is metered, and what is left is told as time
of freezing with its uncertainty. Pressure shows temperature, not contents. Pure.

Where the shares come from: a label or a scale says the contents to about 5 %; the flow meter sums
to about 10 %; and when the liquid is gone the last vapour falls under the stop limit of the supply
with about 90 g in each litre of cylinder still there, of 750 g that it was filled with: 12 %.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import msgspec

from console.model.cycle import CycleRecord
from console.model.plan import Cycle, Timing
from console.model.quantities import kilograms, plain

LEAST_G: Final = 50.0
MOST_G: Final = 50_000.0
UNUSABLE_SHARE: Final = 0.12
CONTENTS_SHARE: Final = 0.05
METER_SHARE: Final = 0.10
FULL_FLOW_G_S: Final = (0.30, 0.32, 0.34)
"""Least, usual and most at full flow, as the tip cools down (product.md)."""
HOLD_G_S: Final = (0.09, 0.12, 0.17)
"""The same while the tip is held at its target: of simulated runs of 2:00 in tissue, which use
14 to 17 g in all (`cryoprobe run examples/three-by-two.toml`), and half as much again."""
COOL_DOWN_S: Final = 10.0
USUAL_FREEZE_S: Final = 120.0
USUAL_G_S: Final = tuple(
    (COOL_DOWN_S * full + (USUAL_FREEZE_S - COOL_DOWN_S) * hold) / USUAL_FREEZE_S
    for full, hold in zip(FULL_FLOW_G_S, HOLD_G_S, strict=True)
)
"""Of a usual freeze as a whole, until the session has measured its own."""
MEASURED_FROM_S: Final = 60.0
MEASURED_SHARE: Final = 0.10
COOLING_S: Final = 60.0
"""What a freeze that is timed from its target takes to get there, at most."""


class Cylinder(msgspec.Struct, frozen=True):
    """`contents_g`: what was in it when it was `entered` (ISO 8601, local); `used_g`: metered
    since."""

    contents_g: float
    entered: str
    used_g: float = 0.0


class GasLeft(msgspec.Struct, frozen=True):
    """Seconds of freezing that are left, and the least and the most that it may be; `measured`: at
    this session's own flow, no longer at the usual one."""

    seconds: float
    low_s: float
    high_s: float
    measured: bool = False


class Enough(StrEnum):
    """Whether the gas lasts for a plan."""

    YES = "yes"
    MAY_NOT = "it may not"
    UNKNOWN = "contents not entered"


def gas_left(cylinder: Cylinder, records: Iterable[CycleRecord] = ()) -> GasLeft:
    """What is left in `cylinder`, at the flow that the freezes so far have used."""
    own = _measured_g_s(records)
    slow, usual, fast = USUAL_G_S if own is None else own
    usable_g = cylinder.contents_g * (1 - UNUSABLE_SHARE) - cylinder.used_g
    off_g = cylinder.contents_g * CONTENTS_SHARE + cylinder.used_g * METER_SHARE
    return GasLeft(
        max(0.0, usable_g) / usual,
        max(0.0, usable_g - off_g) / fast,
        max(0.0, usable_g + off_g) / slow,
        measured=own is not None,
    )


def _measured_g_s(records: Iterable[CycleRecord]) -> tuple[float, float, float] | None:
    """Least, usual and most that the freezes so far have used; None while they were too few."""
    ended = [each for each in records if each.ended_ms is not None and each.gas_g > 0]
    ran_s = sum((each.ended_ms - each.started_ms) / 1_000 for each in ended if each.ended_ms)
    if ran_s < MEASURED_FROM_S:
        return None
    rate = sum(each.gas_g for each in ended) / ran_s
    return rate * (1 - MEASURED_SHARE), rate, rate * (1 + MEASURED_SHARE)


def freezing_s(cycles: Iterable[Cycle], timing: Timing) -> float:
    """Seconds with the gas on that these freezes take, at most."""
    more_s = COOLING_S if timing is Timing.FROM_TARGET else 0.0
    return sum(cycle.freeze_s + more_s for cycle in cycles)


def enough(left: GasLeft | None, needed_s: float) -> Enough:
    """Whether what is left lasts for so many seconds, even if it is the least that it may be."""
    if left is None:
        return Enough.UNKNOWN
    return Enough.YES if needed_s <= left.low_s else Enough.MAY_NOT


def problem(contents_g: float) -> str | None:
    """Why these are no contents, None when they may be."""
    if LEAST_G <= contents_g <= MOST_G:
        return None
    return f"{kilograms(contents_g)}: from {plain(LEAST_G / 1_000)} to {kilograms(MOST_G)}"

"""How far the ice came in each freeze, from what the model said at the time. Pure."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from console.model.estimate import Band, Estimate
from console.report.account import Estimated, Place, Reached

Span = tuple[Place, float, float]
"""Where the probe stood in a freeze, its gas-on, and the next one's, s of the session."""

_NONE: Final = Band(0.0, 0.0, 0.0)


def reach_of(estimates: Sequence[Estimated], spans: Sequence[Span]) -> Iterator[Reached | None]:
    """What was reached in each of `spans`, all freezes of the session in order: from the estimates
    of its own time and place alone. None where there are none."""
    in_all: dict[Place, Band] = {}
    for place, began_s, before_s in spans:
        here = [each for each in estimates if each.place == place]
        own = [each.estimate for each in here if began_s <= each.at_s < before_s]
        if not own:
            yield None
            continue
        earlier = [each.estimate.nerve_below_s for each in here if each.at_s < began_s]
        totals = [*earlier[-1:], *(each.nerve_below_s for each in own)]
        below = _NONE if earlier else totals[0]
        for then, now in pairwise(totals):
            below = _sum(below, _gain(then, now))
        in_all[place] = _sum(in_all.get(place, _NONE), below)
        yield Reached(
            _largest(own, lambda each: each.ice_edge_mm),
            _largest(own, lambda each: each.minus20_mm),
            _largest(own, lambda each: each.minus20_reach_mm),
            own[-1].nerve_distance_mm,
            _rounded(below),
            _rounded(in_all[place]),
        )


def _largest(own: Sequence[Estimate], of: Callable[[Estimate], Band]) -> Band:
    return max((of(each) for each in own), key=lambda band: band.value)


def _gain(then: Band, now: Band) -> Band:
    """What was added to a total. One that fell was begun again: by a restart, or another probe."""
    return Band(
        max(0.0, now.value - then.value),
        max(0.0, now.low - then.low),
        max(0.0, now.high - then.high),
    )


def _sum(one: Band, other: Band) -> Band:
    return Band(one.value + other.value, one.low + other.low, one.high + other.high)


def _rounded(band: Band) -> Band:
    return Band(round(band.value, 3), round(band.low, 3), round(band.high, 3))

"""One measured figure against its budget."""

import statistics
from collections.abc import Sequence

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """A figure: median and 99th percentile of its samples, both in `unit`.

    budget is a sentence; ok whether it was met; peer the same work done by another library, in
    the same unit and run; ratio how many times better than the peer; spread the largest less the
    smallest median of the runs, as a share of their median.
    """

    median: float
    p99: float
    unit: str
    budget: str
    ok: bool
    peer: float | None = None
    ratio: float | None = None
    spread: float | None = None


def p99(samples: Sequence[float], *, worst: str = "high") -> float:
    """The 99th percentile of samples of which high ones are the worst, or low ones."""
    ordered = sorted(samples, reverse=worst == "low")
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def spread(medians: Sequence[float]) -> float:
    """How far the medians of several runs lie apart, as a share of their own median."""
    return (max(medians) - min(medians)) / statistics.median(medians)

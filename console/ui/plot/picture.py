"""What a plot shows, as plain values: strips one over the other that share the time axis. Pure."""

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum

from console.ui.plot.history import Floats, Track
from console.ui.plot.marks import Mark, Span


class Ink(StrEnum):
    """How a thing is drawn; what is not measured is lighter, and dashed where it is a line."""

    MEASURED = "measured"
    BEFORE = "before"
    MODEL = "model"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Curve:
    """A column of a track between two device times in s, moved `by_s` to the right. `scale` brings
    its values into the strip's unit."""

    track: Track
    column: str
    ink: Ink
    from_s: float = float("-inf")
    to_s: float = float("inf")
    by_s: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True)
class Ribbon:
    """Between two lines over device time in s: of arrays, or of two columns of a track."""

    low: Curve | Floats
    high: Curve | Floats
    ink: Ink
    at_s: Floats | None = None


@dataclass(frozen=True)
class Level:
    """A line across, with its words at the right; `within` shades that much at both sides."""

    value: float
    words: str
    dotted: bool = False
    within: float = 0.0


@dataclass(frozen=True)
class Strip:
    """One scale and what is drawn on it, in the strip's own unit. `title` names it where it is not
    alone; `step` is the distance of its grid lines; `emphasis` the one that is drawn stronger."""

    low: float
    high: float
    step: float
    curves: tuple[Curve, ...]
    ribbons: tuple[Ribbon, ...] = ()
    levels: tuple[Level, ...] = ()
    title: str = ""
    emphasis: float | None = None


@dataclass(frozen=True)
class Picture:
    """All strips, and what stands over all of them. `newest_s` is the device time of what was read
    last. While `still` and the view are the same, only what is new at the right is painted."""

    strips: tuple[Strip, ...]
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]
    newest_s: float
    dot: float | None
    still: Hashable
    melting: bool = False

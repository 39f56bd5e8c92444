"""The mapping visit: a diagnostic block that shows whether this nerve carries the pain, weeks
before it is treated."""

from enum import StrEnum
from typing import Annotated, Final

import msgspec

from console.model.plan import LONGEST_NERVE, Side
from console.model.quantities import plain
from drivers.inputs.text import Line

SUCCESSFUL_PERCENT: Final = 90.0
"""Relief from which on a mapping counts as successful."""
MOST_VOLUME_ML: Final = 50.0
MOST_DEPTH_MM: Final = 200.0
LONGEST_TOLD: Final = 40
"""Letters of a drug and of a landmark."""
MOST_DURATION_H: Final = 24.0 * 30


class Guidance(StrEnum):
    """How the needle was led."""

    ULTRASOUND = "ultrasound"
    FLUOROSCOPY = "fluoroscopy"
    STIMULATION = "stimulation"
    LANDMARK = "landmark alone"


class MappingVisit(msgspec.Struct, frozen=True):
    """What was blocked, with what, how it was found, and what it did. None: not told."""

    nerve: Annotated[str, Line(LONGEST_NERVE)]
    side: Side
    relief_percent: float
    drug: Annotated[str, Line(LONGEST_TOLD)] = ""
    volume_ml: float | None = None
    depth_mm: float | None = None
    guidance: Guidance | None = None
    landmark: Annotated[str, Line(LONGEST_TOLD)] = ""
    duration_h: float | None = None

    @property
    def successful(self) -> bool:
        """Whether the relief says that this is the nerve."""
        return self.relief_percent >= SUCCESSFUL_PERCENT


class MappingNamed(msgspec.Struct, frozen=True):
    """A mapping visit as a treatment names it: the session in which it is kept, the day of it (ISO
    8601), whose case it was."""

    session: str
    day: str
    case: str
    visit: MappingVisit


def problems(visit: MappingVisit) -> list[str]:
    """What cannot be, by key; empty when nothing is wrong."""
    found = [] if visit.nerve.strip() else ["nerve: a name is needed"]
    limits = (
        ("relief_percent", visit.relief_percent, 100.0),
        ("volume_ml", visit.volume_ml, MOST_VOLUME_ML),
        ("depth_mm", visit.depth_mm, MOST_DEPTH_MM),
        ("duration_h", visit.duration_h, MOST_DURATION_H),
    )
    found += [
        f"{name}: {plain(value)}, from 0 to {plain(most)}"
        for name, value, most in limits
        if value is not None and not 0.0 <= value <= most
    ]
    return found

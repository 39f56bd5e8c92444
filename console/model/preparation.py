"""What is told of the patient's day before the first freeze."""

from enum import StrEnum

import msgspec

from console.model import mapping
from console.model.mapping import MappingNamed
from console.model.pain import WORST


class Anaesthetic(StrEnum):
    """Where local anaesthetic was given. At the target it numbs the nerve itself: the sensory test
    and the pain then say nothing."""

    SKIN_AND_TRACK = "skin and track only"
    AT_TARGET = "at the target"
    NONE = "none"


class Preparation(msgspec.Struct, frozen=True):
    """`anaesthetic` and `sedation` None: not told. `baseline_pain`: 0 to 10, before anything;
    `mapping`: the visit that found the nerve, None where none is named."""

    anaesthetic: Anaesthetic | None = None
    sedation: bool | None = None
    baseline_pain: int | None = None
    mapping: MappingNamed | None = None

    @property
    def target_numb(self) -> bool:
        """What the patient feels of the nerve says nothing today."""
        return self.anaesthetic is Anaesthetic.AT_TARGET


def problems(told: Preparation) -> list[str]:
    """What cannot be, by key; empty when nothing is wrong."""
    pain = told.baseline_pain
    if pain is not None and not 0 <= pain <= WORST:
        return [f"baseline_pain: {pain} is no pain score: from 0 to {WORST}"]
    if told.mapping is not None:
        return [f"mapping.{each}" for each in mapping.problems(told.mapping.visit)]
    return []

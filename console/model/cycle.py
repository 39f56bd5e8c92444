"""One freeze with its thaw, as it ran."""

from enum import StrEnum

import msgspec

from console.model.observation import FreezeEnd


class CycleState(StrEnum):
    """What became of a freeze."""

    FREEZING = "freezing"
    DONE = "done"
    ENDED_EARLY = "ended early"
    STOPPED = "stopped"  # not decided yet, or to be repeated
    COUNTED = "counted"  # stopped, and counted by the operator


class CycleRecord(msgspec.Struct, frozen=True):
    """One freeze as it ran, in device time. Times in s unless the name says otherwise."""

    site: int
    number: int  # 1, 2, 3 of the site
    planned_freeze_s: float
    state: CycleState
    started_ms: int
    ended_ms: int | None = None
    end: FreezeEnd | None = None
    extended_s: float = 0.0
    start_tip_celsius: float | None = None
    lowest_tip_celsius: float | None = None
    time_to_target_s: float | None = None
    time_at_target_s: float = 0.0
    thaw_s: float | None = None  # to the next start, or to free
    highest_thaw_celsius: float | None = None
    gas_g: float = 0.0
    placement: int = 1  # where the probe stood: 1, 2, 3 of the site, one more at each move

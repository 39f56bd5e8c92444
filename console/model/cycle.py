"""One freeze with its thaw, as it ran."""

from collections.abc import Iterable
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

    @property
    def counts(self) -> bool:
        """Whether the freeze is one of those that the plan asks for, done."""
        return self in (CycleState.DONE, CycleState.ENDED_EARLY, CycleState.COUNTED)


class FreezeKey(msgspec.Struct, frozen=True, order=True):
    """Which freeze of a session: the one way to name it, on the screen and in every export. `site`
    is the index in the plan, `placement` where the probe stood there, `number` the freeze of the
    site's plan, from 1; `run` is 1, and one more each time that this freeze was repeated."""

    site: int
    placement: int
    number: int
    run: int = 1


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


def keys(records: Iterable[CycleRecord]) -> tuple[FreezeKey, ...]:
    """The key of each freeze, in the order in which they ran."""
    runs: dict[tuple[int, int], int] = {}
    found = []
    for each in records:
        planned = (each.site, each.number)
        runs[planned] = runs.get(planned, 0) + 1
        found.append(FreezeKey(each.site, each.placement, each.number, runs[planned]))
    return tuple(found)


def counted(records: Iterable[CycleRecord]) -> int:
    """How many freezes of the plan are done; one that was repeated counts once."""
    return len({(each.site, each.number) for each in records if each.state.counts})

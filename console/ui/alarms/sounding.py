"""Which alarm sounds when. Pure: the time is passed in.

The sound of the highest alarm is repeated while it stands (or waits to be acknowledged). A pause
silences the alarms that stand at that moment, for at most two minutes; a new one of the same or a
higher priority breaks it. What only an engineer can clear does not sound on when its cause is gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from console.model.alarm import Alarm, Priority
from console.ui.alarms.melodies import ALARMS, Melody

LONGEST_PAUSE_S: Final = 120.0

Occurrence = tuple[str, int]


@dataclass(frozen=True)
class Sounding:
    """`known`: the occurrences that stood at the last step; `due_s`: when the melody comes again,
    None for never; `paused`: those that a pause silences, until `until_s`."""

    known: frozenset[Occurrence] = frozenset()
    top: Priority | None = None
    due_s: float | None = None
    paused: frozenset[Occurrence] = frozenset()
    paused_rank: int = 0
    until_s: float | None = None

    def paused_for_s(self, now_s: float) -> float | None:
        """What is left of a pause, None without one."""
        return None if self.until_s is None else max(0.0, self.until_s - now_s)


def step(state: Sounding, alarms: Sequence[Alarm], now_s: float) -> tuple[Sounding, Melody | None]:
    """The state with these alarms, and the melody to begin now, if any."""
    heard = {(a.id, a.count): a.priority for a in alarms if audible(a)}
    top = min(heard.values(), key=lambda priority: priority.rank, default=None)
    fresh = {key: rank for key, rank in heard.items() if key not in state.known}
    over = state.until_s is not None and now_s >= state.until_s
    broken = any(
        priority.rank <= state.paused_rank
        for key, priority in heard.items()
        if key not in state.paused
    )
    if state.until_s is not None and (over or broken or not heard):
        state = replace(state, until_s=None, paused=frozenset(), due_s=now_s)
    before, state = state, replace(state, known=frozenset(heard), top=top)
    if top is None:
        return replace(state, due_s=None), None
    if state.until_s is not None:
        return state, None
    higher = before.top is None or top.rank < before.top.rank
    again = any(priority.rank == top.rank for priority in fresh.values())
    repeat = state.due_s is not None and now_s >= state.due_s
    if top is not before.top and not higher and not repeat:
        # The higher one is gone; the rest goes on at its own pace.
        every_s = ALARMS[top].every_s
        return replace(state, due_s=None if every_s is None else now_s + every_s), None
    if not (higher or again or repeat):
        return state, None
    every_s = ALARMS[top].every_s
    return replace(state, due_s=None if every_s is None else now_s + every_s), ALARMS[top]


def pause(state: Sounding, alarms: Sequence[Alarm], now_s: float) -> Sounding:
    """The operator wants it quiet: for two minutes, for what sounds now."""
    heard = [a for a in alarms if audible(a)]
    if not heard:
        return state
    return replace(
        state,
        paused=frozenset((a.id, a.count) for a in heard),
        paused_rank=min(a.priority.rank for a in heard),
        until_s=now_s + LONGEST_PAUSE_S,
    )


def resume(state: Sounding, now_s: float) -> Sounding:
    """The operator ends the pause: it sounds at once."""
    return replace(state, until_s=None, paused=frozenset(), due_s=now_s)


def audible(alarm: Alarm) -> bool:
    """Whether it sounds: until it has been clear for long enough, and where it latches until the
    operator has seen it."""
    unseen = alarm.latched and not alarm.engineer and not alarm.acknowledged
    return alarm.present or alarm.clearing or unseen

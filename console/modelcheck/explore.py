"""Breadth first through every state, to the fixpoint; the shortest way to a broken rule."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from console.modelcheck.removed import removed
from console.modelcheck.steps import Name, Steps
from console.modelcheck.world import Bounds, Host, World

LEASE_FREEZE_TICKS: Final = 2
LEASE_STIMULATION_TICKS: Final = 1
"""The leases of 1,000 and 500 ms."""
IDLE_TICKS: Final = 3
"""With an idle host the device stops within this: 500 ms until STOP counts as unconfirmed and the
lease is withheld, then the lease of 1,000 ms."""


class Look(NamedTuple):
    """What the rules look at: the state, its host, whether gas and stimulator are on."""

    world: World
    host: Host
    gas: bool
    nerve: bool


RULES: Final[tuple[tuple[str, Callable[[Look], bool]], ...]] = (
    (
        "no freeze without a live lease",
        lambda at: not at.gas or at.world.unseen_ticks <= LEASE_FREEZE_TICKS,
    ),
    (
        "no stimulation without a live lease",
        lambda at: not at.nerve or at.world.unseen_ticks <= LEASE_STIMULATION_TICKS,
    ),
    (
        f"with an idle host the device stops within {IDLE_TICKS} ticks",
        lambda at: at.world.idle_ticks < IDLE_TICKS,
    ),
    (
        "STOP counts as confirmed only when the device has stopped",
        lambda at: not (at.host.settled and (at.gas or at.nerve)),
    ),
    ("freeze and stimulate never together", lambda at: not (at.gas and at.nerve)),
    ("after STOP no START ever runs", lambda at: not at.world.void_start),
)


class Explored(msgspec.Struct, frozen=True):
    """What an exploration found. `broken`: the rule that does not hold, with the `trace` to it;
    `complete`: every state within the bounds was seen; `froze`, `stimulated`: some state does."""

    states: int
    transitions: int
    depth: int
    elapsed_s: float
    complete: bool
    longest_idle_ticks: int
    froze: bool
    stimulated: bool
    broken: str | None = None
    trace: tuple[str, ...] = ()


def explore(bounds: Bounds, *, without: str | None = None) -> Explored:
    """Every state that can be reached within `bounds`, or the first that breaks a rule; of the
    shipped functions, or of them without one of REMOVALS."""
    with removed(without):
        return _explored(bounds, any_number=without == "sequence")


def _explored(bounds: Bounds, *, any_number: bool) -> Explored:
    began = time.perf_counter()
    steps = Steps(bounds, any_number=any_number)
    came: dict[World, tuple[World, Name] | None] = dict.fromkeys(steps.first())
    waiting = deque((world, 0) for world in came)
    transitions = depth = idle = 0
    froze = stimulated = False
    broken: str | None = None
    trace: tuple[str, ...] = ()
    while waiting and broken is None:
        world, depth = waiting.popleft()
        for name, after in steps.after(world):
            transitions += 1
            if after in came:
                continue
            came[after] = (world, name)
            waiting.append((after, depth + 1))
            idle = max(idle, after.idle_ticks)
            look = Look(after, steps.space.hosts.all[after.host], *steps.space.on(after.device))
            froze, stimulated = froze or look.gas, stimulated or look.nerve
            broken = next((rule for rule, holds in RULES if not holds(look)), None)
            if broken is not None:
                trace = tuple(map(steps.said, _way(came, after)))
                break
    return Explored(
        states=len(came),
        transitions=transitions,
        depth=depth,
        elapsed_s=round(time.perf_counter() - began, 1),
        complete=not waiting and broken is None,
        longest_idle_ticks=idle,
        froze=froze,
        stimulated=stimulated,
        broken=broken,
        trace=trace,
    )


def _way(came: dict[World, tuple[World, Name] | None], end: World) -> list[Name]:
    names, at = list[Name](), came[end]
    while at is not None:
        names.append(at[1])
        at = came[at[0]]
    return names[::-1]

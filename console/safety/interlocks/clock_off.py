"""The console's clock runs faster or slower than this computer's.

The console times the freeze, its lease and its interlocks by its own clock. A frame may come half a
second late, which is 0.8 % of a minute: two minutes in a row must be off by more than that.
"""

from typing import Final

import msgspec

from console.model.alarm import Priority
from console.safety.interlock import Found, Interlock, Moment, SafeState, Watch
from console.safety.limits import Limit, Tighter

OFF_SHARE: Final = Limit("clock.off_share", 0.01, Tighter.LOWER, 0.009)
WINDOW_MS: Final = Limit("clock.window_ms", 60_000)
"""Of this computer's time; it is judged by the newest two."""
CLEARS_BELOW_SHARE: Final = Limit("clock.clears_below_share", 0.008)


class _Memory(msgspec.Struct, frozen=True):
    """`host_ms`, `device_ms`: both clocks where this window began, None before the first reading;
    `offs`: by what share the device's clock was fast in the newest windows."""

    host_ms: float | None = None
    device_ms: int = 0
    scale: float = 1.0
    offs: tuple[float, ...] = ()


def _remember(memory: _Memory, now: Moment) -> _Memory:
    facts, seen = now.facts, now.seen
    if seen is None or not _judged(now):
        return _Memory()
    began_ms = memory.host_ms
    if began_ms is None or memory.scale != facts.time_scale:
        return _Memory(facts.now_ms, seen.at_ms, facts.time_scale)
    elapsed_ms = (facts.now_ms - began_ms) * facts.time_scale
    if facts.now_ms - began_ms < now.limits[WINDOW_MS]:
        return memory
    off = (seen.at_ms - memory.device_ms) / elapsed_ms - 1.0
    return _Memory(facts.now_ms, seen.at_ms, facts.time_scale, (*memory.offs, off)[-2:])


def _judged(now: Moment) -> bool:
    # A simulator that this program started loses time where the computer is busy.
    facts = now.facts
    return not facts.lockstep and not facts.own_simulator and facts.time_scale > 0


def _near(memory: _Memory, now: Moment) -> bool:
    return bool(memory.offs) and abs(memory.offs[-1]) > now.limits[CLEARS_BELOW_SHARE]


def _judge(memory: _Memory, now: Moment) -> Found | None:
    limit = now.limits[OFF_SHARE]
    if len(memory.offs) < 2:
        return None
    if all(off > limit for off in memory.offs):
        return Found("fast", {"percent": memory.offs[-1] * 100})
    if all(off < -limit for off in memory.offs):
        return Found("slow", {"percent": -memory.offs[-1] * 100})
    return None


INTERLOCK: Final = Interlock(
    id="clock_off",
    hazard="freezes are longer or shorter than shown, and interlocks react later",
    cause="the console's oscillator fails, or its time base is set up wrongly",
    hears=(Watch(_Memory(), _remember, _judge, keeps=_near, judged=_judged),),
    threshold="its clock and this computer's differ by more than {clock.off_share:.0%} in each of "
    "two windows of {clock.window_ms:ms>s}; not judged of a simulator that this program started",
    reaction_ms=None,
    state=SafeState.NONE,
    priority=Priority.LOW,
    happened="The console's clock runs {detail}",
    details={"fast": "{percent:%.1} fast", "slow": "{percent:%.1} slow"},
    to_do="Freezes are as much shorter or longer than shown. Have the console checked.",
    done="Have the console checked.",
    residual="A clock that is off by less, or for less than two minutes, is not found. One that is "
    "slow by more than 0.05 % makes readings look old first.",
    limits=(OFF_SHARE, WINDOW_MS, CLEARS_BELOW_SHARE),
)

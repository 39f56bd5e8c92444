"""The usual kinds of watch: at once, for so long, in so many readings."""

from collections.abc import Callable
from typing import Any

from console.safety.interlock import Found, Moment, Watch
from console.safety.limits import Limit

Condition = Callable[[Moment], bool]
Says = Callable[[Moment], Found]


def plain(now: Moment) -> Found:
    """A finding without arguments."""
    return Found()


def at_once(judge: Callable[[Moment], Found | None], **more: Any) -> Watch[None]:
    """Remembers nothing: the condition is of this moment."""
    return Watch(None, lambda memory, now: None, lambda memory, now: judge(now), **more)


def lasting(
    condition: Condition,
    for_ms: Limit,
    says: Says = plain,
    *,
    per_freeze: bool = False,
    **more: Any,
) -> Watch[int | None]:
    """The condition has held for `for_ms` of device time. Its memory is since when; a raised alarm
    goes on with each reading in which it holds. `per_freeze`: another freeze begins with an empty
    memory."""

    def remember(since: int | None, now: Moment) -> int | None:
        if per_freeze and now.signals.new_freeze:
            since = None
        return timer(since, now, holds=condition(now))

    def judge(since: int | None, now: Moment) -> Found | None:
        return says(now) if lasted(since, now, for_ms) else None

    return Watch(None, remember, judge, keeps=lambda since, now: since is not None, **more)


def in_readings(
    count: int, condition: Condition, says: Says = plain, *, per_freeze: bool = False, **more: Any
) -> Watch[int]:
    """The condition has held in `count` readings in a row. Its memory is in how many so far; a
    raised alarm goes on with each of them."""

    def remember(readings: int, now: Moment) -> int:
        if per_freeze and now.signals.new_freeze:
            readings = 0
        return min(readings + 1, count) if condition(now) else 0

    def judge(readings: int, now: Moment) -> Found | None:
        return says(now) if now.seen is not None and readings >= count else None

    return Watch(0, remember, judge, keeps=lambda readings, now: readings > 0, **more)


def timer(since: int | None, now: Moment, *, holds: bool) -> int | None:
    """Device time since which something holds: that of this reading where it begins, None where it
    does not hold."""
    if not holds or now.seen is None:
        return None
    return since if since is not None else now.seen.at_ms


def lasted(since: int | None, now: Moment, for_ms: Limit) -> bool:
    """Whether it has held for that long at the newest reading."""
    return (
        now.seen is not None and since is not None and now.seen.at_ms - since >= now.limits[for_ms]
    )

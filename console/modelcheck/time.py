"""Time in the model: it is always NOW, and a tick makes everything else older."""

from typing import Final

TICK_MS: Final = 500
"""Half the lease of a freeze, the whole one of a stimulation, and what STOP may stay unanswered;
within a tick everything may come in any order."""
NOW_MS: Final = 1_000_000
OLDEST_MS: Final = NOW_MS - 2 * TICK_MS
"""Past every limit that the model's parts look back for; older counts the same."""
BEFORE_MS: Final = NOW_MS - TICK_MS
FUTURE_MS: Final = NOW_MS + 20 * TICK_MS
"""From here on a time is that of another boot, or too far off to come: it stays where it is."""
OTHER_BOOT_MS: Final = NOW_MS + 100 * TICK_MS
"""Where the times of before are once a restarted clock has begun anew."""


def aged(at_ms: float) -> int:
    """The same moment, a tick later."""
    return int(at_ms) if at_ms >= FUTURE_MS else max(int(at_ms) - TICK_MS, OLDEST_MS)


def aged_if(at_ms: float | None) -> int | None:
    """`aged`, of a time that may not be known."""
    return None if at_ms is None else aged(at_ms)

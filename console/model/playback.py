"""A recorded session that is played: how fast, and where it stands."""

from typing import Final

import msgspec

SPEEDS: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0)
"""Times the pace of the record; what the operator steps through."""
SLOWEST: Final = SPEEDS[0]
FASTEST: Final = SPEEDS[-1]

NOTHING_ASKED: Final = "This is a replay"
"""Why nothing can be asked of what is shown."""


class Position(msgspec.Struct, frozen=True):
    """`wall`: the record's wall clock, ISO 8601, empty before its first entry; `share`: how much of
    the record was played, 0 to 1; `ended`: why it goes no further, in words, None while it does;
    `behind`: this computer is slower than the speed that is asked for."""

    wall: str = ""
    elapsed_s: float = 0.0
    share: float = 0.0
    ended: str | None = None
    behind: bool = False

"""Pain as the patient says it: the sign of success is that it goes."""

import msgspec

WORST = 10


class PainScore(msgspec.Struct, frozen=True):
    """0 (none) to 10 (the worst). `after`: freezes of the site that had run when it was asked, 0
    before the first."""

    score: int
    site: int
    after: int
    at_ms: int | None

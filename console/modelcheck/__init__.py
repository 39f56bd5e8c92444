"""An explicit-state check of host, device and a bad line between them.

It calls the shipped functions: both ends of drivers.link, the device's own step and the host's
supervisor. Around them stands only what makes their states few enough to be counted: time in ticks
of 500 ms, the tip at one of two temperatures, ages that count no further than they matter.
docs/model-check.md tells what is modelled and what is not.
"""

from typing import Final

from console.modelcheck.explore import Explored, explore
from console.modelcheck.removed import REMOVALS
from console.modelcheck.world import Bounds

FULL: Final = (Bounds(1, 2, 2, 1), Bounds(2, 1, 1, 0))
"""What `cryoprobe model-check` explores, since all at once is too much for two minutes: two starts,
two crashes and a restart with one frame each way; two frames each way with a start and a crash."""
SHOWN_WITHIN: Final = {
    "lease": Bounds(1, 1, 0, 0),
    "token": Bounds(2, 1, 1, 0),
    "sequence": Bounds(2, 1, 0, 0),
}
"""Small bounds that hold a counterexample, for each of REMOVALS."""

__all__ = ["FULL", "REMOVALS", "SHOWN_WITHIN", "Bounds", "Explored", "explore"]

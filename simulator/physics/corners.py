"""Heat round the two corners of an active tip, where theta changes faster than any cell can follow.

Close to such a corner theta runs like r^p sin(p phi), phi from the held wall: p is 2/3 at the
rim, held on both of its sides over 270°, and 1/2 where the held side ends and the insulated shaft
begins. A joint taken from the distance of its cells lets too little through there, and all ice
comes out small: by 4 % of its volume with cells of 0.5 mm, by 2 % with 0.25 mm. The joints that
touch a corner are therefore given what this run lets through (the idea is Motz's, Quart. Appl.
Math. 1946; 4:371).
"""

from __future__ import annotations

import cmath
import math
from typing import Final

RIM: Final = 2.0 / 3.0
SHAFT: Final = 0.5


def share(power: float, end: complex, one: complex, other: complex) -> float:
    """Conductance of a joint at the corner, over that taken from the distance of its ends.

    The joint's face runs from the corner, at 0, to `end`; it joins theta at `one` and `other`, cell
    centres or a foot on the held wall. Real axis: from the corner along the held wall, imaginary:
    off it into the tissue, any unit.
    """
    passed = abs(_run(power, end).real)
    fallen = abs((_run(power, other) - _run(power, one)).imag)
    return passed / fallen * abs(other - one) / abs(end)


def _run(power: float, place: complex) -> complex:
    """Theta in the imaginary part; what flows between two places is the difference of the real."""
    return cmath.rect(abs(place) ** power, power * (cmath.phase(place) % math.tau))

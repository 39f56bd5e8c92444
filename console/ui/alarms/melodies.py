"""The sounds as notes: alarm melodies that follow IEC 60601-1-8, the tone of an own STOP, the chime
of a new phase."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from console.model.alarm import Priority

HARMONICS_DB: Final = (0.0, -3.0, -4.0, -6.0, -8.0, -10.0, -12.0)
"""Of each alarm pulse, the fundamental first: at least four lie in 300-4,000 Hz within 15 dB."""
PURE_DB: Final = (0.0, -30.0)
"""Of what is no alarm: soft, and not to be taken for one."""
C4, D4, E4, F4, G4, A4, C5, E5 = 261.6, 293.7, 329.6, 349.2, 392.0, 440.0, 523.3, 659.3


@dataclass(frozen=True)
class Melody:
    """Notes in Hz, each `pulse_s` long, with `gaps_s` between them; played again `pause_s` after
    its end, None for once. The pulse rises in `rise` of its length and falls in as much."""

    notes_hz: tuple[float, ...]
    pulse_s: float
    gaps_s: tuple[float, ...] = ()
    pause_s: float | None = None
    harmonics_db: tuple[float, ...] = HARMONICS_DB
    rise: float = 0.15

    @property
    def length_s(self) -> float:
        """From its begin to its end."""
        return len(self.notes_hz) * self.pulse_s + sum(self.gaps_s)

    @property
    def every_s(self) -> float | None:
        """From one begin to the next."""
        return None if self.pause_s is None else self.length_s + self.pause_s


_HALF: Final = (0.10, 0.10, 0.30, 0.10)

ALARMS: Final = {
    Priority.HIGH: Melody((C4, D4, E4, F4, G4) * 2, 0.15, (*_HALF, 0.60, *_HALF), pause_s=4.0),
    Priority.MEDIUM: Melody((C4, D4, E4), 0.20, (0.20, 0.20), pause_s=7.0),
    Priority.LOW: Melody((E4, C4), 0.20, (0.20,)),
}
STOPPED: Final = Melody((A4,), 0.30, harmonics_db=PURE_DB)
PHASE: Final = Melody((C5, E5), 0.12, (0.05,), harmonics_db=PURE_DB)


def all_melodies() -> Sequence[Melody]:
    """Every sound that is ever played."""
    return (*ALARMS.values(), STOPPED, PHASE)

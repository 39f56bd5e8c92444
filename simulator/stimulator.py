"""The stimulator's output stage, into a simple patient: a resistor."""

import random
from collections.abc import Mapping
from typing import Final

from simulator.firmware import Drive

TISSUE_OHM: Final = 480.0
OHM_NOISE: Final = 4.0
LEAST_UA: Final = 20
"""Below it the impedance cannot be measured."""


class OutputStage:
    """What the electrode gets; `knobs` are those of the bench."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"stimulator {seed}")
        self._pulses_at_compliance = 0.0
        self.on = False
        self.delivered_ua = 0
        self.impedance_ohm: int | None = None

    @property
    def compliance_pulses(self) -> int:
        """Pulses in a row that have ended at the compliance voltage."""
        return int(self._pulses_at_compliance)

    def advance(self, dt_ms: int, drive: Drive, knobs: Mapping[str, float]) -> None:
        """Moves on by `dt_ms` with the outputs as driven."""
        self.on = drive.stimulator_on or knobs.get("stimulator_stuck_on", 0) > 0
        delivered = 0.0
        if drive.stimulator_on:
            delivered = drive.amplitude_ua * (1 + knobs.get("stimulator_over_current", 0))
            delivered = max(0.0, delivered + knobs.get("stimulator_offset", 0))
        if knobs.get("stimulator_open_lead", 0) > 0 and delivered > 0:
            self._pulses_at_compliance += drive.rate_decihertz / 10 * dt_ms / 1_000
            # What was measured stands until the next pulse is measured.
            delivered = self.delivered_ua if self._pulses_at_compliance < 1 else 0.0
        else:
            self._pulses_at_compliance = 0.0
        self.delivered_ua = round(delivered)
        self.impedance_ohm = None
        if delivered >= LEAST_UA:
            ohm = knobs.get("impedance", TISSUE_OHM) + self._chance.gauss(0, OHM_NOISE)
            self.impedance_ohm = max(1, round(ohm))

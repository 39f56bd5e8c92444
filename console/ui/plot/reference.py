"""Where the reference band lies on the plot: what a healthy run of this probe and gas shows. Pure.

The table's runs held the usual target for 120 s in fresh tissue. A freeze to another target has no
band. One that began in cold tissue has it from where a healthy run is as cold as it was; the thaw's
part follows the first freeze of a place alone, when that ran for the table's 120 s."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from console.model.device import Gas
from console.model.plan import USUAL_TARGET_CELSIUS
from console.model.snapshot import Snapshot
from console.reference_band import reference_band
from console.ui.plot.history import Floats

SHUT_S: Final = 120.0
"""When they shut the gas."""
_ALIKE_S: Final = 2.0


@dataclass(frozen=True, eq=False)
class Reference:
    """Tip in °C that 90 of 100 healthy runs lie between, over device time in s."""

    at_s: Floats
    low_celsius: Floats
    high_celsius: Floats


def references(snapshot: Snapshot, probe: str | None) -> tuple[Reference, ...]:
    """One for each freeze of the session, up to now or as far as the table goes. `probe` is the
    model that its chip says; empty where the table does not know it, or the target is another."""
    device, plan = snapshot.link.device, snapshot.procedure.plan
    if device is None or plan is None or probe is None:
        return ()
    if plan.target_celsius != USUAL_TARGET_CELSIUS[device.gas]:
        return ()
    records = snapshot.procedure.records
    places = [(record.site, record.placement) for record in records]
    found = []
    for index, record in enumerate(records):
        fresh = places.index(places[index]) == index
        ended_s = None if record.ended_ms is None else record.ended_ms / 1_000.0
        planned_s = record.planned_freeze_s + record.extended_s
        start_s, tip = record.started_ms / 1_000.0, record.start_tip_celsius
        frozen_s = planned_s if ended_s is None else ended_s - start_s
        found.append(_reference(probe, device.gas, fresh, start_s, frozen_s, tip))
    return tuple(each for each in found if each is not None)


@lru_cache(maxsize=64)
def _reference(
    probe: str, gas: Gas, fresh: bool, start_s: float, frozen_s: float, tip: float | None
) -> Reference | None:
    band = reference_band(probe, gas.value, "tissue")
    if band is None:
        return None
    seconds, low, high = (
        np.array(column) for column in (band.seconds, band.low_celsius, band.high_celsius)
    )
    thawed_too = fresh and abs(frozen_s - SHUT_S) <= _ALIKE_S
    part = seconds <= (seconds[-1] if thawed_too else min(SHUT_S, frozen_s))
    if tip is not None and tip < low[0]:
        part &= (high <= tip) | (seconds > SHUT_S)
    return Reference(start_s + seconds[part], low[part], high[part])

"""The key numbers of one freeze, as they are compared between sessions of a console or a probe."""

import msgspec

from console.model.cycle import CycleState, FreezeKey
from console.model.device import Gas


class FreezeNumbers(msgspec.Struct, frozen=True):
    """One freeze of one session. `at`: its gas-on, seconds since 1970, by the wall clock of the
    session's beginning; `site`: its side and nerve; `probe`: the serial of the probe that was
    connected, None without one. A number that the record does not hold is None."""

    session: str
    at: float
    key: FreezeKey
    site: str
    simulated: bool
    gas: Gas
    console: str
    probe: str | None
    probe_model: str | None
    state: CycleState
    time_to_target_s: float | None = None
    lowest_tip_celsius: float | None = None
    time_at_target_s: float | None = None
    gas_g: float | None = None
    supply_at_start_kpa: float | None = None
    thaw_to_plus10_s: float | None = None
    bad_frames: int | None = None  # of the whole session

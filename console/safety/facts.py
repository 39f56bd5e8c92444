"""What the interlocks look at: one moment, as far as the host knows it."""

import msgspec

from console.model.device import Gas
from console.model.observation import Observation


class Facts(msgspec.Struct, frozen=True):
    """Host times are monotonic ms; names with `device` are ms of the device's clock. `new` tells
    that the observation has not been evaluated before. Pulses (`restarted`, `session_lost`,
    `slept_ms`, `unanswered`, `error`) are set for the one step in which they happened."""

    now_ms: float
    device_now_ms: float | None = None
    lockstep: bool = False
    own_simulator: bool = False  # the device is a simulator that this program started
    time_scale: float = 1.0
    port_open: bool = False
    link_open: bool = False
    was_open: bool = False  # the link was open before; losing it means something
    heard_ms: float | None = None  # when the newest frame came
    moved_ms: float | None = None  # when the device's clock was last seen to advance
    quiet_until_device_ms: float = 0.0  # no judgement of unexpected gas before
    observation: Observation | None = None
    new: bool = False
    gas: Gas | None = None
    gas_wanted: bool = False  # a freeze is running or starting
    target_celsius: float | None = None
    freeze_started_ms: int | None = None
    freeze_due_ms: int | None = None  # commanded end, None while the timer has not started
    at_target: bool = False  # this freeze has been
    thawing: bool = False  # after a freeze, before release
    moved_cold: bool = False  # the operator says so; until the probe is free or freezes again
    thermocouple_off: str = ""  # what the check measured, where the tip did not agree with the room
    probe_problem: str = ""  # expired or used up, before the session's first freeze
    cylinder_changing: bool = False  # the operator says so, until gas is asked for
    screen_age_ms: float | None = None  # None: no screen is part of this run
    stopping: bool = False  # a STOP is under way: not acknowledged, or its gas not read back shut
    stop_unconfirmed: bool = False
    stop_asked: bool = False  # by the operator, not by the host itself
    record_problem: str = ""
    restarted: bool = False
    session_lost: bool = False  # in the same boot: another host has been there
    slept_ms: float = 0.0
    unanswered: str = ""
    error: str = ""
    bad_line: bool = False
    lost_words: str = ""

    @property
    def gas_on(self) -> bool:
        """Whether gas is on as far as is known: asked for, or last read back so."""
        return self.gas_wanted or (self.observation is not None and self.observation.valve_open)

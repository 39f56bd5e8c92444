"""The gas console as it describes itself."""

from enum import StrEnum

import msgspec


class Gas(StrEnum):
    """What the console freezes with."""

    N2O = "n2o"
    CO2 = "co2"

    @property
    def label(self) -> str:
        """As people write it."""
        return {"n2o": "N₂O", "co2": "CO₂"}[self.value]


class DeviceState(StrEnum):
    """What the device says it is doing; UNKNOWN for a code of a later version."""

    BOOTING = "booting"
    IDLE = "idle"
    FREEZING = "freezing"
    THAWING = "thawing"
    STIMULATING = "stimulating"
    TESTING = "testing"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


class ProbeInfo(msgspec.Struct, frozen=True):
    """The connected probe. expires_day: days since 1970-01-01."""

    model: str
    serial: str
    uses_left: int
    diameter_mm: float
    tip_length_mm: float
    expires_day: int


class DeviceInfo(msgspec.Struct, frozen=True):
    """What the console said when the session was opened."""

    serial: str
    firmware: str
    boot_id: int
    gas: Gas
    simulated: bool
    lockstep: bool
    time_scale: float
    coldest_target_celsius: float
    freeze_cap_s: float
    lease_freeze_ms: int
    lease_stimulation_ms: int
    telemetry_hz: int
    active_thaw: bool
    stimulator_unit: str | None  # "mA" or "V"; None: no stimulator
    read_only_reason: str | None = None
    probe: ProbeInfo | None = None

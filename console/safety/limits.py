"""The thresholds of limits.toml, as types. Units are in the names and in that file."""

from typing import Any

import msgspec

from console.model.device import Gas


class LinkLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the link and of this computer."""

    lost_ms: float
    lost_lockstep_ms: float
    grey_ms: float
    stale_ms: float
    stale_wall_ms: float
    screen_lost_ms: float
    slept_ms: float
    unexpected_grace_ms: float


class FreezeLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a running freeze."""

    over_cool_below_target_celsius: float
    over_cool_ms: int
    absolute_ms: int
    overrun_ms: int
    cool_watch_above_target_celsius: float
    cool_started_above_celsius: float
    cool_fall_celsius: float
    cool_fall_ms: int
    cool_late_above_target_celsius: float
    cool_late_ms: int
    reach_ms: int
    held_above_target_celsius: float
    held_ms: int


class SensorLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the tip's reading."""

    jump_celsius: float
    stuck_celsius: float
    stuck_ms: int
    stuck_begins_ms: int


class SupplyLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the supply's reading."""

    unknown_ms: int


class FlowLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the flow through the orifice."""

    blocked_share: float
    blocked_ms: int
    least_valve_percent: int


class ModelLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the gas that holding a target takes."""

    residual_celsius: float
    residual_ms: int
    mean_ms: int
    settle_ms: int


class ShutLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the time after the gas went off."""

    settle_ms: int
    freezing_flow_mg_s: float
    flow_share: float
    flow_ms: int
    cold_celsius: float
    rise_celsius: float
    rise_ms: int
    unknown_ms: int


class ReleaseLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the probe's release."""

    above_celsius: float
    for_ms: int


class GasLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one gas."""

    supply_start_kpa: tuple[float, float]
    lowest_tip_celsius: float
    impossible_celsius: float


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them."""

    link: LinkLimits
    freeze: FreezeLimits
    shut: ShutLimits
    sensor: SensorLimits
    supply: SupplyLimits
    flow: FlowLimits
    model: ModelLimits
    release: ReleaseLimits
    n2o: GasLimits
    co2: GasLimits

    def of(self, gas: Gas) -> GasLimits:
        """The limits of `gas`."""
        return self.n2o if gas is Gas.N2O else self.co2


def thresholds(limits: Limits) -> dict[str, float]:
    """All limits by dotted name; the two ends of a range are .low and .high."""
    flat: dict[str, float] = {}
    for group, values in msgspec.to_builtins(limits).items():
        for name, value in values.items():
            if isinstance(value, list | tuple):
                flat[f"{group}.{name}.low"], flat[f"{group}.{name}.high"] = map(float, value)
            else:
                flat[f"{group}.{name}"] = float(value)
    return flat


def from_thresholds(flat: dict[str, float]) -> Limits:
    """The limits of which `flat` are the thresholds. ValueError when one is missing or unknown."""
    nested: dict[str, dict[str, Any]] = {}
    for dotted, value in flat.items():
        group, _, name = dotted.partition(".")
        name, _, end = name.partition(".")
        values = nested.setdefault(group, {})
        if end not in ("", "low", "high"):
            raise ValueError(f"unknown threshold {dotted}")
        if end:
            values[name] = (flat.get(f"{group}.{name}.low"), flat.get(f"{group}.{name}.high"))
        else:
            values[name] = int(value) if value.is_integer() else value  # it may be an int's
    return msgspec.convert(nested, Limits)

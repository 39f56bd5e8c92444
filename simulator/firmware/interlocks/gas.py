"""Predicates over supply, exhaust, flow and time. Limits: safety.md and product.md."""

from typing import Final

from simulator.firmware.model import Device
from simulator.firmware.settings import ABSOLUTE_CAP_MS, TIP_PRESSURE_CAP_KPA

OVERTIME_MS: Final = 1_000
FLOW_GONE_MS: Final = 2_000
SHUT_FLOW_SHARE: Final = 0.10
BLOCKED_FLOW_SHARE: Final = 0.30
LEAST_DUTY: Final = 0.10
"""Below it the flow sensor cannot tell a blocked orifice from a nearly shut valve."""
SIPHON_CELSIUS: Final = -20.0
LIQUID_LEAST_DUTY: Final = 0.20
LIQUID_HOSE_K: Final = 6.0
LIQUID_FLOW_SHARE: Final = (1.2, 1.5)
"""Flashing liquid passes the orifice about 1.3 times as fast as vapour; a valve that stands open by
itself can pass as much, but leaves the hose warm."""


def freeze_too_long(device: Device, now_ms: int) -> float | None:
    """Gas is on 1 s after its end, or 300 s after its start: the timer has failed. Seconds."""
    freeze = device.freeze
    if freeze is None:
        return None
    late = now_ms > freeze.end_ms + OVERTIME_MS or now_ms > freeze.on_ms + ABSOLUTE_CAP_MS
    return (now_ms - freeze.on_ms) / 1_000 if late else None


def exhaust_blocked(device: Device, now_ms: int) -> float | None:
    """Over 3 bar above ambient in the tip. kPa."""
    kpa = device.readings.exhaust_kpa
    return kpa if kpa is not None and kpa > TIP_PRESSURE_CAP_KPA else None


def supply_low(device: Device, now_ms: int) -> float | None:
    """Supply under the gas's stop limit. kPa."""
    kpa = device.readings.supply_kpa
    return kpa if kpa is not None and kpa < device.settings.supply_stop_kpa[0] else None


def supply_high(device: Device, now_ms: int) -> float | None:
    """Supply over the gas's stop limit. kPa."""
    kpa = device.readings.supply_kpa
    return kpa if kpa is not None and kpa > device.settings.supply_stop_kpa[1] else None


def supply_extreme(device: Device, now_ms: int) -> float | None:
    """Supply over what the cylinder may ever have. kPa."""
    kpa = device.readings.supply_kpa
    return kpa if kpa is not None and kpa > device.settings.supply_extreme_kpa else None


def orifice_blocked(device: Device, now_ms: int) -> float | None:
    """Valve open, supply good, but under 30 % of the flow that this duty gives. mg/s."""
    readings, settings = device.readings, device.settings
    flow, supply, duty = readings.flow_mg_s, readings.supply_kpa, device.facts.duty_mean
    if flow is None or supply is None or not readings.valve_open or duty < LEAST_DUTY:
        return None
    if supply < settings.supply_stop_kpa[0]:
        return None
    return flow if flow < BLOCKED_FLOW_SHARE * duty * settings.full_flow_mg_s else None


def flow_when_shut(device: Device, now_ms: int) -> float | None:
    """Gas flows 2 s after it was shut. mg/s."""
    flow, off_ms = device.readings.flow_mg_s, device.facts.gas_off_ms
    if flow is None or device.drive.valve_duty > 0:
        return None
    if off_ms is not None and now_ms < off_ms + FLOW_GONE_MS:
        return None
    return flow if flow > SHUT_FLOW_SHARE * device.settings.full_flow_mg_s else None


def siphon(device: Device, now_ms: int) -> float | None:
    """The console's end of the hose is as cold as only liquid makes it. °C."""
    celsius = device.readings.hose_celsius
    return celsius if celsius is not None and celsius < SIPHON_CELSIUS else None


def too_much_flow(device: Device, now_ms: int) -> float | None:
    """More flow than vapour gives at this duty, and the hose is getting cold at the console's end:
    liquid comes, and twice the cold. mg/s."""
    readings, duty = device.readings, device.facts.duty_mean
    flow, hose, room = readings.flow_mg_s, readings.hose_celsius, readings.room_celsius
    if flow is None or hose is None or room is None or duty < LIQUID_LEAST_DUTY:
        return None
    if hose >= room - LIQUID_HOSE_K:
        return None
    share = flow / (duty * device.settings.full_flow_mg_s)
    return flow if LIQUID_FLOW_SHARE[0] < share < LIQUID_FLOW_SHARE[1] else None

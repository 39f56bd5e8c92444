"""Predicates over the tip's temperature and its thermocouple. Limits: safety.md."""

from typing import Final

from drivers.link.codes import Fault, Quality
from simulator.firmware.model import Device

OVER_COOL_K: Final = 10.0
NOT_COOLING_ABOVE_K: Final = 10.0
FIRST_FALL_K: Final = 10.0
FIRST_FALL_MS: Final = 15_000
STARTED_WARM_CELSIUS: Final = -10.0
FAR_ABOVE_K: Final = 20.0
FAR_ABOVE_MS: Final = 45_000
STAYS_COLD_CELSIUS: Final = -40.0
STAYS_COLD_RISE_K: Final = 10.0
STAYS_COLD_MS: Final = 5_000
STAYS_COLD_UNTIL_MS: Final = 5_500
JUMP_K: Final = 30.0
STUCK_MS: Final = 3_000
STUCK_WITHIN_MS: Final = 6_000
"""Standing still counts when it begins within 3 s of the valve's move, and so shows by 6 s."""
STUCK_LEAST_GAS_MS: Final = 1_000
"""Gas that ended sooner need not have moved the tip: the reading may stand for good reason."""
OVER_WARM_CELSIUS: Final = 45.0

_OPEN, _SHORT = Quality.OPEN, Quality.SHORT  # an enumeration's member is dear to ask for


def over_cool(device: Device, now_ms: int) -> float | None:
    """10 °C under the target. °C."""
    tip, freeze = device.readings.tip_celsius, device.freeze
    if tip is None or freeze is None:
        return None
    return tip if tip < freeze.plan.target_celsius - OVER_COOL_K else None


def cooled_past_limit(device: Device, now_ms: int) -> float | None:
    """Colder than a tip with this gas may ever be, but not colder than it can be: that is
    `impossible`'s. °C."""
    tip, settings = device.readings.tip_celsius, device.settings
    if tip is None or not settings.impossible_celsius <= tip < settings.lowest_tip_celsius:
        return None
    return tip


def fails_to_cool(device: Device, now_ms: int) -> float | None:
    """Far above the target, and no fall in 15 s or still 20 °C away at 45 s. °C."""
    tip, freeze, started = (
        device.readings.tip_celsius,
        device.freeze,
        device.facts.tip_at_on_celsius,
    )
    if tip is None or freeze is None or tip <= freeze.plan.target_celsius + NOT_COOLING_ABOVE_K:
        return None
    elapsed = now_ms - freeze.on_ms
    no_fall = (
        elapsed >= FIRST_FALL_MS
        and started is not None
        and started > STARTED_WARM_CELSIUS
        and started - tip < FIRST_FALL_K
    )
    far = elapsed >= FAR_ABOVE_MS and tip > freeze.plan.target_celsius + FAR_ABOVE_K
    return tip if no_fall or far else None


def stays_cold(device: Device, now_ms: int) -> float | None:
    """5 s after the valve was shut from below -40 °C the tip has risen less than 10 °C. °C."""
    tip, facts = device.readings.tip_celsius, device.facts
    if tip is None or facts.gas_off_ms is None or facts.tip_at_off_celsius is None:
        return None
    if not STAYS_COLD_MS <= now_ms - facts.gas_off_ms <= STAYS_COLD_UNTIL_MS:
        return None
    # A stuck thermocouple is named by its own row, and says nothing about gas.
    if facts.tip_at_off_celsius >= STAYS_COLD_CELSIUS or device.faults & Fault.THERMOCOUPLE_STUCK:
        return None
    return tip if tip - facts.tip_at_off_celsius < STAYS_COLD_RISE_K else None


def impossible(device: Device, now_ms: int) -> float | None:
    """Colder than this gas can boil at one bar. °C."""
    tip = device.readings.tip_celsius
    return tip if tip is not None and tip < device.settings.impossible_celsius else None


def jumped_and_back(device: Device, now_ms: int) -> float | None:
    """30 °C away and back within three samples: no tip does that. °C of the spike."""
    tips = device.facts.tips
    if len(tips) < 3:
        return None
    first, spike, last = tips
    if first is None or spike is None or last is None:
        return None
    there, back = spike - first, spike - last
    return spike if min(abs(there), abs(back)) >= JUMP_K and there * back > 0 else None


def thermocouple_open(device: Device, now_ms: int) -> float | None:
    """The front end says open, though a probe is there."""
    readings = device.readings
    return 0.0 if readings.tip_quality is _OPEN and readings.probe is not None else None


def thermocouple_short(device: Device, now_ms: int) -> float | None:
    """The front end says short, though a probe is there."""
    readings = device.readings
    return 0.0 if readings.tip_quality is _SHORT and readings.probe is not None else None


def thermocouple_stuck(device: Device, now_ms: int) -> float | None:
    """The valve was moved, and for 3 s the tip reads the same within 0.1 °C. °C."""
    tip, facts = device.readings.tip_celsius, device.facts
    moved_ms, off_ms = facts.gas_on_ms, facts.gas_off_ms
    if tip is None or moved_ms is None:
        return None
    if off_ms is not None and off_ms >= moved_ms:
        if off_ms - moved_ms < STUCK_LEAST_GAS_MS:
            return None
        moved_ms = off_ms
    still_ms = now_ms - max(moved_ms, facts.anchor_ms)
    return tip if still_ms >= STUCK_MS and now_ms - moved_ms <= STUCK_WITHIN_MS else None


def over_warm(device: Device, now_ms: int) -> float | None:
    """Warming is seen on, and the tip is hotter than tissue may get. °C."""
    readings = device.readings
    tip = readings.tip_celsius if readings.warming else None
    return tip if tip is not None and tip > OVER_WARM_CELSIUS else None

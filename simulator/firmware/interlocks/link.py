"""Predicates over the lease, the probe's presence and the power."""

from drivers.link.codes import DeviceState
from drivers.link.device import lease_left_ms
from simulator.firmware.model import Device
from simulator.firmware.settings import LEASE_FREEZE_MS, LEASE_STIMULATION_MS

_STIMULATING = DeviceState.STIMULATING  # an enumeration's member is dear to ask for


def lease_lost(device: Device, now_ms: int) -> float | None:
    """The host has not evaluated anything for the lease's length. Milliseconds since it did."""
    stimulating = device.state is _STIMULATING
    lease_ms = LEASE_STIMULATION_MS if stimulating else LEASE_FREEZE_MS
    if lease_left_ms(device.link, lease_ms, now_ms) > 0:
        return None
    return float(now_ms - (device.link.echo_ms or 0))


def probe_missing(device: Device, now_ms: int) -> float | None:
    """The probe's chip does not answer."""
    return 0.0 if device.readings.probe is None else None


def probe_changed(device: Device, now_ms: int) -> float | None:
    """Another chip answers than the one identified."""
    seen, known = device.readings.probe, device.probe
    if seen is None or known is None:
        return None
    return 0.0 if seen.serial != known.serial else None


def brown_out(device: Device, now_ms: int) -> float | None:
    """The supply voltage has dipped."""
    return 0.0 if device.readings.brown_out else None


def restarted_by_watchdog(device: Device, now_ms: int) -> float | None:
    """Never by a reading: the fault is set at the boot after the watchdog has bitten."""
    return None

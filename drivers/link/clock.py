"""The device's time as the host reckons it, pure.

Frames come late, never early: the sample with the largest (device time - scaled host time) was the
least delayed, and gives the offset. The offset may fall by DRIFT_ALLOWED so that a slow device
clock is followed too.
"""

from typing import Final

import msgspec

DRIFT_ALLOWED: Final = 0.0005
"""Parts of elapsed time by which the two clocks may part; crystals keep 0.0001."""


class DeviceClock(msgspec.Struct, frozen=True):
    """offset_ms: device ms minus scale x host ms; stamp_ms: newest stamp; heard_ms: host time."""

    scale: float = 1.0
    lockstep: bool = False
    offset_ms: float | None = None
    stamp_ms: int = 0
    heard_ms: float = 0.0
    first: tuple[float, int] | None = None


def sampled(clock: DeviceClock, stamp_ms: int, host_ms: float) -> DeviceClock:
    """After a frame stamped `stamp_ms` came at `host_ms`."""
    sample = stamp_ms - clock.scale * host_ms
    if clock.offset_ms is None:
        offset = sample
    else:
        elapsed = host_ms - clock.heard_ms
        offset = max(sample, clock.offset_ms - DRIFT_ALLOWED * clock.scale * elapsed)
    return msgspec.structs.replace(
        clock,
        offset_ms=offset,
        stamp_ms=max(clock.stamp_ms, stamp_ms),  # an answer may overtake telemetry
        heard_ms=host_ms,
        first=clock.first or (host_ms, stamp_ms),
    )


def scaled(clock: DeviceClock, scale: float, lockstep: bool) -> DeviceClock:
    """With a newly announced time scale; the offset starts anew."""
    return DeviceClock(scale=scale, lockstep=lockstep)


def device_now_ms(clock: DeviceClock, host_ms: float) -> float | None:
    """Device time at `host_ms`, None before the first sample. In lockstep the device's clock
    stands still between frames, so it is the newest stamp."""
    if clock.offset_ms is None:
        return None
    if clock.lockstep:
        return float(clock.stamp_ms)
    return max(float(clock.stamp_ms), clock.offset_ms + clock.scale * host_ms)


def drift_ppm(clock: DeviceClock, over_ms: float = 10_000.0) -> float | None:
    """How far the device's rate is off, in parts per million; None before `over_ms` of samples."""
    if clock.first is None or clock.lockstep or clock.scale == 0:
        return None
    host, device = clock.first
    elapsed = clock.heard_ms - host
    if elapsed < over_ms:
        return None
    return ((clock.stamp_ms - device) / (clock.scale * elapsed) - 1) * 1e6

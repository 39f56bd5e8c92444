"""One axis of time for a whole session: seconds of the device's own time since its first frame.

A device that restarts begins to count anew. The axis goes on from its last frame before, by the
wall time between the two: the frames of a session never overlap on it.
"""

import msgspec


class Timeline(msgspec.Struct):
    """Told of every frame in the order of the record; places any device time of the boot it is in.

    `boots` counts the restarts; `offset_ms` is of the boot now.
    """

    first_ms: int | None = None
    offset_ms: float = 0.0
    boots: int = 0
    _boot_id: int | None = None
    _fresh: bool = False
    _last_ms: int = 0
    _last_wall_s: float = 0.0

    def connected(self, boot_id: int) -> None:
        """The device said who it is; another boot than before begins with its next frame."""
        if self._boot_id is not None and boot_id != self._boot_id:
            self._fresh = True
        self._boot_id = boot_id

    def frame(self, device_ms: int, wall_s: float) -> float:
        """The place of a frame stamped `device_ms`, heard at `wall_s`; s since the first."""
        if self.first_ms is None:
            self.first_ms = device_ms
        elif self._fresh or device_ms < self._last_ms:
            gap_ms = max(0.0, wall_s - self._last_wall_s) * 1_000
            ended_ms = self._last_ms + self.offset_ms
            self.offset_ms = ended_ms + gap_ms - device_ms
            self.boots += 1
        self._fresh = False
        self._last_ms, self._last_wall_s = device_ms, wall_s
        return self.at_s(device_ms)

    def heard(self, device_ms: int) -> bool:
        """Whether a frame of this boot has come with that time or a later one."""
        return self.first_ms is not None and not self._fresh and device_ms <= self._last_ms

    def at_s(self, device_ms: int) -> float:
        """The place of a device time of this boot; 0 before the first frame."""
        if self.first_ms is None:
            return 0.0
        return (device_ms + self.offset_ms - self.first_ms) / 1_000

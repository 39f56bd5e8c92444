"""Which device time it is, by the wall."""


class WallClock:
    """Device ms as wall seconds times a scale. Scale 0 stands still."""

    def __init__(self, wall_s: float, device_ms: float, scale: float) -> None:
        self._wall_s = wall_s
        self._device_ms = device_ms
        self.scale = scale

    def device_ms(self, wall_s: float) -> float:
        """Device time at `wall_s`."""
        return self._device_ms + (wall_s - self._wall_s) * 1_000 * self.scale

    def wall_s(self, device_ms: float) -> float | None:
        """When `device_ms` is due, None while the clock stands."""
        if self.scale <= 0:
            return None
        return self._wall_s + (device_ms - self._device_ms) / 1_000 / self.scale

    def rescale(self, wall_s: float, scale: float) -> None:
        """Runs at `scale` from `wall_s` on."""
        if scale != self.scale:
            self._device_ms = self.device_ms(wall_s)
            self._wall_s = wall_s
            self.scale = scale

    def lose(self, seconds: float) -> None:
        """Forgives that much wall time: the device is that much behind, and stays so."""
        self._wall_s += seconds

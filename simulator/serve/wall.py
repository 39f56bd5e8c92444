"""Pace `wall`: device time is wall time times the scale, whatever the host does."""

import time
from collections.abc import Callable
from typing import Final

from drivers.link.frame import Deframer
from simulator.line_faults import split
from simulator.serve.clock import WallClock
from simulator.serve.door import Door
from simulator.serve.mailbox import Item, Job, Joined, Left, Mailbox, Quit, Received
from simulator.station import Station, newest_telemetry

PAUSED_FRAME_S: Final = 0.05
LONGEST_WAIT_S: Final = 0.5
FORGIVEN_S: Final = 0.1
UNPLUGGED_S: Final = 10.0
STALE_MS: Final = 250.0
"""Telemetry that a stopped process would have sent is not sent afterwards."""


def serve_wall(
    station: Station,
    door: Door,
    mailbox: Mailbox,
    *,
    unplugged: bool = False,
    wall: Callable[[], float] = time.monotonic,
    cpu: Callable[[], float] = time.process_time,
) -> None:
    """Runs until told to quit, or 10 s after a host that nobody follows has left."""
    _Wall(station, door, mailbox, wall, cpu).serve(unplugged=unplugged)


class _Wall:
    def __init__(
        self,
        station: Station,
        door: Door,
        mailbox: Mailbox,
        wall: Callable[[], float],
        cpu: Callable[[], float],
    ) -> None:
        self._station = station
        self._door = door
        self._mailbox = mailbox
        self._wall = wall
        self._cpu = cpu
        self._deframer = Deframer()
        self._clock = WallClock(wall(), station.firmware.world_ms, _scale(station))
        self._ends_at_s: float | None = None

    def serve(self, *, unplugged: bool) -> None:
        repeat_at_s = self._wall()
        if unplugged:
            self._ends_at_s = repeat_at_s + UNPLUGGED_S
        while self._ends_at_s is None or self._wall() < self._ends_at_s:
            items = self._mailbox.take(self._wait_s())
            self._catch_up()
            for item in items:
                if isinstance(item, Quit):
                    return
                self._do(item)
            self._clock.rescale(self._wall(), _scale(self._station))
            if self._clock.scale == 0 and self._wall() >= repeat_at_s:
                repeat_at_s = self._wall() + PAUSED_FRAME_S
                self._station.firmware.repeat_telemetry()
                self._send()

    def _catch_up(self) -> None:
        """Time first, bytes second: after a stop of this process the lease must have run out
        before a frame that waited meanwhile is heard, and before one is sent."""
        station, began_s, spent_s = self._station, self._wall(), self._cpu()
        to_ms = int(self._clock.device_ms(began_s))
        behind = to_ms - station.firmware.world_ms > STALE_MS * max(1.0, self._clock.scale)
        station.run(to_ms)
        self._send(stale=behind)
        late_s = self._wall() - began_s
        if late_s > FORGIVEN_S:
            # Time that our own arithmetic took is lost to the device; time in which this process
            # did not run is not.
            self._clock.lose(min(late_s, self._cpu() - spent_s))

    def _do(self, item: Item) -> None:
        if isinstance(item, Received):
            self._catch_up()
            for found in self._deframer.feed(item.data):
                self._station.hear(found)
                self._send()
        elif isinstance(item, Joined):
            self._deframer = Deframer()
        elif isinstance(item, Job):
            item.do()
            self._send()
        elif isinstance(item, Left) and self._door.ends_with_host and self._ends_at_s is None:
            self._ends_at_s = self._wall() + UNPLUGGED_S

    def _wait_s(self) -> float:
        due_s = self._clock.wall_s(self._station.next_ms)
        if due_s is None:
            return PAUSED_FRAME_S
        return max(0.0, min(LONGEST_WAIT_S, due_s - self._wall()))

    def _send(self, *, stale: bool = False) -> None:
        urgent, others = self._station.outgoing()
        knobs = self._station.line.knobs
        if urgent:
            self._door.send(split(urgent, knobs), urgent=True)
        if others:
            self._door.send(split(newest_telemetry(others) if stale else others, knobs))


def _scale(station: Station) -> float:
    return min(station.time_scale, 10.0) * station.drift

"""Pace `wall`: device time is wall time times the scale, whatever the host does."""

import time
from collections.abc import Callable
from typing import Final

from drivers.link.frame import Deframer
from simulator.line_faults import split
from simulator.serve.clock import WallClock
from simulator.serve.door import Door
from simulator.serve.mailbox import Job, Joined, Left, Mailbox, Quit, Received
from simulator.station import Station

PAUSED_FRAME_S: Final = 0.05
LONGEST_WAIT_S: Final = 0.5
FORGIVEN_S: Final = 0.1
UNPLUGGED_S: Final = 10.0


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
    deframer = Deframer()
    began = wall()
    clock = WallClock(began, station.firmware.world_ms, _scale(station))
    ends_at = began + UNPLUGGED_S if unplugged else None
    repeat_at = began
    while True:
        items = mailbox.take(_wait_s(station, clock, wall()))
        # Time first, bytes second: after a stop of this process the lease must have run out before
        # a frame that waited meanwhile is heard, and before one is sent.
        now, spent = wall(), cpu()
        station.run(int(clock.device_ms(now)))
        spent = cpu() - spent
        _send(station, door)
        for item in items:
            if isinstance(item, Received):
                for found in deframer.feed(item.data):
                    station.hear(found)
                    _send(station, door)
            elif isinstance(item, Joined):
                deframer = Deframer()
            elif isinstance(item, Job):
                item.do()
                _send(station, door)
            elif isinstance(item, Left):
                if door.ends_with_host and ends_at is None:
                    ends_at = now + UNPLUGGED_S
            elif isinstance(item, Quit):
                return
        late = wall() - now
        if late > FORGIVEN_S:
            # Time that our own arithmetic took is lost to the device; time in which this process
            # did not run is not.
            clock.lose(min(late, spent))
        clock.rescale(wall(), _scale(station))
        if clock.scale == 0 and wall() >= repeat_at:
            repeat_at = wall() + PAUSED_FRAME_S
            station.firmware.repeat_telemetry()
            _send(station, door)
        if ends_at is not None and wall() >= ends_at:
            return


def _scale(station: Station) -> float:
    return min(station.time_scale, 10.0) * station.drift


def _wait_s(station: Station, clock: WallClock, now: float) -> float:
    due = clock.wall_s(station.next_ms)
    return PAUSED_FRAME_S if due is None else max(0.0, min(LONGEST_WAIT_S, due - now))


def _send(station: Station, door: Door) -> None:
    urgent, others = station.outgoing()
    if urgent:
        door.send(split(urgent, station.line.knobs), urgent=True)
    if others:
        door.send(split(others, station.line.knobs))

"""Pace `lockstep`: device time waits for the host.

The device stands at t until the host has evaluated what it sent at t (a heartbeat that echoes it),
does every frame that came before that heartbeat at t, in the order of its bytes, and only then
runs on to its next telemetry, at most 50 ms. So the same bytes from the host give the same bytes
from the device, however fast either runs.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from drivers.link.frame import Deframer, Flaw, Frame
from drivers.link.messages import Heartbeat, read
from simulator.line_faults import split
from simulator.serve.clock import WallClock
from simulator.serve.door import Door
from simulator.serve.mailbox import Job, Joined, Left, Mailbox, Quit, Received
from simulator.station import Station, newest_stamp

LONGEST_WAIT_S: Final = 0.5
PAUSED_FRAME_S: Final = 0.05


class _End(Exception):  # noqa: N818 - an end, not an error
    """Told to quit, or nobody is left: `unplugged`."""

    def __init__(self, *, unplugged: bool) -> None:
        super().__init__()
        self.unplugged = unplugged


class Lockstep:
    """The loop, one block at a time."""

    def __init__(
        self,
        station: Station,
        door: Door,
        mailbox: Mailbox,
        wall: Callable[[], float] = time.monotonic,
    ) -> None:
        self._station = station
        self._door = door
        self._mailbox = mailbox
        self._wall = wall
        self._deframer = Deframer()
        self._frames: deque[Frame | Flaw] = deque()
        self._awaited_ms: int | None = None
        self._clock = WallClock(wall(), station.firmware.world_ms, station.time_scale)

    def serve(self) -> bool:
        """Runs until told to quit (False), or until a host that nobody follows has left (True)."""
        try:
            while True:
                self._hear_block()
                self._hold_back()
                self._station.run(self._station.firmware.telemetry_at_ms)
                self._awaited_ms = None
                self._send()
        except _End as over:
            return over.unplugged

    def _hear_block(self) -> None:
        """Does what the host says at this moment, up to the heartbeat that lets time pass."""
        while True:
            while self._frames:
                found = self._frames.popleft()
                passes = self._lets_pass(found)
                self._station.hear(found)
                self._send()
                if passes:
                    return
            session = self._station.firmware.device.link.session
            if session and self._awaited_ms is None and self._station.time_scale > 0:
                # Nothing that the line let through could be answered: nothing to wait for.
                self._take(0.0)
                if not self._frames:
                    return
                continue
            self._take(LONGEST_WAIT_S)

    def _lets_pass(self, found: Frame | Flaw) -> bool:
        device = self._station.firmware.device
        if isinstance(found, Flaw) or found.session != device.link.session:
            return False
        message = read(found)
        return (
            isinstance(message, Heartbeat)
            and self._awaited_ms is not None
            and message.echo_ms >= self._awaited_ms
        )

    def _hold_back(self) -> None:
        """Speed is a ceiling; scale 0 stands still and sends what is so, 20 times a second."""
        while True:
            now = self._wall()
            self._clock.rescale(now, self._station.time_scale)
            due = self._clock.wall_s(self._station.firmware.telemetry_at_ms)
            if due is None:
                self._station.firmware.repeat_telemetry()
                self._send()
                self._take(PAUSED_FRAME_S)
                self._hear_paused()
            elif due > now:
                self._take(due - now)
            else:
                self._clock.lose(max(0.0, now - due))  # a ceiling is no promise
                return

    def _hear_paused(self) -> None:
        while self._frames:
            self._station.hear(self._frames.popleft())
            self._send()

    def _take(self, timeout_s: float) -> None:
        for item in self._mailbox.take(timeout_s):
            if isinstance(item, Received):
                self._frames.extend(self._deframer.feed(item.data))
            elif isinstance(item, Joined):
                self._deframer = Deframer()
            elif isinstance(item, Job):
                item.do()
                self._send()
            elif isinstance(item, Left) and self._door.ends_with_host:
                raise _End(unplugged=True)
            elif isinstance(item, Quit):
                raise _End(unplugged=False)

    def _send(self) -> None:
        urgent, others = self._station.outgoing()
        knobs = self._station.line.knobs
        if urgent:
            self._door.send(split(urgent, knobs), urgent=True)
        if others:
            self._door.send(split(others, knobs))
            stamp = newest_stamp(others)
            if stamp is not None:
                self._awaited_ms = stamp

"""Frames on their way out, pure: STOP before everything, the newest heartbeat only, and one frame
at a time, so that a STOP never stands behind a buffer of the operating system."""

from collections import deque
from typing import Final

from drivers.link.frame import Frame, encode
from drivers.link.messages import Heartbeat, Stop

FRAMES_KEPT: Final = 64


class OutboxFullError(Exception):
    """FRAMES_KEPT frames wait already: the port does not take them."""


class Outbox:
    """A bounded queue. Not thread safe: who owns it hands `take`'s frame to the port."""

    def __init__(self) -> None:
        self._stop: Frame | None = None
        self._frames: deque[Frame] = deque()

    def __len__(self) -> int:
        return len(self._frames) + (self._stop is not None)

    def put(self, frame: Frame) -> None:
        """Adds `frame`. A STOP goes first and replaces one that waits; a heartbeat replaces, where
        it stands, the one that waits. Raises OutboxFullError for any other frame when the queue
        is full; a STOP and a replacing heartbeat always find room."""
        if frame.kind == Stop.KIND:
            self._stop = frame
            return
        if frame.kind == Heartbeat.KIND:
            for place, waiting in enumerate(self._frames):
                if waiting.kind == Heartbeat.KIND:
                    self._frames[place] = frame
                    return
        if len(self._frames) >= FRAMES_KEPT:
            raise OutboxFullError(f"{FRAMES_KEPT} frames wait to be sent")
        self._frames.append(frame)

    def take(self) -> bytes | None:
        """The bytes of the next frame, None when nothing waits."""
        if self._stop is not None:
            frame, self._stop = self._stop, None
            return encode(frame)
        return encode(self._frames.popleft()) if self._frames else None

    def clear(self) -> None:
        """Drops all but a STOP: the line was lost, and what waited is stale."""
        self._frames.clear()

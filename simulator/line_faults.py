"""Faults of the line, put between the device and its host: frames lost, changed, doubled, late."""

import random
from collections import deque
from collections.abc import Mapping
from typing import Final

from drivers.link.frame import Flaw, Frame
from simulator.knobs import LINE_KNOBS
from simulator.physics.faults import Faults

_NOISE_BYTES: Final = 12


class LineFaults:
    """Seeded. With no knob turned everything passes untouched."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"line {seed}")
        self._late: deque[tuple[int, bytes]] = deque()
        self.knobs = Faults(LINE_KNOBS)

    @property
    def holds(self) -> bool:
        """Whether frames are held back."""
        return bool(self._late)

    def incoming(self, found: Frame | Flaw) -> list[Frame | Flaw]:
        """What reaches the device of one frame from the host."""
        if not self.knobs:
            return [found]
        if self._lost():
            return []
        if self._hit("link_corrupt"):
            found = Flaw.CHECK
        return [found, found] if self._hit("link_duplicate") else [found]

    def outgoing(self, frames: list[bytes], now_ms: int) -> list[bytes]:
        """What goes on the wire now of `frames`, and of earlier ones that were held back."""
        if not self.knobs and not self._late:
            return frames
        delay = round(self.knobs.get("link_delay", 0))
        ready: list[bytes] = []
        for frame in frames:
            for sent in self._spoilt(frame):
                if delay or self._late:
                    self._late.append((now_ms + delay, sent))
                else:
                    ready.append(sent)
        while self._late and self._late[0][0] <= now_ms:
            ready.append(self._late.popleft()[1])
        return ready

    def _spoilt(self, frame: bytes) -> list[bytes]:
        if self._lost():
            return []
        if self._hit("link_corrupt"):
            place = self._chance.randrange(len(frame) - 1)
            changed = frame[place] ^ 1 << self._chance.randrange(8) or 0x55
            frame = frame[:place] + bytes((changed,)) + frame[place + 1 :]
        noise = [
            bytes(self._chance.randrange(1, 256) for _ in range(_NOISE_BYTES)) + b"\0"
            for _ in range(round(self.knobs.get("link_flood", 0)))
        ]
        return [*noise, frame, frame] if self._hit("link_duplicate") else [*noise, frame]

    def _lost(self) -> bool:
        return self.knobs.get("link_silence", 0) > 0 or self._hit("link_drop")

    def _hit(self, name: str) -> bool:
        share = self.knobs.get(name, 0.0)
        return share > 0 and self._chance.random() < share


def split(frames: list[bytes], knobs: Mapping[str, float]) -> list[bytes]:
    """The pieces in which `frames` are written: whole, or single bytes under `link_split`."""
    if knobs.get("link_split", 0) > 0:
        return [bytes((byte,)) for frame in frames for byte in frame]
    return frames

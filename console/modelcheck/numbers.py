"""Sequence numbers and sessions. Only their order means anything: states that differ by nothing but
how far somebody has counted are made one by closing the gaps between the numbers in use."""

from typing import Final, NamedTuple

import msgspec

from drivers.link.frame import Frame

NEWEST: Final = 40
"""What the newest sequence number and the newest session are called; the others in use follow down
from there. 0 is none."""


class Used(NamedTuple):
    """Numbers in use, a bit for each."""

    sequences: int = 0
    sessions: int = 0

    @property
    def in_order(self) -> bool:
        """Whether they go down from NEWEST without a gap."""
        return _no_gap(self.sequences) and _no_gap(self.sessions)


def _no_gap(bits: int) -> bool:
    return bits + (bits & -bits) == 1 << NEWEST + 1


def used(*frames: Frame | None) -> Used:
    """The numbers of frames."""
    sequences = sessions = 0
    for frame in frames:
        if frame is not None:
            sequences |= 1 << frame.sequence
            sessions |= 1 << frame.session
    return together(Used(sequences, sessions))


def together(*parts: Used) -> Used:
    """What any of them uses."""
    sequences = sessions = 0
    for part in parts:
        sequences |= part.sequences
        sessions |= part.sessions
    return Used(sequences & ~1, sessions & ~1)


class Anew(NamedTuple):
    """The number in the place of each number in use."""

    sequences: tuple[tuple[int, int], ...]
    sessions: tuple[tuple[int, int], ...]

    def sequence(self, number: int) -> int:
        """What stands for a sequence number."""
        return dict(self.sequences).get(number, 0)

    def session(self, number: int) -> int:
        """What stands for a session; 0 for one that nobody uses."""
        return dict(self.sessions).get(number, 0)

    def frame(self, frame: Frame) -> Frame:
        """The frame so numbered."""
        return msgspec.structs.replace(
            frame, sequence=self.sequence(frame.sequence), session=self.session(frame.session)
        )


def closed_up(numbers: Used) -> Anew:
    """New numbers in the same order, without a gap."""
    return Anew(_closed_up(numbers.sequences), _closed_up(numbers.sessions))


def _closed_up(bits: int) -> tuple[tuple[int, int], ...]:
    up = [number for number in range(bits.bit_length()) if bits >> number & 1]
    lowest = NEWEST + 1 - len(up)
    return tuple((number, lowest + rank) for rank, number in enumerate(up))

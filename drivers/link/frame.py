"""Frames: bytes in, frames out, and back.

A frame is `COBS(header + payload)`, five check bytes, then a zero. The check is the CRC-32C of the
encoded bytes, written in five groups of seven bits with the top bit set, so that the zero ends a
frame and stands nowhere inside one. The receiver checks before it unstuffs: a check inside the
stuffing would lose its distance to a single flipped stuffing byte.
"""

from enum import IntEnum
from struct import Struct

import msgspec
from cobs import cobs
from fastcrc import crc32

HOST_FRAME_BYTES = 64
"""Longest frame from host to device, with its zero."""
DEVICE_FRAME_BYTES = 128
"""Longest frame from device to host, with its zero."""

_HEADER = Struct("<BBHII")
_CHECK_BYTES = 5
_SHORTEST = _HEADER.size + 1 + _CHECK_BYTES
MAX_PAYLOAD_BYTES = DEVICE_FRAME_BYTES - _SHORTEST - 1

_check = crc32.iscsi

# Two groups of seven bits as their two check bytes, and the last four bits: a look-up is the
# quickest way that Python has to write or to compare five bytes.
_TWO_GROUPS = [bytes((0x80 | low, 0x80 | high)) for high in range(128) for low in range(128)]
_LAST_BITS = [bytes((0x80 | bits,)) for bits in range(16)]


def _check_bytes(stuffed: bytes) -> bytes:
    crc = _check(stuffed)
    return _TWO_GROUPS[crc & 0x3FFF] + _TWO_GROUPS[crc >> 14 & 0x3FFF] + _LAST_BITS[crc >> 28]


class Flaw(IntEnum):
    """Why bytes between two zeros are no frame."""

    TOO_SHORT = 1
    TOO_LONG = 2
    CHECK = 3
    STUFFING = 4
    LENGTH = 5


class Frame(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One frame: its header and its payload, unread."""

    kind: int
    sequence: int
    session: int
    device_ms: int
    payload: bytes


def encode(frame: Frame) -> bytes:
    """The bytes of `frame`, its closing zero included.

    Raises ValueError when a header field or the payload's length does not fit.
    """
    if len(frame.payload) > MAX_PAYLOAD_BYTES:
        raise ValueError(f"payload of {len(frame.payload)} bytes, at most {MAX_PAYLOAD_BYTES} fit")
    try:
        header = _HEADER.pack(
            frame.kind, len(frame.payload), frame.sequence, frame.session, frame.device_ms
        )
    except Exception as error:
        raise ValueError(f"header does not fit: {error}") from error
    stuffed: bytes = cobs.encode(header + frame.payload)
    return stuffed + _check_bytes(stuffed) + b"\0"


def decode(chunk: bytes) -> Frame | Flaw:
    """The frame in `chunk`, the bytes between two zeros, or what is wrong with them. Never raises
    for any bytes without a zero."""
    if len(chunk) < _SHORTEST:
        return Flaw.TOO_SHORT
    if len(chunk) >= DEVICE_FRAME_BYTES:
        return Flaw.TOO_LONG
    stuffed = chunk[:-_CHECK_BYTES]
    # Comparing bytes, not the number in them, also refuses a cleared top bit.
    if chunk[-_CHECK_BYTES:] != _check_bytes(stuffed):
        return Flaw.CHECK
    try:
        raw = cobs.decode(stuffed)
    except cobs.DecodeError:
        return Flaw.STUFFING
    # Unstuffing takes off one byte of the 13 or more: the header is always whole.
    kind, length, sequence, session, device_ms = _HEADER.unpack_from(raw)
    if length != len(raw) - _HEADER.size:
        return Flaw.LENGTH
    return Frame(kind, sequence, session, device_ms, raw[_HEADER.size :])


class Deframer:
    """Cuts a stream of bytes into frames, whatever the pieces it comes in.

    It holds at most one unfinished frame. Bytes that run past the longest frame without a zero
    are one flaw, however many they are, and are dropped up to the next zero. Zeros that follow
    each other are nothing: a sender may begin with one to end whatever noise came before.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._overrun = False

    def feed(self, data: bytes) -> list[Frame | Flaw]:
        """Frames and flaws that `data` completes, in order."""
        return [decode(chunk) if chunk else Flaw.TOO_LONG for chunk in self.cut(data)]

    def cut(self, data: bytes) -> list[bytes]:
        """The bytes between zeros that `data` completes, not yet decoded; empty ones stand for
        bytes that ran past the longest frame."""
        *chunks, rest = (self._rest + data).split(b"\0")
        found = []
        for chunk in chunks:
            if self._overrun:
                self._overrun = False
            elif chunk:
                found.append(chunk)
        if len(rest) >= DEVICE_FRAME_BYTES or (self._overrun and rest):
            if not self._overrun:
                found.append(b"")
            self._overrun = True
            rest = b""
        self._rest = rest
        return found

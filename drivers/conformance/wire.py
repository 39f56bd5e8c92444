"""The port as the suite sees it: bytes out as they are, frames in with their raw bytes."""

import time
from collections.abc import Callable
from typing import Any, Final

import msgspec
from serial import SerialException

from drivers.conformance.verdicts import PortGoneError
from drivers.link.frame import Deframer, Flaw, Frame, decode
from drivers.link.messages import Message, read
from drivers.transport import lost_words, open_port

READ_WAIT_S: Final = 0.01
_PIECE_BYTES: Final = 256
_MOST_BYTES: Final = 4_096
NO_FRAME: Final = Frame(-1, -1, -1, 0, b"")


class Seen(msgspec.Struct, frozen=True):
    """One frame from the device, or a flaw. `raw` is without its zero; `message` is None for a
    flaw and for what version 1 does not know; `wall_s` is when it came."""

    found: Frame | Flaw
    message: Message | None
    raw: bytes
    wall_s: float

    @property
    def frame(self) -> Frame:
        """The frame; for a flaw one that is like no other."""
        return NO_FRAME if isinstance(self.found, Flaw) else self.found


class Wire:
    """An open port. Every byte read is handed to `recorded` first, where given."""

    def __init__(self, url: str, recorded: Callable[[bytes], None] | None = None) -> None:
        """Raises drivers.transport.PortError."""
        self._url = url
        self._port: Any = open_port(url, timeout_s=READ_WAIT_S)
        # pyserial says of a socket that one byte waits, however many do.
        self._by_the_byte = url.startswith("socket://")
        self._deframer = Deframer()
        self._recorded = recorded

    def read(self) -> list[Seen]:
        """What has come since; waits READ_WAIT_S for the first byte. Raises PortGoneError."""
        try:
            data = self._port.read(self._port.in_waiting or 1)
            if data and self._by_the_byte:
                self._port.timeout = 0
                data += self._port.read(_MOST_BYTES)
                self._port.timeout = READ_WAIT_S
        except (SerialException, OSError, ValueError, TypeError) as error:
            raise PortGoneError(lost_words(self._url, error)) from error
        if not data:
            return []
        if self._recorded is not None:
            self._recorded(data)
        now = time.monotonic()
        return [_seen(raw, now) for raw in self._deframer.cut(data)]

    def write(self, data: bytes) -> None:
        """Sends all of `data`. Raises PortGoneError."""
        try:
            for at in range(0, len(data), _PIECE_BYTES):
                self._port.write(data[at : at + _PIECE_BYTES])
            self._port.flush()
        except (SerialException, OSError, ValueError, TypeError) as error:
            raise PortGoneError(lost_words(self._url, error)) from error

    def close(self) -> None:
        """Closes the port."""
        self._port.close()


def _seen(raw: bytes, wall_s: float) -> Seen:
    found = decode(raw) if raw else Flaw.TOO_LONG
    message = read(found) if isinstance(found, Frame) else None
    return Seen(found, message, raw, wall_s)

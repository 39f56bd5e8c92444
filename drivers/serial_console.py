"""The driver: a port in two threads, bytes between zeros in, frames out.

The reader opens the port, reads it, and opens it again when it is lost; the writer hands one frame
at a time to the operating system, so that a STOP never waits behind a buffer. Whoever owns the
driver hears of everything by one callback, called on those threads.
"""

import contextlib
import threading
from collections.abc import Callable
from typing import Any, Final

import msgspec
from serial import SerialException

from drivers.link.frame import Deframer, Frame
from drivers.outbox import Outbox, OutboxFullError
from drivers.transport import PortError, find_port, lost_words, open_port, usb_serial_of

RETRY_EVERY_S: Final = 1.0
READ_TIMEOUT_S: Final = 0.05
_END: Final = 5.0


class Opened(msgspec.Struct, frozen=True):
    """The port is open; nothing has been sent on it yet."""


class Failed(msgspec.Struct, frozen=True):
    """The port could not be opened. It is tried again."""

    words: str


class Lost(msgspec.Struct, frozen=True):
    """The port was open and is gone. It is tried again."""

    words: str


class Chunk(msgspec.Struct, frozen=True):
    """Bytes between two zeros; empty when they ran past the longest frame."""

    raw: bytes


News = Opened | Failed | Lost | Chunk


class SerialConsole:
    """One console on the port `url`, which is followed by the serial number of its USB plug when
    that comes back under another name. `reopen` is False for a port that is not to be tried again.
    `recorded`, where given, sees every byte read, before anything else."""

    def __init__(
        self,
        url: str,
        on_news: Callable[[News], None],
        *,
        reopen: bool = True,
        recorded: Callable[[bytes], None] | None = None,
    ) -> None:
        self._url = url
        self._usb_serial: str | None = None
        self._was_open = False
        self._on_news = on_news
        self._reopen = reopen
        self._recorded = recorded
        self._outbox = Outbox()
        self._change = threading.Condition()
        self._port: Any = None  # pyserial has no types
        self._closing = threading.Event()
        self._reader = threading.Thread(target=self._read, name="port reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name="port writer", daemon=True)

    def start(self) -> None:
        """Begins to open the port; returns at once."""
        self._reader.start()
        self._writer.start()

    def send(self, frame: Frame) -> None:
        """Queues one frame; never blocks. What is sent while no port is open, or while the port
        takes nothing and too much waits, is dropped: its sender hears no answer."""
        with self._change, contextlib.suppress(OutboxFullError):
            if self._port is not None:
                self._outbox.put(frame)
                self._change.notify_all()

    def close(self) -> None:
        """Sends what is queued, as far as the port takes it, and closes."""
        with self._change:
            self._change.wait_for(lambda: self._port is None or not self._outbox, timeout=0.5)
            self._closing.set()
            self._change.notify_all()
        self._reader.join(_END)
        self._writer.join(_END)

    # --- the threads --------------------------------------------------------------------------

    def _read(self) -> None:
        while not self._closing.is_set():
            try:
                port = self._open()
            except PortError as error:
                self._on_news(Failed(str(error)))
            else:
                words = self._serve(port)
                if self._closing.is_set():
                    return
                self._on_news(Lost(words))
            if not self._reopen or self._closing.wait(RETRY_EVERY_S):
                return

    def _open(self) -> Any:
        if self._usb_serial is not None:
            self._url = find_port(self._usb_serial, self._url)
        port = open_port(self._url)
        if not self._was_open:
            # At the first opening alone: a number that was not the plug's own then may be the only
            # one left later, on another console.
            self._was_open = True
            self._usb_serial = usb_serial_of(self._url)
        return port

    def _serve(self, port: Any) -> str:
        deframer = Deframer()
        port.timeout = READ_TIMEOUT_S
        with self._change:
            self._port = port
            self._outbox = Outbox()
        self._on_news(Opened())
        try:
            while not self._closing.is_set():
                data = port.read(port.in_waiting or 1)
                if not data:
                    continue
                if self._recorded is not None:
                    self._recorded(data)
                for raw in deframer.cut(data):
                    self._on_news(Chunk(raw))
            return "closed"
        except (SerialException, OSError, ValueError, TypeError) as error:
            # pyserial raises the last two when a port is closed under its reader.
            return lost_words(self._url, error)
        finally:
            with self._change:
                self._port = None
                self._change.notify_all()
            port.close()

    def _write(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(
                    lambda: self._closing.is_set() or (self._port is not None and self._outbox)
                )
                if self._closing.is_set() and (self._port is None or not self._outbox):
                    return
                port, data = self._port, self._outbox.take()
                if not self._outbox:
                    self._change.notify_all()
            if port is None or data is None:
                continue
            try:
                port.write(data)
                port.flush()
            except (SerialException, OSError, ValueError, TypeError):
                # The reader sees the same loss and tells it once; nothing more is sent meanwhile.
                with self._change:
                    self._outbox.clear()

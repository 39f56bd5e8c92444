"""Where a host comes in."""

from collections.abc import Callable
from threading import Thread
from typing import Protocol

from simulator.serve.mailbox import Joined, Left, Mailbox, Received
from simulator.serve.writer import Writer


class Door(Protocol):
    """One way to the device, for one host at a time."""

    @property
    def where(self) -> str:
        """How a host reaches it, for people and for pyserial."""

    @property
    def ends_with_host(self) -> bool:
        """Whether no other host can come after the first."""

    def open(self, mailbox: Mailbox) -> None:
        """Begins to listen, telling `mailbox`. Raises OSError."""

    def send(self, frames: list[bytes], *, urgent: bool = False) -> None:
        """Towards the host; dropped when there is none."""

    def close(self) -> None:
        """Ends it and takes away what it left in the file system."""


class Stream:
    """A connection: a thread reads it, another writes it."""

    def __init__(
        self,
        mailbox: Mailbox,
        read: Callable[[], bytes],
        write: Callable[[bytes], None],
        ended: Callable[[], None] | None = None,
    ) -> None:
        """`read` blocks until bytes come and answers b"" at the end; `ended` is called by the
        reading thread before the mailbox hears of it."""
        self._mailbox = mailbox
        self._read = read
        self._ended = ended
        mailbox.post(Joined())
        self.writer = Writer(write, lambda: mailbox.post(Left()))
        self._reader = Thread(target=self._run, name="reader", daemon=True)
        self._reader.start()

    def _run(self) -> None:
        while True:
            try:
                data = self._read()
            except (OSError, ValueError):
                data = b""  # a connection reset is an end like any other
            if not data:
                break
            self._mailbox.post(Received(data))
        self.writer.close()
        if self._ended is not None:
            self._ended()
        self._mailbox.post(Left())

"""The line on standard input and output: what `sim://` uses."""

import os
import sys

from simulator.serve.door import Stream
from simulator.serve.mailbox import Mailbox
from simulator.serve.writing import write_all


class StdioDoor:
    """Standard output carries frames only: what else is printed goes to standard error."""

    where = "standard input and output"
    ends_with_host = True

    def __init__(self) -> None:
        self._stream: Stream | None = None

    def open(self, mailbox: Mailbox) -> None:
        """Takes descriptors 0 and 1 over."""
        inward, outward = os.dup(0), os.dup(1)
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on Windows alone

            msvcrt.setmode(inward, os.O_BINARY)
            msvcrt.setmode(outward, os.O_BINARY)
        os.dup2(2, 1)
        self._stream = Stream(
            mailbox, lambda: os.read(inward, 65_536), lambda data: write_all(outward, data)
        )

    def send(self, frames: list[bytes], *, urgent: bool = False) -> None:
        """Towards the host."""
        if self._stream is not None:
            self._stream.writer.put(frames, urgent=urgent)

    def close(self) -> None:
        """Nothing to take away: the process is about to end."""
        if self._stream is not None:
            self._stream.writer.flush(0.2)

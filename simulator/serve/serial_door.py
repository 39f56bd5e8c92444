"""The line on a real serial port: the simulator as the device on the bench."""

import serial

from simulator.serve.door import Stream
from simulator.serve.mailbox import Mailbox

BAUD = 115_200


class SerialDoor:
    """Hosts come and go unseen."""

    ends_with_host = False

    def __init__(self, device: str) -> None:
        self._device = device
        self._stream: Stream | None = None

    @property
    def where(self) -> str:
        """The port's name."""
        return self._device

    def open(self, mailbox: Mailbox) -> None:
        """Opens the port for itself alone. Raises OSError (SerialException is one)."""
        port = serial.Serial(self._device, BAUD, exclusive=True, timeout=None)

        def read() -> bytes:
            # One byte blocks; the rest of what is there comes with it.
            first = port.read(1)
            return bytes(first + port.read(port.in_waiting))

        def write(data: bytes) -> None:
            port.write(data)

        self._stream = Stream(mailbox, read, write)

    def send(self, frames: list[bytes], *, urgent: bool = False) -> None:
        """Onto the line."""
        if self._stream is not None:
            self._stream.writer.put(frames, urgent=urgent)

    def close(self) -> None:
        """The port goes with the process."""

"""`sim://n2o?speed=20&seed=1&pace=lockstep&scenario=NAME&control=LINK&cell_mm=0.5`: the bundled
simulator as a port like any other. It is started when the port is opened and ended with it.

`pace` is wall unless it is named. A line that cannot be made is a SerialException with one line of
reason. Nothing heavy may be imported here: pyserial tells an ImportError in this module as
"protocol not known".
"""

from typing import Any

from serial.serialutil import (
    PortNotOpenError,
    SerialBase,
    SerialException,
    SerialTimeoutException,
)

from drivers.urls._address import arguments
from drivers.urls._child import Child, GoneError


class Serial(SerialBase):  # type: ignore[misc]
    """The port. Baud rate, parity and control lines are taken and mean nothing."""

    is_open: bool

    def open(self) -> None:
        """Starts the simulator. Raises SerialException."""
        if self._port is None:
            raise SerialException("Port must be configured before it can be used.")
        if self.is_open:
            raise SerialException("Port is already open.")
        try:
            self._child = Child(arguments(self._port))
        except (ValueError, OSError) as error:
            raise SerialException(str(error)) from None
        self.is_open = True

    def close(self) -> None:
        """Ends the simulator; gas and stimulation end with it."""
        if self.is_open:
            self.is_open = False
            self._child.close()

    @property
    def pid(self) -> int:
        """Process id of the simulator, for tests that stop or kill it."""
        return self._opened().pid

    @property
    def in_waiting(self) -> int:
        """Bytes that can be read without waiting."""
        try:
            return self._opened().waiting
        except GoneError as error:
            raise SerialException(str(error)) from None

    def read(self, size: int = 1) -> bytes:
        """Up to `size` bytes, fewer when the port's timeout is over."""
        try:
            return self._opened().read(size, self._timeout)
        except GoneError as error:
            raise SerialException(str(error)) from None

    def write(self, data: Any) -> int:
        """Writes `data` whole. Raises SerialTimeoutException when write_timeout is over first."""
        raw = bytes(data)
        try:
            written = self._opened().write(raw, self._write_timeout)
        except GoneError as error:
            raise SerialException(str(error)) from None
        if written < len(raw):
            raise SerialTimeoutException("Write timeout")
        return written

    def cancel_read(self) -> None:
        """Lets a blocked `read` in another thread return."""
        self._opened().cancel_read()

    def cancel_write(self) -> None:
        """Nothing: a write ends by itself or by its timeout."""

    def flush(self) -> None:
        """Nothing: what is written is with the simulator."""

    def reset_input_buffer(self) -> None:
        """Drops what has come in."""
        self._opened().discard()

    def reset_output_buffer(self) -> None:
        """Nothing: nothing is held back."""

    def _opened(self) -> Child:
        if not self.is_open:
            raise PortNotOpenError()
        return self._child

    def _reconfigure_port(self) -> None:
        pass

    def _update_dtr_state(self) -> None:
        pass

    def _update_rts_state(self) -> None:
        pass

    def _update_break_state(self) -> None:
        pass

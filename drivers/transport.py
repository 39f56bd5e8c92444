"""Opens the port of a console: a name like COM3 or /dev/ttyUSB0, or a URL of pyserial
(`socket://`, `rfc2217://`) or of ours (`sim://`)."""

import errno
import os
import sys
from typing import Any, Final

import msgspec
import serial
from serial.tools import list_ports as _list_ports

from drivers.inputs.address import AddressError, is_simulator, named

BAUD: Final = 115_200
WRITE_TIMEOUT_S: Final = 0.5
_HANDLERS: Final = "drivers.urls"


class PortError(Exception):
    """The port cannot be opened; the message is one line for the operator."""


class PortInfo(msgspec.Struct, frozen=True):
    """A serial port of this computer. `usb_serial` is the same when the plug is put elsewhere."""

    url: str
    description: str
    usb_serial: str | None = None
    usb_id: tuple[int, int] | None = None


def list_ports() -> list[PortInfo]:
    """The serial ports that a console might be on: USB ones first, then by name."""
    ports = [
        PortInfo(
            url=port.device,
            description=port.description if port.description != "n/a" else port.device,
            usb_serial=port.serial_number or None,
            usb_id=(port.vid, port.pid) if port.vid is not None else None,
        )
        for port in _list_ports.comports()
    ]
    return sorted(ports, key=lambda port: (port.usb_id is None, port.url))


def usb_serial_of(url: str) -> str | None:
    """The serial number of the USB plug behind the port `url`; None where it has none, or shares
    it with another plug: cheap ones are all "0001"."""
    if "://" in url:
        return None
    names = (url, os.path.realpath(url))  # /dev/serial/by-id/... is a link
    ports = list_ports()
    found = next((port.usb_serial for port in ports if port.url in names), None)
    return found if [port.usb_serial for port in ports].count(found) == 1 else None


def find_port(usb_serial: str, last_url: str) -> str:
    """The port that the USB plug with this serial number is on now.

    Raises PortError when it is on none: whatever else took its name is not this console. And when
    two plugs have that number by now: nobody knows which of them is it.
    """
    urls = [port.url for port in list_ports() if port.usb_serial == usb_serial]
    if not urls:
        raise PortError(f"The USB plug {usb_serial}, last on {last_url}, is not plugged in.")
    if len(urls) > 1:
        raise PortError(
            f"The USB plugs on {' and '.join(urls)} have the same number {usb_serial}: "
            "pull all but the console's."
        )
    return urls[0]


def open_port(url: str, *, timeout_s: float | None = 0.1) -> Any:
    """The open port, a pyserial object, for nobody else.

    `timeout_s` is how long a `read` waits for its bytes; a write that takes longer than
    WRITE_TIMEOUT_S raises SerialTimeoutException. The board's reset lines are left as they are.
    Raises PortError.
    """
    try:
        url = named(url)
    except AddressError as error:
        raise PortError(str(error)) from None
    if _HANDLERS not in serial.protocol_handler_packages:
        serial.protocol_handler_packages.append(_HANDLERS)
    try:
        port = serial.serial_for_url(url, do_not_open=True)
        port.baudrate = BAUD
        port.timeout = timeout_s
        if not url.startswith("rfc2217://"):  # pyserial has no write timeout there
            port.write_timeout = WRITE_TIMEOUT_S
        if "://" not in url:
            port.exclusive = True
        port.open()
    except (serial.SerialException, ValueError, OSError) as error:
        raise PortError(_reason(url, error)) from error
    _hold_lines(port)
    return port


def _hold_lines(port: Any) -> None:
    """Keeps DTR from falling when the port is closed.

    The system raises DTR and RTS at the first opening and pyserial leaves them so; many boards
    restart on the next rise. Without hang-up-on-close there is no fall, and so no rise, at the
    second opening and later ones.
    """
    if sys.platform == "win32" or not isinstance(port, serial.Serial):
        return
    import termios  # noqa: PLC0415 - does not exist on Windows

    try:
        attributes = termios.tcgetattr(port.fd)
        attributes[2] &= ~termios.HUPCL
        termios.tcsetattr(port.fd, termios.TCSANOW, attributes)
    except termios.error as error:
        port.close()
        raise PortError(f"{port.port} is no serial port: {error.args[-1]}.") from error


_REASONS: Final = {
    errno.ENOENT: "{url} is not there. Is the console plugged in and on?",
    errno.ENXIO: "{url} is not there. Is the console plugged in and on?",
    errno.ENODEV: "{url} is not there. Is the console plugged in and on?",
    errno.EACCES: "You may not use {url}. On Linux: add your user to the group dialout.",
    errno.EPERM: "You may not use {url}. On Linux: add your user to the group dialout.",
    errno.EBUSY: "{url} is in use by another program.",
    errno.EAGAIN: "{url} is in use by another program.",
    errno.ECONNREFUSED: "{url} refused the connection: nobody listens there.",
    errno.EHOSTUNREACH: "{url} cannot be reached.",
    errno.ENETUNREACH: "{url} cannot be reached.",
    errno.ETIMEDOUT: "{url} does not answer.",
    errno.EISDIR: "{url} is no serial port.",
    errno.ENOTTY: "{url} is no serial port.",
}


def _reason(url: str, error: BaseException) -> str:
    text = " ".join(str(error).split())
    number = _errno(error)
    if number in _REASONS:
        return _REASONS[number].format(url=url)
    lowered = text.lower()
    for words, like in _WORDS:
        if words in lowered:
            return _REASONS[like].format(url=url)
    return f"{url} cannot be opened: {text}" if url not in text else text


def lost_words(url: str, error: BaseException) -> str:
    """Why an open port is gone, for the operator."""
    text = " ".join(str(error).split())
    if is_simulator(url):
        return text  # our own words
    if any(words in text.lower() for words in _CLOSED) or isinstance(error, ConnectionError):
        return f"the other end of {url} has closed the connection"
    return f"{url} is gone: was its cable pulled, or its console switched off?"


_CLOSED: Final = ("socket disconnected", "connection lost", "connection reset", "broken pipe")

# pyserial keeps some system errors as text alone.
_WORDS: Final = (
    ("exclusively lock", errno.EBUSY),
    ("access is denied", errno.EBUSY),
    ("filenotfounderror", errno.ENOENT),
    ("connection refused", errno.ECONNREFUSED),
    ("timed out", errno.ETIMEDOUT),
    ("name or service not known", errno.EHOSTUNREACH),
    ("inappropriate ioctl", errno.ENOTTY),
)


def _errno(error: BaseException | None) -> int | None:
    while error is not None:
        number = getattr(error, "errno", None)
        if isinstance(number, int):
            return number
        error = error.__cause__ or error.__context__
    return None

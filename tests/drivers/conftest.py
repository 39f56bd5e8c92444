"""Which USB plugs this computer has, as a test wants it."""

from collections.abc import Callable, Mapping

import pytest

from drivers import transport

UsbPorts = Callable[[Mapping[str, str | None]], None]


class _Found:
    def __init__(self, device: str, serial_number: str | None) -> None:
        self.device, self.serial_number, self.description = device, serial_number, "n/a"
        self.vid, self.pid = (None, None) if serial_number is None else (0x403, 0x10)


@pytest.fixture
def usb_ports(monkeypatch: pytest.MonkeyPatch) -> UsbPorts:
    """Called with the serial number of each plug by its port; None for a port on the board."""

    def now(ports: Mapping[str, str | None]) -> None:
        found = [_Found(name, number) for name, number in ports.items()]
        monkeypatch.setattr(transport._list_ports, "comports", lambda: found)

    return now

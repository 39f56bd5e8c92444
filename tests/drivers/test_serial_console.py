"""The driver finds its plug again where it was put, and takes nothing else for it."""

import os
import queue
import sys
from collections.abc import Iterator

import pytest

from drivers import serial_console
from drivers.serial_console import Chunk, Failed, Lost, News, Opened, SerialConsole
from tests.drivers.conftest import UsbPorts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")

HANGS_S = 10.0


class Plug:
    """A serial port whose far end the test holds."""

    def __init__(self) -> None:
        self.far, self._near = os.openpty()
        self.name = os.ttyname(self._near)
        os.close(self._near)

    def pull(self) -> None:
        if self.far >= 0:
            os.close(self.far)
        self.far = -1


@pytest.fixture
def plugs() -> Iterator[tuple[Plug, Plug]]:
    both = Plug(), Plug()
    yield both
    for plug in both:
        plug.pull()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> "queue.Queue[News]":
    monkeypatch.setattr(serial_console, "RETRY_EVERY_S", 0.01)
    return queue.Queue()


def test_a_plug_put_elsewhere_is_found_again(
    plugs: tuple[Plug, Plug], usb_ports: UsbPorts, heard: "queue.Queue[News]"
) -> None:
    first, second = plugs
    usb_ports({first.name: "A1"})
    console = SerialConsole(first.name, heard.put)
    console.start()
    try:
        assert heard.get(timeout=HANGS_S) == Opened()
        usb_ports({second.name: "A1"})
        first.pull()
        assert isinstance(heard.get(timeout=HANGS_S), Lost)
        assert heard.get(timeout=HANGS_S) == Opened()
        os.write(second.far, b"\x01\x02\x00")
        assert heard.get(timeout=HANGS_S) == Chunk(b"\x01\x02")
    finally:
        console.close()


def test_another_plug_under_the_same_name_is_not_taken_for_it(
    plugs: tuple[Plug, Plug], usb_ports: UsbPorts, heard: "queue.Queue[News]"
) -> None:
    first, second = plugs
    usb_ports({first.name: "A1"})
    console = SerialConsole(first.name, heard.put)
    console.start()
    try:
        assert heard.get(timeout=HANGS_S) == Opened()
        usb_ports({first.name: "B2", second.name: "C3"})
        first.pull()
        assert isinstance(heard.get(timeout=HANGS_S), Lost)
        failed = heard.get(timeout=HANGS_S)
        assert isinstance(failed, Failed)
        assert failed.words == f"The USB plug A1, last on {first.name}, is not plugged in."
    finally:
        console.close()


def test_a_number_that_two_plugs_share_is_never_followed(
    plugs: tuple[Plug, Plug], usb_ports: UsbPorts, heard: "queue.Queue[News]"
) -> None:
    first, second = plugs
    usb_ports({first.name: "0001", second.name: "0001"})
    console = SerialConsole(first.name, heard.put)
    console.start()
    try:
        assert heard.get(timeout=HANGS_S) == Opened()
        usb_ports({second.name: "0001"})
        first.pull()
        lost = heard.get(timeout=HANGS_S)
        assert isinstance(lost, Lost)
        assert lost.words.startswith(f"{first.name} is gone: was its cable pulled")
        for _ in range(3):
            failed = heard.get(timeout=HANGS_S)
            assert isinstance(failed, Failed)
            assert first.name in failed.words
    finally:
        console.close()

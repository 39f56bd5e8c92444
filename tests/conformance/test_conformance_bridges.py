"""The suite passes through lines that other people have made: socat, a TCP serial server and
RFC 2217, as pyserial gives them."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial
from serial import rfc2217

from tests.conformance.device import bad, conform, console

# A minute of device time that says nothing about a line.
_WITHOUT = ["safety.stimulator-minute"]


def _appears(path: Path) -> Path:
    deadline = time.monotonic() + 10
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} does not appear"
        threading.Event().wait(0.01)
    return path


@pytest.fixture
def joined(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Two pseudo-terminals joined by socat: what goes into one comes out of the other."""
    assert shutil.which("socat"), "socat is missing: apt-get install socat"
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    process = subprocess.Popen(
        ["socat", *(f"pty,raw,echo=0,link={end}" for end in (ours, theirs))],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _appears(ours), _appears(theirs)
    finally:
        process.terminate()
        process.wait(10)


class Terminal(serial.Serial):
    """A pseudo-terminal as a serial port: it has no modem lines to set or to read."""

    cts = dsr = ri = cd = False

    def _update_dtr_state(self) -> None:
        pass

    def _update_rts_state(self) -> None:
        pass


@contextmanager
def bridge(device: str, wrap: Callable[..., "Line"]) -> Iterator[int]:
    """A serial server: one TCP client and the serial port `device`, joined by `wrap`; its port."""
    port = Terminal(device, 115_200, timeout=0.02)
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with client:
            _carry(port, client, wrap(port, client), over)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.close()
        thread.join(5)
        port.close()


class Line:
    """A plain serial server: bytes go through as they are."""

    def __init__(self, port: serial.Serial, client: socket.socket) -> None:
        self.client = client

    def write(self, data: bytes) -> None:
        self.client.sendall(data)

    def outward(self, data: bytes) -> bytes:
        return data

    def inward(self, data: bytes) -> bytes:
        return data


class Rfc2217(Line):
    """pyserial's own RFC 2217 server."""

    def __init__(self, port: serial.Serial, client: socket.socket) -> None:
        super().__init__(port, client)
        self._manager = rfc2217.PortManager(port, self)

    def outward(self, data: bytes) -> bytes:
        return b"".join(self._manager.escape(data))

    def inward(self, data: bytes) -> bytes:
        return b"".join(self._manager.filter(data))


def _carry(port: serial.Serial, client: socket.socket, line: Line, over: threading.Event) -> None:
    def to_client() -> None:
        while not over.is_set():
            data = port.read(port.in_waiting or 1)
            try:
                line.write(line.outward(data))
            except OSError:
                return

    thread = threading.Thread(target=to_client, daemon=True)
    thread.start()
    client.settimeout(0.1)
    while not over.is_set():
        try:
            data = client.recv(4_096)
        except TimeoutError:
            continue
        except OSError:
            break
        if not data:
            break
        port.write(line.inward(data))
    over.set()
    thread.join(5)


@pytest.mark.seeds
def test_through_two_terminals_joined_by_socat(joined: tuple[Path, Path]) -> None:
    ours, theirs = joined
    with console("healthy", ("--serial", str(theirs))):
        assert not bad(conform(str(ours), without=_WITHOUT))


@pytest.mark.seeds
def test_through_a_tcp_serial_server(tmp_path: Path) -> None:
    with (
        console("healthy", ("--pty", str(tmp_path / "port"))) as device,
        bridge(device, Line) as number,
    ):
        assert not bad(conform(f"socket://127.0.0.1:{number}", without=_WITHOUT))


@pytest.mark.seeds
@pytest.mark.filterwarnings("ignore:set:DeprecationWarning")  # pyserial's own
def test_through_rfc_2217(tmp_path: Path) -> None:
    with (
        console("healthy", ("--pty", str(tmp_path / "port"))) as device,
        bridge(device, Rfc2217) as number,
    ):
        url = f"rfc2217://127.0.0.1:{number}?ign_set_control"
        assert not bad(conform(url, without=_WITHOUT))

"""How fast what waits in a port becomes messages, beside the usual ways to read one."""

import contextlib
import os
import random
import statistics
import time
import tty
import warnings
from collections.abc import Callable

import can
import serial

from drivers.link.frame import Deframer, Frame, decode, encode
from drivers.link.messages import Telemetry, payload_bytes, read
from tests.bench.figure import Figure, p99, spread

RUNS = 5
BATCHES = 100
AT_ONCE = 24
"""Frames that wait: what a terminal holds, in less than its 4,096 bytes."""

_SIZE = payload_bytes(Telemetry.KIND) or 0
_FD_BYTES, _FD_LENGTH = 48, "E"  # the least CAN FD frame that carries as much


class _Terminal:
    """A line whose far end is in hand."""

    def __init__(self) -> None:
        self._far, self._near = os.openpty()
        tty.setraw(self._near)
        self.path = os.ttyname(self._near)

    def put(self, data: bytes) -> None:
        assert os.write(self._far, data) == len(data)

    def take(self) -> None:
        """Forgets what was said to this end."""
        os.set_blocking(self._far, False)
        with contextlib.suppress(BlockingIOError):
            os.read(self._far, 65_536)

    def close(self) -> None:
        os.close(self._far)
        os.close(self._near)


def _rates(terminal: _Terminal, waiting: bytes, drain: Callable[[], int]) -> list[float]:
    rates = []
    for _ in range(BATCHES):
        terminal.put(waiting)
        began = time.perf_counter()
        found = 0
        while found < AT_ONCE:
            found += drain()
        rates.append(found / (time.perf_counter() - began))
        assert found == AT_ONCE
    return rates


def _frames() -> bytes:
    chance = random.Random(3)
    return b"".join(
        encode(Frame(Telemetry.KIND, n, 7, n * 50, chance.randbytes(_SIZE))) for n in range(AT_ONCE)
    )


def _as_the_driver(port: serial.Serial) -> Callable[[], int]:
    deframer = Deframer()

    def drain() -> int:
        chunks = deframer.cut(port.read(port.in_waiting or 1))
        return sum(_is_telemetry(chunk) for chunk in chunks)

    return drain


def _as_read_until(port: serial.Serial) -> Callable[[], int]:
    return lambda: _is_telemetry(port.read_until(b"\0")[:-1])


def _is_telemetry(chunk: bytes) -> bool:
    frame = decode(chunk)
    return isinstance(frame, Frame) and isinstance(read(frame), Telemetry)


def figures() -> dict[str, Figure]:
    """Frames per second from a terminal to a typed message, and the same of pyserial's read_until
    and of python-can's slcan with frames that carry as much."""
    terminal, others = _Terminal(), _Terminal()
    port = serial.Serial(terminal.path, timeout=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bus = can.Bus(interface="slcan", channel=others.path, sleep_after_open=0)
    others.take()
    chance = random.Random(4)
    slcan = "".join(
        f"d123{_FD_LENGTH}{chance.randbytes(_FD_BYTES).hex()}\r" for _ in range(AT_ONCE)
    ).encode()
    frames = _frames()
    driver, until = _as_the_driver(port), _as_read_until(port)

    def of_slcan() -> int:
        message = bus.recv(1)
        return message is not None and len(message.data) == _FD_BYTES

    ours: list[float] = []
    medians: list[float] = []
    theirs: dict[str, list[float]] = {"pyserial": [], "slcan": []}
    for run in range(RUNS + 1):
        rates = _rates(terminal, frames, driver)
        by_until = _rates(terminal, frames, until)
        by_slcan = _rates(others, slcan, of_slcan)
        if run:  # the first warms up
            ours += rates
            medians.append(statistics.median(rates))
            theirs["pyserial"] += by_until
            theirs["slcan"] += by_slcan
    bus.shutdown()
    port.close()
    terminal.close()
    others.close()
    median = statistics.median(ours)
    found = {}
    for name, rates in theirs.items():
        peer = statistics.median(rates)
        found[f"port_to_message_{name}"] = Figure(
            median,
            p99(ours, worst="low"),
            "frames/s",
            "no less than its peer",
            median >= peer,
            peer,
            median / peer,
            spread(medians),
        )
    return found

"""Lines that a test holds in its hand: a terminal opened as a host opens it, a terminal with the
test at its far end, and a tap between a host and the simulator."""

import contextlib
import os
import select
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

from drivers.link.frame import Deframer, Flaw, Frame


class Terminal:
    """The near end of a terminal at `path`: what a host that is no program of ours would see."""

    def __init__(self, path: str) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self.descriptor)
        self._deframer = Deframer()

    def read(self) -> bytes:
        """What is there, perhaps nothing."""
        data = b""
        while True:
            try:
                more = os.read(self.descriptor, 65_536)
            except BlockingIOError:
                return data
            if not more:
                return data
            data += more

    def frames(self) -> list[Frame | Flaw]:
        """The whole frames that have come since the last call."""
        return self._deframer.feed(self.read())

    def fill(self, data: bytes) -> int:
        """Writes `data` again and again until the terminal takes no more; how often that was."""
        whole = 0
        try:
            while os.write(self.descriptor, data) == len(data):
                whole += 1
        except BlockingIOError:
            pass
        return whole

    def close(self) -> None:
        os.close(self.descriptor)


class FarEnd:
    """A new terminal whose device is the test; `port` is what a host opens. Nobody answers unless
    the test does."""

    def __init__(self, link: Path | None = None) -> None:
        self.master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.ending = threading.Event()
        self.port = os.ttyname(self._slave)
        if link is not None:
            link.unlink(missing_ok=True)
            link.symlink_to(self.port)
            self.port = str(link)

    def read(self, within_s: float) -> bytes:
        """What a host has written; waits for it."""
        if select.select([self.master], [], [], within_s)[0]:
            return os.read(self.master, 65_536)
        return b""

    def write(self, data: bytes) -> None:
        """All of it, towards the host, however slowly that reads; nothing more after the end."""
        view = memoryview(data)
        while view and not self.ending.is_set():
            if select.select([], [self.master], [], 0.05)[1]:
                view = view[os.write(self.master, view[:512]) :]

    def close(self) -> None:
        os.close(self.master)
        os.close(self._slave)


class Tap:
    """Stands between a host and a device, passes every byte on and keeps it with its time of
    arrival. A host opens `port`. `inject` puts bytes on the line towards the host. Once the device
    has gone, nobody is there."""

    def __init__(self, device_port: str, link: Path) -> None:
        self._far = FarEnd(link)
        self._near = Terminal(device_port)
        self.port = self._far.port
        self.from_host: list[tuple[float, bytes]] = []
        self.from_device: list[bytes] = []
        self._writing = threading.Lock()
        self._over = threading.Event()
        self.struck = threading.Event()
        self._strike: tuple[int, Callable[[], object]] | None = None
        self._deframer = Deframer()
        self._threads = [
            threading.Thread(target=self._to_device, name="tap to device"),
            threading.Thread(target=self._to_host, name="tap to host"),
        ]
        for thread in self._threads:
            thread.start()

    def frames(self, since: float = 0.0) -> list[Frame | Flaw]:
        """What the host has sent since a monotonic time, cut into frames."""
        return Deframer().feed(b"".join(data for at, data in self.from_host if at >= since))

    def newest(self, kind: int) -> Frame:
        """The newest frame of this kind that the device has sent."""
        found = Deframer().feed(b"".join(self.from_device))
        return [f for f in found if isinstance(f, Frame) and f.kind == kind][-1]

    @staticmethod
    def frames_of(piece: bytes) -> list[Frame | Flaw]:
        """The whole frames in one piece of the host's bytes."""
        return Deframer().feed(piece)

    def strike_at(self, kind: int, strike: Callable[[], object]) -> None:
        """Does `strike` once, as soon as a frame of this kind has come from the host and before it
        goes on to the device; `struck` tells that it is done."""
        self._strike = kind, strike

    def passed(self, data: bytes) -> bytes:
        """What goes on to the host of a piece that the device has sent: all of it."""
        return data

    def inject(self, data: bytes) -> None:
        """Puts bytes between two pieces of what the device says."""
        with self._writing:
            self._far.write(data)

    def close(self) -> None:
        self._over.set()
        self._far.ending.set()
        for thread in self._threads:
            thread.join()
        self._far.close()
        self._near.close()

    def _to_device(self) -> None:
        while not self._over.is_set():
            if data := self._far.read(0.05):
                self.from_host.append((time.monotonic(), data))
                self._struck(data)
                os.set_blocking(self._near.descriptor, True)
                with contextlib.suppress(OSError):
                    os.write(self._near.descriptor, data)

    def _struck(self, data: bytes) -> None:
        kinds = [f.kind for f in self._deframer.feed(data) if isinstance(f, Frame)]
        if self._strike is not None and self._strike[0] in kinds:
            (_, strike), self._strike = self._strike, None
            strike()
            self.struck.set()

    def _to_host(self) -> None:
        while not self._over.is_set():
            if select.select([self._near.descriptor], [], [], 0.05)[0]:
                try:
                    data = os.read(self._near.descriptor, 65_536)
                except OSError:
                    return
                self.from_device.append(data)
                with self._writing:
                    self._far.write(self.passed(data))

"""The device on a line: standard input and output, TCP on 127.0.0.1, or a pseudo-terminal."""

import argparse
import contextlib
import os
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.minimal_device.device import Device

READ_AT_MOST = 4_096


class Gone(Exception):  # noqa: N818
    """The other end has closed."""


def wall_ms() -> float:
    return time.monotonic() * 1_000


class Line:
    """Two file descriptors; a frame that has begun is finished before the next is chosen."""

    def __init__(self, reads: int, writes: int):
        self.reads, self.writes = reads, writes
        self._begun = b""
        os.set_blocking(reads, False)
        os.set_blocking(writes, False)

    @property
    def full(self) -> bool:
        return bool(self._begun)

    def send(self, device: Device) -> None:
        while True:
            self._begun = self._begun or device.outbox.take() or b""
            if not self._begun:
                return
            try:
                self._begun = self._begun[os.write(self.writes, self._begun) :]
            except BlockingIOError:
                return
            except OSError as closed:
                raise Gone from closed

    def read(self) -> bytes:
        try:
            data = os.read(self.reads, READ_AT_MOST)
        except BlockingIOError:
            return b""
        except OSError as closed:
            raise Gone from closed
        if not data:
            raise Gone
        return data


def talk(device: Device, line: Line) -> None:
    """Runs the device on this line until the other end is gone."""
    with selectors.DefaultSelector() as selector:
        selector.register(line.reads, selectors.EVENT_READ)
        while True:
            wait = max(0.0, device.due() - wall_ms()) / 1_000
            if line.full:  # looked at again soon; nothing else is urgent meanwhile
                wait = min(wait, 0.002)
            if selector.select(wait):
                device.receive(line.read(), wall_ms(), lambda: line.send(device))
            device.advance(wall_ms(), lambda: line.send(device))
            line.send(device)


def idle(device: Device, until_ready: int) -> None:
    """Time goes on while nobody is connected; what is said is lost."""
    with selectors.DefaultSelector() as selector:
        selector.register(until_ready, selectors.EVENT_READ)
        while not selector.select(max(0.0, device.due() - wall_ms()) / 1_000):
            device.advance(wall_ms())
            while device.outbox.take():
                pass


def serve_tcp(device: Device, host: str, port: int) -> None:
    with socket.create_server((host, port)) as server:
        print("listening on {}:{}".format(*server.getsockname()), flush=True)
        while True:
            idle(device, server.fileno())
            connection, _ = server.accept()
            with connection, contextlib.suppress(Gone):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                talk(device, Line(connection.fileno(), connection.fileno()))


@contextlib.contextmanager
def pseudo_terminal(link: Path) -> Iterator[int]:
    """The device's end; the host's stands behind the link."""
    import tty

    ours, theirs = os.openpty()
    try:
        tty.setraw(theirs)
        link.unlink(missing_ok=True)
        link.symlink_to(os.ttyname(theirs))
        yield ours  # theirs stays open, so that a host may come and go
    finally:
        link.unlink(missing_ok=True)
        os.close(ours)
        os.close(theirs)


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.minimal_device", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--tcp", metavar="127.0.0.1:PORT", help="port 0: any, told on stdout")
    where.add_argument("--pty", metavar="LINK", type=Path)
    where.add_argument("--stdio", action="store_true")
    parser.add_argument("--speed", type=float, default=1.0, help="device time to wall time")
    parser.add_argument("--lockstep", action="store_true", help="the speed is a ceiling then")
    parser.add_argument("--maintenance-switch", action="store_true")
    parser.add_argument("--seed", type=int)
    wanted = parser.parse_args()
    if not 0 <= wanted.speed <= (600 if wanted.lockstep else 10):
        parser.error("--speed is at most 10, in lockstep 600")
    scale = round(wanted.speed * 100)
    device = Device(wall_ms(), scale=scale, lockstep=wanted.lockstep, seed=wanted.seed)
    device.plant.maintenance_switch = wanted.maintenance_switch
    with contextlib.suppress(KeyboardInterrupt, Gone):
        if wanted.stdio:
            talk(device, Line(sys.stdin.fileno(), sys.stdout.fileno()))
        elif wanted.pty:
            with pseudo_terminal(wanted.pty) as ours:
                print(f"pseudo-terminal {wanted.pty}", flush=True)
                talk(device, Line(ours, ours))
        else:
            host, _, port = wanted.tcp.rpartition(":")
            if host != "127.0.0.1":
                parser.error("--tcp is on 127.0.0.1 only")
            serve_tcp(device, host, int(port))


if __name__ == "__main__":
    main()

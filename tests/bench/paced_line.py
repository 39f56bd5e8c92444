"""A line of 115,200 baud between two pseudo-terminals:
`python -m tests.bench.paced_line DEVICE [LOG]`.

Prints the name of the host's end. Each direction holds its bytes until the last of them would have
crossed a real wire at ten bits a byte. LOG gets a line a frame: when its last byte had crossed, in
s of the machine's monotonic clock, its kind, and the device time in its header, ms.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

from drivers.link.frame import Deframer, Frame

BYTE_S = 10 / 115_200
_SPIN_S = 0.0003  # the last part is waited out awake: a sleep ends late


@contextlib.contextmanager
def paced_simulator(folder: Path, log: Path | None = None) -> Iterator[str]:
    """The host's end of such a line, with a simulator at life speed on its other end."""
    device = folder / "device"
    simulator = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--pty", str(device), "--pace", "wall", "--speed", "1"],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert simulator.stderr is not None
    simulator.stderr.readline()  # it listens
    wire = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.bench.paced_line", str(device)),
            *([] if log is None else [str(log)]),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert wire.stdout is not None
    try:
        yield wire.stdout.readline().strip()
    finally:
        for process in (wire, simulator):
            process.kill()
            process.wait()


def _carry(source: int, sink: int, crossed: Callable[[bytes], None]) -> None:
    free_s = 0.0  # when the wire has nothing on it any more
    while data := os.read(source, 256):
        free_s = max(free_s, time.perf_counter()) + len(data) * BYTE_S
        time.sleep(max(0.0, free_s - time.perf_counter() - _SPIN_S))
        while time.perf_counter() < free_s:
            pass
        os.write(sink, data)
        crossed(data)


def _logger(path: str | None) -> Callable[[bytes], None]:
    """Each direction needs its own: a frame may come in pieces."""
    if path is None:
        return lambda _: None
    log = Path(path).open("a", buffering=1)  # noqa: SIM115 - open as long as the process
    deframer = Deframer()

    def crossed(data: bytes) -> None:
        now_s = time.perf_counter()
        for frame in deframer.feed(data):
            if isinstance(frame, Frame):
                log.write(f"{now_s:.6f} {frame.kind} {frame.device_ms}\n")

    return crossed


def main() -> None:
    device = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
    far, near = os.openpty()
    for end in (device, near):
        tty.setraw(end)
    print(os.ttyname(near), flush=True)
    log = sys.argv[2] if len(sys.argv) > 2 else None
    threading.Thread(target=_carry, args=(device, far, _logger(log)), daemon=True).start()
    _carry(far, device, _logger(log))


if __name__ == "__main__":
    main()

"""The reference device on an emulated Cortex-M3: built, started, recorded.

`python -m tests.firmware.board` writes tests/firmware/board-session.bin anew: every byte that the
board sends in a session with a stimulation, a freeze and a STOP.
"""

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from drivers.conformance import Wire
from drivers.conformance.bench import Bench
from drivers.conformance.check import Needs
from drivers.conformance.doing import freezing, prepare, stimulating
from drivers.link.codes import DeviceState
from drivers.link.messages import SetAmplitude, StimulationOff
from tests.firmware.core_build import FIRMWARE

RECORDING = Path(__file__).with_name("board-session.bin")
NEEDS = {
    "arm-none-eabi-gcc": "gcc-arm-none-eabi libnewlib-arm-none-eabi",
    "qemu-system-arm": "qemu-system-arm",
}


def missing() -> str:
    """What must be installed first, as one line; empty when nothing is."""
    packages = [package for command, package in NEEDS.items() if not shutil.which(command)]
    return f"apt-get install {' '.join(packages)}" if packages else ""


def built(folder: Path, flags: str = "") -> Path:
    """The program for the board. Raises CalledProcessError."""
    command = ["make", "-s", "-C", FIRMWARE, "board", f"OUT={folder}", f"BOARD_FLAGS={flags}"]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return folder / "board.elf"


@contextlib.contextmanager
def running(program: Path) -> Iterator[str]:
    """The board under QEMU; the URL of its UART."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    line = f"tcp:127.0.0.1:{number},server=on,wait=off,nodelay=on"
    command = ["qemu-system-arm", "-M", "lm3s6965evb", "-display", "none", "-monitor", "none"]
    with subprocess.Popen(
        [*command, "-serial", line, "-kernel", program],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            _answers(number)
            yield f"socket://127.0.0.1:{number}"
        finally:
            process.kill()


def _answers(number: int) -> None:
    end_s = time.monotonic() + 10
    while True:
        try:
            with socket.create_connection(("127.0.0.1", number), timeout=5) as line:
                if line.recv(1):  # telemetry: it is up
                    return
        except OSError:
            if time.monotonic() > end_s:
                raise
        time.sleep(0.05)


def recorded(url: str) -> bytes:
    """What the board says in one session."""
    said = bytearray()
    wire = Wire(url, said.extend)
    try:
        bench = Bench(wire)
        while not bench.wire.read():
            pass  # until the line is the board's again
        prepare(bench, Needs.REST)
        stimulating(bench)
        bench.done(SetAmplitude(300))
        bench.wait(500)
        bench.done(StimulationOff())
        freezing(bench)
        bench.wait(2_000)
        bench.stop()
        bench.until(
            lambda: bench.telemetry is not None and bench.telemetry.state == DeviceState.IDLE,
            60_000,
            "the tip is released",
        )
    finally:
        wire.close()
    return bytes(said)


def main() -> int:
    """Writes the recording; 1 when something must be installed first."""
    if missing():
        print(f"the board cannot be emulated here: {missing()}", file=sys.stderr)
        return 1
    with running(built(FIRMWARE / "build")) as url:
        RECORDING.write_bytes(recorded(url))
    print(f"{RECORDING.name}: {RECORDING.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

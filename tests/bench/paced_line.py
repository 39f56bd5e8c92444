"""A line of 115,200 baud between two pseudo-terminals: `python -m tests.bench.paced_line DEVICE`.

Prints the name of the host's end. Each direction holds its bytes until the last of them would have
crossed a real wire at ten bits a byte.
"""

import os
import sys
import threading
import time
import tty

BYTE_S = 10 / 115_200
_SPIN_S = 0.0003  # the last part is waited out awake: a sleep ends late


def _carry(source: int, sink: int) -> None:
    free_s = 0.0  # when the wire has nothing on it any more
    while data := os.read(source, 256):
        free_s = max(free_s, time.perf_counter()) + len(data) * BYTE_S
        time.sleep(max(0.0, free_s - time.perf_counter() - _SPIN_S))
        while time.perf_counter() < free_s:
            pass
        os.write(sink, data)


def main() -> None:
    device = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
    far, near = os.openpty()
    for end in (device, near):
        tty.setraw(end)
    print(os.ttyname(near), flush=True)
    threading.Thread(target=_carry, args=(device, far), daemon=True).start()
    _carry(far, device)


if __name__ == "__main__":
    main()

"""A host process that freezes and then only beats, until it is stopped: `beating_host.py PORT`.
It prints a line when gas is on."""

import sys
import time

from serve_bed import Host


def main() -> None:
    host = Host(sys.argv[1])
    host.hello()
    host.freeze()
    print("freezing", flush=True)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        host.listen()


if __name__ == "__main__":
    main()

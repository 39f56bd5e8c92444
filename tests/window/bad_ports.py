"""Ports on which no console is: each its name and the file descriptors that keep it so."""

import contextlib
import os
import random
import select
import threading
import tty


def nowhere() -> tuple[str, list[int]]:
    return "/dev/ttyNOWHERE", []


def silent() -> tuple[str, list[int]]:
    ours, theirs = os.openpty()
    return os.ttyname(theirs), [ours, theirs]


def garbage() -> tuple[str, list[int]]:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    os.set_blocking(ours, False)
    noise = random.Random(1)

    def babble() -> None:
        with contextlib.suppress(OSError):
            while True:
                select.select([], [ours], [])
                os.write(ours, noise.randbytes(64))

    threading.Thread(target=babble, daemon=True).start()
    return os.ttyname(theirs), [ours, theirs]

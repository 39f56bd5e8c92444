"""Waiting for something that can be seen, with an end. Nothing in these tests waits otherwise."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(look: Callable[[], T], why: str, within_s: float = 20.0) -> T:
    """What `look` answers as soon as it is true. AssertionError with `why` after `within_s`."""
    deadline = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {within_s:g} s: {why}"
        time.sleep(0.005)
    return found


def pass_wall_time(seconds: float) -> None:
    """Lets wall time pass: where a process stands still on purpose, the clock is the signal."""
    began = time.monotonic()
    until(lambda: time.monotonic() - began >= seconds, "the clock runs", seconds + 20)

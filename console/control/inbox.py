"""The one queue that the control loop waits on. Every edge has a thread that puts into it."""

import threading
from collections import deque
from typing import Final, Generic, TypeVar

T = TypeVar("T")

LIMIT: Final = 20_000
"""Inputs that may wait: far more than a healthy loop ever has; beyond it the newest are dropped
and counted, and STOP still goes in."""


class Inbox(Generic[T]):
    """First in, first out, but for urgent items, which go before all others."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._urgent: deque[T] = deque()
        self._normal: deque[T] = deque()
        self.dropped = 0

    def put(self, item: T, *, urgent: bool = False, kept: bool = False) -> None:
        """Adds an item; never blocks. A `kept` one goes in its turn, full or not."""
        with self._change:
            if urgent:
                self._urgent.append(item)
            elif kept or len(self._normal) < LIMIT:
                self._normal.append(item)
            else:
                self.dropped += 1
            self._change.notify()

    def get(self, timeout_s: float) -> T | None:
        """The next item, or None when none came within `timeout_s`."""
        with self._change:
            if not self._urgent and not self._normal and timeout_s > 0:
                self._change.wait(timeout_s)
            if self._urgent:
                return self._urgent.popleft()
            return self._normal.popleft() if self._normal else None

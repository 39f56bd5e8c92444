"""What threads tell the one loop."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event

import msgspec


class Joined(msgspec.Struct, frozen=True):
    """A host has come on the line."""


class Received(msgspec.Struct, frozen=True):
    """Bytes from the host."""

    data: bytes


class Left(msgspec.Struct, frozen=True):
    """The host is gone: end of input, or nobody to write to."""


class Quit(msgspec.Struct, frozen=True):
    """End the process cleanly."""


class Job:
    """Something to be done between two steps, by the loop's thread; `wait` gives its result, or
    raises what it raised."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._done = Event()
        self._result: object = None
        self._error: Exception | None = None

    def do(self) -> None:
        """Called by the loop."""
        try:
            self._result = self._work()
        except Exception as error:  # noqa: BLE001 - handed to the waiting thread, which raises it
            self._error = error
        self._done.set()

    def wait(self, timeout_s: float) -> object:
        """The result. Raises TimeoutError when the loop does not get to it."""
        if not self._done.wait(timeout_s):
            raise TimeoutError("the simulator is busy")
        if self._error is not None:
            raise self._error
        return self._result


Item = Joined | Received | Left | Quit | Job


class Mailbox:
    """Any thread and any signal handler may post; one loop takes."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Item] = SimpleQueue()

    def post(self, item: Item) -> None:
        """Adds `item`; never blocks."""
        self._queue.put(item)

    def take(self, timeout_s: float) -> list[Item]:
        """All that is there, in order; waits up to `timeout_s` for the first."""
        items: list[Item] = []
        try:
            items.append(
                self._queue.get(timeout=timeout_s) if timeout_s > 0 else self._queue.get_nowait()
            )
            while True:
                items.append(self._queue.get_nowait())
        except Empty:
            return items

"""Work that is handed over and done on a thread of its own: whoever puts it never waits."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Background(Generic[T]):
    """Gives `work` what was put, in order: all that has gathered at a time. `work` must not
    raise."""

    def __init__(self, name: str, work: Callable[[list[T]], None]) -> None:
        self._work = work
        self._change = threading.Condition()
        self._waiting: list[T] = []
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, item: T) -> None:
        """Takes an item; never blocks."""
        with self._change:
            self._waiting.append(item)
            self._change.notify()

    def close(self, within_s: float) -> bool:
        """Waits until all that was put is done; whether it is."""
        with self._change:
            self._closing = True
            self._change.notify()
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._waiting or self._closing)
                batch, self._waiting = self._waiting, []
            if not batch:
                return
            self._work(batch)

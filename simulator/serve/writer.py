"""Frames on their way to a host that may read slowly, or not at all."""

from collections import deque
from collections.abc import Callable
from threading import Condition, Thread
from typing import Final

BYTES_KEPT: Final = 8_192


class Writer:
    """A thread that writes whole frames in order. When more than BYTES_KEPT wait, the oldest are
    dropped, whole; urgent frames go before all that wait. `put` never blocks."""

    def __init__(self, write: Callable[[bytes], None], gone: Callable[[], None]) -> None:
        """`write` may block; an OSError from it ends the thread, and `gone` is called once."""
        self._write = write
        self._gone = gone
        self._urgent: deque[bytes] = deque()
        self._frames: deque[bytes] = deque()
        self._held = 0
        self._closed = False
        self._ready = Condition()
        self.dropped = 0
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def put(self, frames: list[bytes], *, urgent: bool = False) -> None:
        """Takes `frames` over."""
        if not frames:
            return
        with self._ready:
            if urgent:
                self._urgent.extend(frames)
            else:
                self._frames.extend(frames)
                self._held += sum(map(len, frames))
                while self._held > BYTES_KEPT and len(self._frames) > 1:
                    self._held -= len(self._frames.popleft())
                    self.dropped += 1
            self._ready.notify()

    def close(self) -> None:
        """No more frames; those not yet begun are dropped."""
        with self._ready:
            self._closed = True
            self._ready.notify()

    def flush(self, timeout_s: float) -> bool:
        """Waits until all is written, at most `timeout_s`. True when it is."""
        with self._ready:
            return self._ready.wait_for(
                lambda: not self._urgent and not self._frames, timeout=timeout_s
            )

    def _run(self) -> None:
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._closed or self._urgent or self._frames)
                if self._closed:
                    return
                if self._urgent:
                    frame = self._urgent.popleft()
                else:
                    # Joined writes are cheaper; one frame at a time keeps the way free for urgent
                    # ones only when the host is slow, and then little is gathered.
                    frame = self._frames.popleft()
                    self._held -= len(frame)
                self._ready.notify_all()
            try:
                self._write(frame)
            except (OSError, ValueError):
                if not self._closed:
                    self._gone()
                return

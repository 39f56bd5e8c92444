"""The simulator as a child process whose standard input and output are the line."""

import os
import select
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from threading import Condition, Thread
from time import monotonic

_ROOT = Path(__file__).resolve().parents[2]
_BUFFER_BYTES = 65_536
_LAST_WORDS = 5
_END_S = 0.1
_TERMINATE_S = 2.0


class GoneError(OSError):
    """The simulator has ended; the message says what it said last."""


class Child:
    """Started in a session of its own, so that a Ctrl-C meant for its parent does not reach it.

    `read` and `write` may be used by one thread each, `close` and `cancel_read` by any.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        """Raises OSError when it cannot be started."""
        # -P: a folder named `simulator` where the user happens to stand is not ours.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "simulator", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            env=_environment(),
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("the simulator has no line")
        self._to, self._from = self._process.stdin, self._process.stdout
        self._polls = sys.platform != "win32"
        if self._polls:
            os.set_blocking(self._to.fileno(), False)
        self._data = bytearray()
        self._ended = False
        self._closed = False
        self._cancelled = False
        self._changed = Condition()
        self._said: deque[str] = deque(maxlen=_LAST_WORDS)
        self._threads = [
            Thread(target=work, name=f"sim {work.__name__}", daemon=True)
            for work in (self._gather, self._listen)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """Of the simulator."""
        return self._process.pid

    @property
    def waiting(self) -> int:
        """Bytes that can be read at once. Raises GoneError when there will be no more."""
        with self._changed:
            if self._ended and not self._data:
                raise self._gone()
            return len(self._data)

    def read(self, size: int, timeout_s: float | None) -> bytes:
        """Up to `size` bytes; fewer when `timeout_s` is over (None: never). Raises GoneError
        when the simulator has ended and all is read."""
        deadline = None if timeout_s is None else monotonic() + timeout_s
        with self._changed:
            self._cancelled = False
            while len(self._data) < size and not self._ended and not self._cancelled:
                left = None if deadline is None else deadline - monotonic()
                if left is not None and left <= 0:
                    break
                self._changed.wait(left)
            if self._ended and not self._data and size:
                raise self._gone()
            taken = bytes(self._data[:size])
            del self._data[:size]
            self._changed.notify_all()
            return taken

    def write(self, data: bytes, timeout_s: float | None) -> int:
        """Writes all of `data` and answers its length, or, when `timeout_s` is over first, how
        much of it went out. Raises GoneError."""
        deadline = None if timeout_s is None else monotonic() + timeout_s
        view = memoryview(data)
        try:
            while view:
                if self._polls:
                    left = None if deadline is None else max(0.0, deadline - monotonic())
                    if not select.select([], [self._to], [], left)[1]:
                        break
                view = view[self._to.write(view) or 0 :]
        except (OSError, ValueError):
            with self._changed:
                self._ended = True
                self._changed.notify_all()
                raise self._gone() from None
        return len(data) - len(view)

    def cancel_read(self) -> None:
        """Lets a blocked `read` return with what it has."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    def discard(self) -> None:
        """Drops what has come in."""
        with self._changed:
            self._data.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Ends the simulator: end of input, then a signal after a moment."""
        with self._changed:
            self._closed = self._ended = True
            self._changed.notify_all()
        self._to.close()
        if not self._ends_within(_END_S):
            self._process.terminate()
            if not self._ends_within(_TERMINATE_S):
                self._process.kill()
                self._ends_within(_TERMINATE_S)
        for thread in self._threads:
            thread.join(_TERMINATE_S)
        self._from.close()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _ends_within(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _gather(self) -> None:
        while True:
            try:
                data = os.read(self._from.fileno(), 65_536)
            except (OSError, ValueError):
                data = b""
            with self._changed:
                self._data += data
                if not data:
                    self._ended = True
                self._changed.notify_all()
                if not data:
                    return
                # A host that does not read fills this, then the pipe, and the device drops frames.
                self._changed.wait_for(lambda: len(self._data) < _BUFFER_BYTES or self._closed)

    def _listen(self) -> None:
        if self._process.stderr is None:
            return
        for line in self._process.stderr:
            self._said.append(line.decode("utf-8", "replace").strip())

    def _gone(self) -> GoneError:
        if self._closed:
            return GoneError("the port is closed")
        # Its last words tell why, and may be a moment behind its end.
        self._threads[1].join(0.5)
        last = self._said[-1] if self._said else f"exit status {self._process.poll()}"
        return GoneError(f"the simulator has ended: {last}")


def _environment() -> dict[str, str]:
    path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{_ROOT}{os.pathsep}{path}" if path else str(_ROOT)}

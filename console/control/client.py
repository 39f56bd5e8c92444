"""The screen's end of the control process: starts it, asks, ticks, hears. Knows no Qt."""

import contextlib
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

from console.model.pipe import Ask, ScreenAlarm, Tick, ToControl, Unpacker, packed
from console.model.request import AnyRequest, Quit
from console.model.snapshot import Reply, Snapshot

_END_S: Final = 8.0


class ControlClient:
    """One control process on the port `port`; `control`: where a simulator that it starts opens its
    control channel; `limits`: the site's own. `on_message` and `on_gone` are called on a thread of
    this client; `on_gone` once, when the pipe has closed."""

    def __init__(
        self,
        port: str,
        *,
        records: Path | None = None,
        control: Path | None = None,
        limits: Path | None = None,
        on_message: Callable[[Snapshot | Reply], None],
        on_gone: Callable[[str], None],
    ) -> None:
        self._command = [sys.executable, "-m", "console.control", "--port", port]
        if records is not None:
            self._command += ["--records", str(records)]
        if control is not None:
            self._command += ["--control", str(control)]
        if limits is not None:
            self._command += ["--limits", str(limits)]
        self._on_message, self._on_gone = on_message, on_gone
        self._change = threading.Condition()
        self._waiting: deque[ToControl] = deque()
        self._tick: Tick | None = None
        self._asked = 0
        self._closing = False
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The control process, None before it was started."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Starts the control process; returns at once. OSError when it cannot be started."""
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=os.name == "posix",
        )
        threading.Thread(target=self._read, name="control reader", daemon=True).start()
        threading.Thread(target=self._write, name="control writer", daemon=True).start()

    def ask(self, request: AnyRequest) -> int:
        """Sends a request; the number that its Reply will carry. Never blocks."""
        with self._change:
            self._asked += 1
            self._waiting.append(Ask(self._asked, request))
            self._change.notify()
            return self._asked

    def tick(self, snapshot: int) -> None:
        """Tells that the screen has applied this snapshot. Never blocks; the latest wins."""
        with self._change:
            self._tick = Tick(snapshot)
            self._change.notify()

    def tell(self, alarm: ScreenAlarm) -> None:
        """Tells of an alarm of the screen itself. Never blocks."""
        with self._change:
            self._waiting.append(alarm)
            self._change.notify()

    def kill(self) -> None:
        """Ends the process at once and waits for its end, so that port and lock are free."""
        process = self._process
        if process is None:
            return
        process.kill()
        process.wait()
        self._close_writer()

    def close(self) -> None:
        """Ends the process in order, and waits for it: it is asked to quit, and its input ends.
        With gas on it refuses, takes the screen as lost, and shuts the gas and records that first.
        """
        process = self._process
        if process is None:
            return
        self.ask(Quit())
        self._close_writer()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def _close_writer(self) -> None:
        with self._change:
            self._closing = True
            self._change.notify()

    def _read(self) -> None:
        process = self._process
        assert process is not None and process.stdout is not None
        unpacker = Unpacker(to_control=False)
        words = "its pipe closed"
        try:
            with process.stdout as pipe:
                while data := pipe.read1(1 << 16):  # type: ignore[attr-defined]
                    for message in unpacker.feed(data):
                        if isinstance(message, Snapshot | Reply):
                            self._on_message(message)
        except (OSError, ValueError) as error:
            words = str(error)
        self._on_gone(words)

    def _write(self) -> None:
        process = self._process
        assert process is not None and process.stdin is not None
        # When it is gone the reading thread tells.
        with contextlib.suppress(OSError, ValueError), process.stdin as pipe:
            while True:
                with self._change:
                    self._change.wait_for(lambda: self._waiting or self._tick or self._closing)
                    messages = list(self._waiting)
                    self._waiting.clear()
                    if self._tick is not None:
                        messages.append(self._tick)
                        self._tick = None
                    closing = self._closing
                for message in messages:
                    pipe.write(packed(message))
                pipe.flush()
                if closing:
                    return

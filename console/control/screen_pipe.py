"""The pipe to the screen's process: requests and ticks in, snapshots and replies out. Each way has
a thread; a snapshot that was not sent yet is overwritten by the next, its samples kept."""

import threading
from collections import deque
from collections.abc import Callable
from io import RawIOBase
from typing import Final

import msgspec

from console.model.pipe import Ask, ScreenAlarm, Tick, ToControl, Unpacker, packed
from console.model.snapshot import Reply, Snapshot
from drivers.inputs.text import TextError, accepted

REPLIES_LIMIT: Final = 1_000
SAMPLES_LIMIT: Final = 20_000


class ScreenPipe:
    """`on_message` and `on_gone` are called on the reading thread. `source` and `sink` are raw: the
    end of the interpreter would wait for ever for the lock of a buffered one, which a thread that
    waits for the screen holds."""

    def __init__(
        self,
        source: RawIOBase,
        sink: RawIOBase,
        on_message: Callable[[ToControl], None],
        on_gone: Callable[[str], None],
    ) -> None:
        self._source, self._sink = source, sink
        self._on_message, self._on_gone = on_message, on_gone
        self._change = threading.Condition()
        self._replies: deque[Reply] = deque()
        self._snapshot: Snapshot | None = None
        self._closing = False
        self._reader = threading.Thread(target=self._read, name="screen reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name="screen writer", daemon=True)

    def start(self) -> None:
        """Begins to read and write."""
        self._reader.start()
        self._writer.start()

    def reply(self, reply: Reply) -> None:
        """Sends an answer; never blocks."""
        with self._change:
            if len(self._replies) < REPLIES_LIMIT:
                self._replies.append(reply)
            self._change.notify()

    def show(self, snapshot: Snapshot) -> None:
        """Sends a snapshot, in the place of one that is still waiting; never blocks."""
        with self._change:
            waiting = self._snapshot
            if waiting is not None:
                snapshot = msgspec.structs.replace(
                    snapshot,
                    samples=(waiting.samples + snapshot.samples)[-SAMPLES_LIMIT:],
                    events=(waiting.events + snapshot.events)[-SAMPLES_LIMIT:],
                    alarm_log=(waiting.alarm_log + snapshot.alarm_log)[-SAMPLES_LIMIT:],
                )
            self._snapshot = snapshot
            self._change.notify()

    def close(self, within_s: float = 1.0) -> None:
        """Sends what waits, as far as the screen still reads."""
        with self._change:
            self._closing = True
            self._change.notify()
        self._writer.join(within_s)

    def _read(self) -> None:
        unpacker = Unpacker(to_control=True)
        words = "its pipe closed"
        try:
            while data := self._source.read(65_536):
                for message in unpacker.feed(data):
                    if isinstance(message, Ask):
                        self._asked(message)
                    elif isinstance(message, Tick | ScreenAlarm):
                        self._on_message(message)
        except (OSError, ValueError) as error:
            words = str(error)
        self._on_gone(words)

    def _asked(self, message: Ask) -> None:
        try:
            request = accepted(message.request)
        except TextError as error:
            self.reply(Reply(message.id, str(error)))
        else:
            self._on_message(msgspec.structs.replace(message, request=request))

    def _write(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._replies or self._snapshot or self._closing)
                messages: list[Reply | Snapshot] = list(self._replies)
                self._replies.clear()
                if self._snapshot is not None:
                    messages.append(self._snapshot)
                    self._snapshot = None
                if not messages and self._closing:
                    return
            try:
                for message in messages:
                    self._put(packed(message))
            except (OSError, ValueError):
                return  # the reading thread sees the end of the pipe, and tells it

    def _put(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._sink.write(view) or 0 :]

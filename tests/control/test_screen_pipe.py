"""The pipe from the screen: what is asked is checked where it enters."""

import io
import queue
from io import RawIOBase

import msgspec

from console.control.screen_pipe import ScreenPipe
from console.model.override import OverrideKind
from console.model.pipe import Ask, ToControl, Unpacker, packed
from console.model.request import Override
from console.model.snapshot import Reply

HANGS_S = 10.0


class Sink(RawIOBase):
    """What is written to the screen, message by message."""

    def __init__(self) -> None:
        self.said: queue.Queue[object] = queue.Queue()
        self._unpacker = Unpacker(to_control=False)

    def write(self, data: object) -> int:
        given = bytes(data)  # type: ignore[call-overload]
        for each in self._unpacker.feed(given):
            self.said.put(each)
        return len(given)


class Source(io.BytesIO):
    """The screen asked all of this, and went."""


def test_a_text_that_may_not_enter_is_refused_and_others_are_kept_in_one_spelling() -> None:
    def asked(number: int, reason: str) -> bytes:
        return packed(Ask(number, Override(OverrideKind.REFREEZE, reason)))

    source = Source(asked(1, "a\x1b[31m") + asked(2, "x" * 201) + asked(3, "e\u0301  b"))
    sink, heard, gone = Sink(), queue.Queue[ToControl](), queue.Queue[str]()
    pipe = ScreenPipe(source, sink, heard.put, gone.put)  # type: ignore[arg-type]
    pipe.start()
    gone.get(timeout=HANGS_S)
    first, second = sink.said.get(timeout=HANGS_S), sink.said.get(timeout=HANGS_S)
    assert first == Reply(1, "reason has U+001B as letter 2, which cannot be seen")
    assert second == Reply(2, "reason has 201 letters: at most 200")
    (taken,) = heard.queue
    assert isinstance(taken, Ask)
    assert msgspec.to_builtins(taken.request)["reason"] == "é b"
    pipe.close()

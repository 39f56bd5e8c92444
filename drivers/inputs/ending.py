"""The signals by which somebody ends this process: Ctrl-C, a kill, a terminal that closes."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Final

Handler = Callable[[int, FrameType | None], None]
_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP


def on_end(handler: Handler, *, ctrl_c: bool = True) -> Callable[[], None]:
    """Calls `handler` at each of them from now on; the result puts back what was there before.

    One that is ignored already stays so: whoever started us with `nohup` wants that. `ctrl_c`:
    False leaves Ctrl-C alone.
    """
    before = {}
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is None or (name == "SIGINT" and not ctrl_c):
            continue
        if name != "SIGHUP" or signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, handler)

    def put_back() -> None:
        for number, old in before.items():
            signal.signal(number, old)

    return put_back

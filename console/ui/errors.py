"""What nobody caught: it is printed, and the operator is told."""

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal


class UncaughtErrors(QObject):
    """Takes the place of `sys.excepthook`, which also gets what a Qt slot raises. `tell` is called
    on the main thread with one line."""

    _from_elsewhere = Signal(str)

    def __init__(self, tell: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tell = tell
        self._telling = False
        self._before = sys.excepthook
        self._threads_before = threading.excepthook
        self._from_elsewhere.connect(self._say, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on."""
        self._before, self._threads_before = sys.excepthook, threading.excepthook
        sys.excepthook = self.caught
        threading.excepthook = self._in_thread

    def remove(self) -> None:
        """As it was before."""
        sys.excepthook = self._before
        threading.excepthook = self._threads_before

    def caught(
        self, kind: type[BaseException], error: BaseException, where: TracebackType | None
    ) -> None:
        """The hook."""
        self._before(kind, error, where)
        if issubclass(kind, KeyboardInterrupt):
            return
        self._say(f"{kind.__name__}: {error}")

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        self._threads_before(args)
        self._from_elsewhere.emit(f"{args.exc_type.__name__}: {args.exc_value}")

    def _say(self, line: str) -> None:
        if self._telling:  # an error while it is told must not go in circles
            return
        self._telling = True
        try:
            self._tell(line)
        finally:
            self._telling = False

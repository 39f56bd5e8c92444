"""Rung on any thread, heard on the main thread."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal


class _Rope(QObject):
    pulled = Signal(object)


class Bell:
    """`heard` is called on the main thread, once for each ring, with what was given to it. After
    `silence`, or when `owner` is gone, nobody hears a ring: a thread may outlive the window that it
    works for."""

    def __init__(self, heard: Callable[[Any], None], owner: QObject) -> None:
        self._ringing = threading.Lock()
        self._rope: _Rope | None = _Rope(owner)
        self._rope.pulled.connect(heard, Qt.ConnectionType.QueuedConnection)
        owner.destroyed.connect(self.silence, Qt.ConnectionType.DirectConnection)

    def ring(self, what: object = None) -> None:
        """On any thread; does not wait for the main thread."""
        with self._ringing:
            if self._rope is not None:
                self._rope.pulled.emit(what)

    def silence(self) -> None:
        """Returns when no ring is on its way; from then on there is none."""
        with self._ringing:
            self._rope = None

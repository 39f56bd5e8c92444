"""Slow work apart from the screen: one at a time is wanted, and an answer that no longer is, is
dropped."""

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.ui.kit.bell import Bell

Telling = Callable[[float], None]
"""Told of the share done, 0 to 1."""


class NoLongerWantedError(Exception):
    """Breaks off work whose answer nobody waits for."""


class Apart(QObject):
    """Runs work in threads of their own and gives its answer in the main thread. `failed`: what the
    work may raise, and is answered in its place; `told`: the share done of what is wanted."""

    told = Signal(float)
    answered = Signal()
    """Some work is done, wanted or not."""

    def __init__(self, failed: type[Exception], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._failed = failed
        self._wanted = 0
        self._then: Callable[[Any], None] = lambda _: None
        self._shares = Bell(self.told.emit, self)
        self._answers = Bell(self._take, self)

    def ask(self, work: Callable[[Telling], object], then: Callable[[Any], None]) -> None:
        """Begins `work`; `then` gets its answer, unless something else is asked before."""
        self._wanted += 1
        self._then = then
        number = self._wanted

        def tell(share: float) -> None:
            if number != self._wanted:
                raise NoLongerWantedError
            self._shares.ring(share)

        def run() -> None:
            with contextlib.suppress(NoLongerWantedError):
                try:
                    found = work(tell)
                except self._failed as error:
                    found = error
                self._answers.ring((number, found))

        threading.Thread(target=run, name="apart", daemon=True).start()

    def drop(self) -> None:
        """Nothing is wanted any more."""
        self._wanted += 1

    def _take(self, answer: tuple[int, object]) -> None:
        number, found = answer
        if number == self._wanted:
            self._then(found)
        self.answered.emit()

"""Plays a recorded session to the screen, in the place of a control process: its snapshots come
from a thread that paces a playback. No port is opened and nothing is recorded. Knows no Qt."""

import threading
import time
import traceback
from collections.abc import Callable
from typing import Final

from console.control.playback import Playback
from console.model.pipe import ScreenAlarm
from console.model.playback import NOTHING_ASKED, Position
from console.model.request import AnyRequest
from console.model.snapshot import Reply, Snapshot

EVERY_S: Final = 0.05
"""Wall time between snapshots, as from a control process."""
LONGEST_STEP_S: Final = 0.25
"""A thread that has not run for longer does not make up for it."""
WORK_S: Final = 0.05
"""How long it works at a stretch: the screen needs the rest."""


class Deck:
    """What the operator turns, and reads; each client of it plays from the beginning."""

    def __init__(self, speed: float, load: Callable[[], Playback]) -> None:
        self.load = load
        self.speed = speed
        self.playing = True
        self.position = Position()

    def client(
        self, on_message: Callable[[Snapshot | Reply], None], on_gone: Callable[[str], None]
    ) -> "Player":
        """A player of it; `on_message` and `on_gone` as of a ControlClient."""
        return Player(self, self.load, on_message=on_message, on_gone=on_gone)


class Player:
    """The near end of a control process that there is not: it plays."""

    def __init__(
        self,
        deck: Deck,
        load: Callable[[], Playback],
        *,
        on_message: Callable[[Snapshot | Reply], None],
        on_gone: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._deck, self._load, self._clock = deck, load, clock
        self._on_message, self._on_gone = on_message, on_gone
        self._playback: Playback | None = None
        self._asked = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)

    def start(self) -> None:
        """Begins to play; returns at once."""
        self._thread.start()

    def ask(self, request: AnyRequest) -> int:
        """Refuses whatever is asked."""
        self._asked += 1
        self._on_message(Reply(self._asked, NOTHING_ASKED))
        return self._asked

    def tick(self, snapshot: int) -> None:
        """Nobody waits for the screen here."""

    def tell(self, alarm: ScreenAlarm) -> None:
        """Nothing is recorded."""

    def kill(self) -> None:
        """Ends it and waits for its end."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    close = kill

    def play(self, passed_s: float) -> None:
        """Plays what belongs to `passed_s` seconds of wall time, and shows where that leads."""
        if self._playback is None:
            self._playback = self._load()
        if self._deck.playing:
            until_s = self._clock() + WORK_S
            passed_s = min(passed_s, LONGEST_STEP_S)
            self._playback.advance(passed_s * self._deck.speed, lambda: self._clock() >= until_s)
        self._deck.position = self._playback.position
        shot = self._playback.picture()
        if shot is not None:
            self._on_message(shot)

    def _run(self) -> None:
        last_s = self._clock()
        try:
            while True:
                now_s = self._clock()
                self.play(now_s - last_s)
                last_s = now_s
                if self._over.wait(EVERY_S):
                    return
        except Exception as error:  # noqa: BLE001 - the screen says that it ended, and why
            traceback.print_exc()
            self._on_gone(f"{type(error).__name__}: {error}")

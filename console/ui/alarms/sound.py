"""Sounds the alarms of the screen, and what else makes a sound: a new phase, an own STOP."""

import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from console.model.alarm import Alarm
from console.model.snapshot import Phase, ProcedureView
from console.ui.alarms import sounding
from console.ui.alarms.melodies import PHASE, STOPPED, Melody
from console.ui.alarms.sounding import Sounding

TICK_MS: Final = 100


class Plays(Protocol):
    """A speaker."""

    def play(self, melody: Melody) -> None:
        """Plays it once, from now; never blocks."""

    def hush(self) -> None:
        """Ends what is playing."""


class AlarmSound(QObject):
    """`changed` when what `paused_for_s` or `audible` answers may have changed. Without a speaker
    nothing sounds, and the pause works all the same."""

    changed = Signal()

    def __init__(
        self,
        speaker: Plays | None = None,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.speaker = speaker
        self._clock = clock
        self._alarms: Sequence[Alarm] = ()
        self._state = Sounding()
        self._phase: Phase | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.step)

    @property
    def audible(self) -> bool:
        """Whether an alarm sounds, or would without its pause."""
        return any(sounding.audible(alarm) for alarm in self._alarms)

    @property
    def paused_for_s(self) -> float | None:
        """What is left of a pause."""
        return self._state.paused_for_s(self._clock())

    def apply(self, alarms: Sequence[Alarm]) -> None:
        """The alarms that there are now."""
        self._alarms = alarms
        if self.audible and not self._timer.isActive():
            self._timer.start(TICK_MS)
        self.step()

    def step(self) -> None:
        """Plays what is due."""
        was = self._state
        self._state, melody = sounding.step(was, self._alarms, self._clock())
        if melody is not None:
            self._play(melody)
        if not self.audible:
            self._timer.stop()
            if was.top is not None:
                self._hush()
        if was.until_s is not None or self._state != was:
            self.changed.emit()

    def turn(self) -> None:
        """The operator wants a pause, or its end."""
        now_s = self._clock()
        if self._state.until_s is None:
            self._state = sounding.pause(self._state, self._alarms, now_s)
            self._hush()
        else:
            self._state = sounding.resume(self._state, now_s)
        self.step()
        self.changed.emit()

    def phase(self, view: ProcedureView) -> None:
        """A chime where the phase is another than before. An own STOP has had its tone."""
        before, self._phase = self._phase, view.phase
        stopped = view.phase is Phase.STOPPED and view.stopped_by_operator
        if before not in (None, view.phase) and not stopped:
            self._play_aside(PHASE)

    def stopped(self) -> None:
        """The operator has pressed STOP."""
        self._play_aside(STOPPED)

    def _play_aside(self, melody: Melody) -> None:
        # Nothing sounds into an alarm.
        if not self.audible or self._state.until_s is not None:
            self._play(melody)

    def _play(self, melody: Melody) -> None:
        if self.speaker is not None:
            self.speaker.play(melody)

    def _hush(self) -> None:
        if self.speaker is not None:
            self.speaker.hush()

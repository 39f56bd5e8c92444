"""The alarms that the screen itself raises: the control process is lost, or the screen fails."""

import sys
from collections.abc import Callable
from datetime import datetime

import msgspec
from PySide6.QtCore import QObject, Signal

from console.model.alarm import Alarm, AlarmTurn, Priority
from console.model.pipe import ScreenAlarm
from console.ui.kit.language import in_language

LOST, GIVEN_UP, ERROR = "control_lost", "control_given_up", "screen_error"


class OwnAlarms(QObject):
    """Those that stand. `told` carries a ScreenAlarm for the alarm book whenever one is raised or
    is over: in English, as the book is kept."""

    told = Signal(object)

    def __init__(self, clock: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._standing: dict[str, Alarm] = {}

    @property
    def shown(self) -> tuple[Alarm, ...]:
        """Those that stand, in the language of the screen."""
        return tuple(in_language(alarm) for alarm in self._standing.values())

    @property
    def lost(self) -> bool:
        """Whether there is no control process."""
        lost = self._standing.get(LOST)
        return (lost is not None and lost.present) or self.given_up

    @property
    def given_up(self) -> bool:
        """Whether none is being started."""
        return GIVEN_UP in self._standing

    @property
    def to_acknowledge(self) -> bool:
        """Whether one waits for the operator to have read it."""
        return any(alarm.latched and not alarm.present for alarm in self._standing.values())

    def lose_control(self, reason: str, *, stopped: bool) -> None:
        """The control process is gone or silent; why is for the record. `stopped`: that ended a
        freeze or a stimulation, and the operator has to know it however soon it is back."""
        print(f"cryoprobe: the control process stopped: {reason}", file=sys.stderr)
        before = self._standing.get(LOST)
        latched = stopped or (before is not None and before.latched)
        happened = (
            "The control program stopped during a freeze or a test"
            if latched
            else "The control program stopped"
        )
        self._raise(LOST, happened, "It is being started again.", latched=latched)

    def give_up_control(self, reason: str) -> None:
        """It does not start."""
        print(f"cryoprobe: the control process does not start: {reason}", file=sys.stderr)
        self._end(LOST)
        self._raise(GIVEN_UP, "The control program does not start", "Tried 3 times in 30 s.")

    def fail(self, *, stopped: bool) -> None:
        """An exception that nobody caught; what it was has been printed. `stopped`: STOP was sent
        for it. It stands until the console is left."""
        did = "STOP was sent." if stopped else "The gas was off."
        self._raise(
            ERROR,
            "A fault in this program",
            f"{did} Finish here, then start the application again.",
        )

    def heard(self) -> None:
        """Snapshots flow. What ended a freeze stands on until it is acknowledged."""
        self._end(GIVEN_UP)
        lost = self._standing.get(LOST)
        if lost is None or not lost.latched:
            self._end(LOST)
        elif lost.present:
            self._standing[LOST] = msgspec.structs.replace(
                lost, present=False, to_do="It runs again. What it ended stays ended."
            )

    def acknowledge(self) -> None:
        """The operator has read them: what is over is gone."""
        for name, alarm in tuple(self._standing.items()):
            if alarm.latched and not alarm.present:
                self._end(name, AlarmTurn.ACKNOWLEDGED)

    def clear(self) -> None:
        """The console was left."""
        for name in tuple(self._standing):
            self._end(name)

    def _raise(self, name: str, happened: str, to_do: str, *, latched: bool = False) -> None:
        wall = self._wall()
        alarm = Alarm(name, Priority.HIGH, happened, to_do, wall[11:19], None, latched=latched)
        new = name not in self._standing
        self._standing[name] = alarm
        if new:
            self.told.emit(ScreenAlarm(wall, AlarmTurn.RAISED, alarm))

    def _end(self, name: str, turn: AlarmTurn = AlarmTurn.CLEARED) -> None:
        alarm = self._standing.pop(name, None)
        if alarm is not None:
            over = msgspec.structs.replace(alarm, present=False)
            self.told.emit(ScreenAlarm(self._wall(), turn, over))

    def _wall(self) -> str:
        return self._clock().astimezone().isoformat(timespec="milliseconds")

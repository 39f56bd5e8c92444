"""The alarms that the screen itself raises: the control process is lost, or the screen fails."""

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
        return LOST in self._standing or self.given_up

    @property
    def given_up(self) -> bool:
        """Whether none is being started."""
        return GIVEN_UP in self._standing

    def lose_control(self, reason: str) -> None:
        """The control process is gone or silent."""
        self._raise(
            LOST,
            f"The control process stopped: {reason}",
            "Gas goes off by itself within 1 s. Close the cylinder if gas still flows.",
        )

    def give_up_control(self, reason: str) -> None:
        """It does not start."""
        self._end(LOST)
        self._raise(
            GIVEN_UP,
            f"The control process does not start: {reason}",
            "Close the cylinder if gas still flows. Tried 3 times in 30 s.",
        )

    def fail(self, what: str, *, stopped: bool) -> None:
        """An exception that nobody caught. `stopped`: STOP was sent for it. It stands until the
        console is left; of those that follow the newest is shown, and the first is in the book."""
        did = "STOP was sent." if stopped else "The gas was off."
        self._raise(
            ERROR,
            f"Error in the screen's program: {what}",
            f"{did} Finish here, then start the application again.",
        )

    def heard(self) -> None:
        """Snapshots flow."""
        self._end(LOST)
        self._end(GIVEN_UP)

    def clear(self) -> None:
        """The console was left."""
        for name in tuple(self._standing):
            self._end(name)

    def _raise(self, name: str, happened: str, to_do: str) -> None:
        wall = self._wall()
        alarm = Alarm(name, Priority.HIGH, happened, to_do, wall[11:19], None)
        new = name not in self._standing
        self._standing[name] = alarm
        if new:
            self.told.emit(ScreenAlarm(wall, AlarmTurn.RAISED, alarm))

    def _end(self, name: str) -> None:
        alarm = self._standing.pop(name, None)
        if alarm is not None:
            over = msgspec.structs.replace(alarm, present=False)
            self.told.emit(ScreenAlarm(self._wall(), AlarmTurn.CLEARED, over))

    def _wall(self) -> str:
        return self._clock().astimezone().isoformat(timespec="milliseconds")

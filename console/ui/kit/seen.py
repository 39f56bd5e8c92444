"""How long a control has stood on the screen as it is now. Pure: time is passed in.

A finger aims at what the eyes have seen. A press on what came under it in that moment was meant for
what stood there before."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect

APPEARED_S: Final = 0.4
"""A control that has come, moved or changed its meaning takes no press for so long."""
ANSWERED_S: Final = 0.5
"""And an answer whose question has changed for so long."""


@dataclass(frozen=True)
class Sight:
    """What a control looks like: its name, the question it answers (if any), its place in the
    window in logical pixels."""

    name: str
    question: str
    place: QRect


class Seen:
    """What was painted last, and since when it has been so."""

    def __init__(self) -> None:
        self._sight: Sight | None = None
        self._from_s = 0.0

    def paint(self, sight: Sight, now_s: float) -> None:
        """It has been painted like this."""
        before, self._sight = self._sight, sight
        if before == sight:
            return
        asked_anew = before is not None and before.question != sight.question
        wait = ANSWERED_S if asked_anew else APPEARED_S
        self._from_s = max(self._from_s if before is not None else 0.0, now_s + wait)

    def forget(self) -> None:
        """It is not on the screen."""
        self._sight = None

    def settled(self, sight: Sight, now_s: float) -> bool:
        """Whether it has stood on the screen like this for long enough to be meant."""
        return sight == self._sight and now_s >= self._from_s

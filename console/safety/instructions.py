"""What alarms ask of the operator, as values, and what the bar says was done about each. The phase
line alone gives instructions about gas and probe; the bar gives facts, and what else helps."""

from collections.abc import Iterable

import msgspec

from console.model.alarm import Alarm
from console.model.instruction import Instruction
from console.safety.registry import BY_ID


def for_screen(alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
    """The alarms with what the bar says was done."""
    return tuple(msgspec.structs.replace(each, done=_done(each)) for each in alarms)


def asked_by(alarms: Iterable[Alarm]) -> set[Instruction]:
    """What the alarms ask for. A cylinder that was to be closed stays so until an engineer has
    released the console."""
    known = (BY_ID[each.id].asks for each in alarms if each.id in BY_ID)
    return {asks for asks in known if asks is not None}


def _done(alarm: Alarm) -> str:
    return BY_ID[alarm.id].done if alarm.id in BY_ID else ""

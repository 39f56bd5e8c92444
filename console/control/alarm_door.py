"""What becomes of alarms outside the core: their events, the alarm book, and what stays with a
console until an engineer releases it."""

from typing import Final

import msgspec

from console.control.outputs import AlarmTold, Output
from console.control.state import State
from console.model.alarm import Alarm, AlarmTurn, Kept, Priority
from console.model.event import Event, EventKind
from console.safety import alarms
from console.safety.alarms import Alarms, Change, of_console
from console.safety.interlock import Finding
from console.safety.registry import BY_ID
from drivers.inputs.address import is_simulator

STANDS_FOR_UNKNOWN: Final = "leak"
"""The interlock whose rules hold for an alarm that this version does not know: gas stays off."""


def told(
    state: State,
    now_ms: float,
    changes: tuple[Change, ...],
    out: list[Output],
    *,
    acknowledged: bool = False,
) -> None:
    """Alarms were raised or have cleared."""
    gone = AlarmTurn.ACKNOWLEDGED if acknowledged else AlarmTurn.CLEARED
    for change in changes:
        alarm = change.alarm
        if acknowledged:
            state.note(out, EventKind.ACKNOWLEDGED, alarm.happened)
        else:
            kind = EventKind.ALARM if change.raised else EventKind.ALARM_CLEARED
            text = f"{alarm.priority.value}: {alarm.happened}"
            state.tell(out, Event(kind, alarm.raised_ms, text))
        if change.raised and alarm.engineer and state.device is not None:
            console = state.device.serial
            others = (k for k in state.kept if (k.console, k.alarm.id) != (console, alarm.id))
            state.kept = (*others, Kept(console, alarm))
        turn = AlarmTurn.RAISED if change.raised else gone
        out.append(AlarmTold(state.wall(now_ms), _console(state), turn, alarm))


def interrupted(state: State, now_ms: float, happened: str, out: list[Output]) -> None:
    """What ended a freeze in the process before this one stands until it is acknowledged, as it
    would have stood there. The STOP has been sent as the port was opened."""
    wall, limits = state.clock_face(now_ms), state.config.limits
    found = (Finding("host_error"),)
    raised, changes = alarms.step(Alarms(), found, limits, wall=wall, device_ms=None)
    alarm = msgspec.structs.replace(raised.standing[0], happened=happened)
    others = (each for each in state.alarms if each.id != alarm.id)
    standing = tuple(sorted((alarm, *others), key=lambda each: each.priority.rank))
    state.alarming = msgspec.structs.replace(state.alarming, standing=standing)
    told(state, now_ms, (msgspec.structs.replace(changes[0], alarm=alarm),), out)


def of_screen(state: State, wall: str, turn: AlarmTurn, alarm: Alarm, out: list[Output]) -> None:
    """The screen raised an alarm of its own, or that is over. It may tell so late: to the control
    process that came after the one that was lost."""
    kind = EventKind.ALARM if turn is AlarmTurn.RAISED else EventKind.ALARM_CLEARED
    said = f"{alarm.priority.value}: {alarm.happened} (the screen says so, {alarm.raised_at})"
    state.tell(out, Event(kind, alarm.raised_ms, said))
    out.append(AlarmTold(wall, "", turn, alarm))


def noted(state: State, now_ms: float, kind: EventKind, text: str, out: list[Output]) -> None:
    """Something to know that stops nothing: an event, and a line of the alarm history."""
    state.note(out, kind, text)
    alarm = Alarm(
        id=kind.value.replace(" ", "_"),
        priority=Priority.LOW,
        happened=text,
        to_do="",
        raised_at=state.clock_face(now_ms),
        raised_ms=None,
        present=False,
    )
    out.append(AlarmTold(state.wall(now_ms), "", AlarmTurn.RAISED, alarm))


def kept(state: State, found: tuple[Kept, ...], out: list[Output]) -> None:
    """What earlier runs have left with each console; it may be found late."""
    keys = {(each.console, each.alarm.id) for each in state.kept}
    known = (Kept(each.console, _of_a_row(each.alarm)) for each in found)
    new = tuple(each for each in known if (each.console, each.alarm.id) not in keys)
    state.kept = (*state.kept, *new)
    if new:
        connected(state, out)


def _of_a_row(alarm: Alarm) -> Alarm:
    """A later version, or a damaged line, may name an alarm that no row of this version has: it
    locks its console as any other that an engineer releases."""
    return alarm if alarm.id in BY_ID else msgspec.structs.replace(alarm, id=STANDS_FOR_UNKNOWN)


def connected(state: State, out: list[Output]) -> None:
    """Another session of the link, perhaps with another console: what stays with that one is there
    again."""
    if state.device is None:
        return
    before = {alarm.id for alarm in state.alarms}
    kept = tuple(k.alarm for k in state.kept if k.console == state.device.serial)
    state.alarming = of_console(state.alarming, kept)
    for alarm in state.alarms:
        if alarm.id not in before:
            text = f"{alarm.priority.value}: {alarm.happened}, until an engineer releases it"
            state.note(out, EventKind.ALARM, text)


def _console(state: State) -> str:
    if state.device is None or is_simulator(state.config.port):
        return ""
    return state.device.serial

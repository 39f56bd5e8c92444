"""What becomes of alarms outside the core: their events, the alarm book, and what stays with a
console until an engineer releases it."""

import msgspec

from console.control.outputs import AlarmTold, Output
from console.control.state import State
from console.model.alarm import Alarm, AlarmTurn, Kept
from console.model.event import Event, EventKind
from console.safety import alarms
from console.safety.alarms import Change, of_console
from console.safety.facts import Finding


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
    wall = state.clock_face(now_ms)
    raised, changes = alarms.step((), (Finding("host_error"),), wall=wall, device_ms=None)
    alarm = msgspec.structs.replace(raised[0], happened=happened)
    others = (each for each in state.alarms if each.id != alarm.id)
    state.alarms = tuple(sorted((alarm, *others), key=lambda each: each.priority.rank))
    told(state, now_ms, (msgspec.structs.replace(changes[0], alarm=alarm),), out)


def of_screen(state: State, wall: str, turn: AlarmTurn, alarm: Alarm, out: list[Output]) -> None:
    """The screen raised an alarm of its own, or that is over. It may tell so late: to the control
    process that came after the one that was lost."""
    kind = EventKind.ALARM if turn is AlarmTurn.RAISED else EventKind.ALARM_CLEARED
    said = f"{alarm.priority.value}: {alarm.happened} (the screen says so, {alarm.raised_at})"
    state.tell(out, Event(kind, alarm.raised_ms, said))
    out.append(AlarmTold(wall, "", turn, alarm))


def connected(state: State, out: list[Output]) -> None:
    """Another session of the link, perhaps with another console: what stays with that one is there
    again."""
    if state.device is None:
        return
    before = {alarm.id for alarm in state.alarms}
    kept = tuple(k.alarm for k in state.kept if k.console == state.device.serial)
    state.alarms = of_console(state.alarms, kept)
    for alarm in state.alarms:
        if alarm.id not in before:
            text = f"{alarm.priority.value}: {alarm.happened}, until an engineer releases it"
            state.note(out, EventKind.ALARM, text)


def _console(state: State) -> str:
    if state.device is None or state.config.port.startswith("sim:"):
        return ""
    return state.device.serial

"""What the record keeps of the core's outputs. The loop writes it, and a replay makes it again: the
same outputs of the same input give the same entries."""

from console.control.outputs import (
    AlarmTold,
    Checkpoint,
    CylinderTold,
    Device,
    Feed,
    Finish,
    History,
    Output,
    Renew,
    Tell,
    Transmit,
)
from console.control.state import State
from console.model.alarm import AlarmTurn
from console.records.entries import (
    Connected,
    FailedIn,
    FrameOut,
    Happened,
    Over,
    Progress,
    Raised,
    ReplyOut,
)
from drivers.link.frame import encode

Decision = Happened | Connected | Progress | ReplyOut | FrameOut | Over | Raised


def recorded(state: State, now_ms: float, output: Output) -> Decision | None:
    """The entry of an output that followed from an input at `now_ms`. None for a Feed, which hands
    on what a FrameIn holds, and for a CylinderTold and an AlarmTold, whose events are there, unless
    only an engineer releases that alarm."""
    match output:
        case Transmit():
            return FrameOut(now_ms, encode(output.frame)[:-1])
        case Tell():
            return ReplyOut(output.reply.id, output.reply.refused)
        case History():
            return Happened(now_ms, state.wall(now_ms), output.event)
        case Device():
            return Connected(now_ms, output.info)
        case Checkpoint():
            return Progress(now_ms, output.state)
        case Renew():
            return Over(now_ms, output.outcome)
        case Finish():
            return Over(now_ms, output.reason)
        case AlarmTold(turn=AlarmTurn.RAISED) if output.alarm.engineer and output.console:
            return Raised(now_ms, output.wall, output.console, output.alarm)
        case Feed() | AlarmTold() | CylinderTold():
            return None


def failure(now_ms: float, error: Exception) -> FailedIn:
    """The input that follows on one whose step raised."""
    return FailedIn(now_ms, f"{type(error).__name__}: {error}")

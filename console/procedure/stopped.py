"""What every STOP does, whatever ran: nothing starts by itself after it, and the history has its
reason."""

import msgspec

from console.model.event import Event, EventKind
from console.procedure.state import Note, Procedure
from console.procedure.transition import Stop


def stop_ms(proc: Procedure, what: Stop) -> int | None:
    """When it was, in device ms: the newest observation where the stop does not say."""
    return what.at_ms if what.at_ms is not None else proc.last_ms


def stop_noted(proc: Procedure, what: Stop) -> tuple[Procedure, Note]:
    """The next freeze is held, and the note of the stop."""
    note = Note(Event(EventKind.STOPPED, stop_ms(proc, what), what.reason))
    return msgspec.structs.replace(proc, hold=True), note

"""What follows from the device for a freeze: its start, the freeze itself, its end, and an end that
is reported late."""

from typing import Final

import msgspec

from console.model.cycle import CycleRecord, CycleState
from console.model.device import DeviceState
from console.model.event import Event, EventKind
from console.model.observation import DeviceEvent, FreezeEnd
from console.model.plan import Timing
from console.model.quantities import minutes
from console.procedure import extension
from console.procedure.freeze import (
    TARGET_NOT_REACHED,
    begun,
    closed,
    interrupted,
    measured,
    start_command,
    start_failed,
)
from console.procedure.handshake import OPENING_WITHIN_MS, REASON_WITHIN_MS, staged
from console.procedure.row import Outcome
from console.procedure.situation import (
    EVERYWHERE,
    FREEZES,
    STARTS,
    TEST_STARTS,
    TESTS,
    S,
)
from console.procedure.state import (
    Note,
    Persist,
    Procedure,
    SendArm,
    SendEnd,
    Stage,
    Starting,
)
from console.procedure.stopped import stop_ms, stop_noted
from console.procedure.transition import H, Seen, Stop, Transition, always

# --- a start on its way -----------------------------------------------------------------------


def _starting(proc: Procedure) -> Starting:
    assert proc.starting is not None  # by the situations of the rows
    return proc.starting


def _staged(proc: Procedure, stage: Stage) -> Procedure:
    return msgspec.structs.replace(proc, starting=staged(_starting(proc), stage, proc.last_ms))


def _arm(proc: Procedure, what: object) -> Outcome:
    return _staged(proc, Stage.ARM), (SendArm(),)


def _start(proc: Procedure, what: object) -> Outcome:
    return _staged(proc, Stage.START), (start_command(proc),)


def _opens(proc: Procedure, what: object) -> Outcome:
    return _staged(proc, Stage.OPENING), ()


def _began(proc: Procedure, event: DeviceEvent) -> Outcome:
    freezing = event.detail == DeviceState.FREEZING.value
    began = event.at_ms if freezing and event.at_ms >= _starting(proc).since_ms else None
    return msgspec.structs.replace(proc, began_ms=began), ()


def _freezes(proc: Procedure, what: Seen) -> bool:
    return what.observation.state is DeviceState.FREEZING


def _begun(proc: Procedure, what: Seen) -> Outcome:
    return begun(proc, what.observation)


def _overdue(proc: Procedure, what: Seen) -> bool:
    return what.observation.at_ms - _starting(proc).since_ms > OPENING_WITHIN_MS


def _not_opened(proc: Procedure, what: object) -> Outcome:
    return start_failed(proc, "the console granted it and did not open the valve")


def _given_up(proc: Procedure, what: Stop) -> Outcome:
    proc, note = stop_noted(proc, what)
    proc = msgspec.structs.replace(proc, phase=_starting(proc).back_to, starting=None)
    return proc, (note, Persist())


# --- a running freeze -------------------------------------------------------------------------


def _measured(proc: Procedure, what: Seen) -> Outcome:
    proc, noted = measured(proc, what.observation, what.dt_s)
    proc, sent = extension.due(proc, what.observation)
    return proc, (*noted, *sent)


def _extended(proc: Procedure, by_s: float) -> Outcome:
    record = proc.last_record
    assert record is not None  # of the running freeze
    record = msgspec.structs.replace(record, extended_s=record.extended_s + by_s)
    proc = msgspec.structs.replace(proc, records=(*proc.records[:-1], record))
    text = f"Freeze {record.number} extended by {minutes(by_s)}."
    return proc, (Note(Event(EventKind.FREEZE_EXTENDED, proc.last_ms, text)), Persist())


def _never_reached(proc: Procedure, what: object) -> bool:
    from_target = proc.plan is not None and proc.plan.timing is Timing.FROM_TARGET
    return from_target and not proc.target.reached and not proc.end_asked


def _ended_as_missed(proc: Procedure, what: object) -> Outcome:
    note = Note(Event(EventKind.STOPPED, proc.last_ms, TARGET_NOT_REACHED))
    proc = msgspec.structs.replace(
        proc, end_asked=True, hold=True, stop_reason=TARGET_NOT_REACHED, stopped_by_operator=False
    )
    return proc, (note, SendEnd())


def _end_again(proc: Procedure, what: object) -> Outcome:
    return msgspec.structs.replace(proc, end_asked=False), ()  # it may be asked for again


# --- its end ----------------------------------------------------------------------------------


def _end_told(proc: Procedure, what: object) -> bool:
    return proc.device_end is not None


def _closed_as_told(proc: Procedure, what: Seen) -> Outcome:
    at_ms = proc.device_end_ms
    if at_ms is None:
        at_ms = proc.ending_ms if proc.ending_ms is not None else what.observation.at_ms
    return closed(proc, at_ms, proc.device_end or FreezeEnd.UNKNOWN)


def _seen_off(proc: Procedure, what: Seen) -> Outcome:
    return msgspec.structs.replace(proc, ending_ms=what.observation.at_ms), ()


def _reason_overdue(proc: Procedure, what: Seen) -> bool:
    return what.observation.at_ms - (proc.ending_ms or 0) >= REASON_WITHIN_MS


def _closed_unknown(proc: Procedure, what: object) -> Outcome:
    return closed(proc, proc.ending_ms or 0, FreezeEnd.UNKNOWN)


def _of_the_newest(proc: Procedure, event: DeviceEvent) -> bool:
    record = proc.last_record
    return record is not None and _is_of(record, event)


def _is_of(record: CycleRecord, event: DeviceEvent) -> bool:
    """Whether the freeze whose end the device tells is this one. Events are repeated until they are
    heard, so that one may come late; and the console may have freezes of its own."""
    if event.value <= 0:
        return event.at_ms >= record.started_ms
    return abs(event.at_ms - event.value - record.started_ms) <= OPENING_WITHIN_MS


def _end_noted(proc: Procedure, event: DeviceEvent) -> Outcome:
    proc = msgspec.structs.replace(proc, device_end=event.freeze_end, device_end_ms=event.at_ms)
    return proc, ()


def _ended(proc: Procedure, event: DeviceEvent) -> Outcome:
    proc, _ = _end_noted(proc, event)
    return closed(proc, event.at_ms, event.freeze_end or FreezeEnd.UNKNOWN)


def _was_guessed(proc: Procedure, event: DeviceEvent) -> bool:
    """The reason and the true length of a freeze whose end nobody here saw."""
    record = proc.last_record
    if record is None or record.state is not CycleState.STOPPED:
        return False
    return record.end in _GUESSED and _is_of(record, event)


def _end_corrected(proc: Procedure, event: DeviceEvent) -> Outcome:
    record = proc.last_record
    assert record is not None  # by the row's condition
    at_ms = record.started_ms + event.value if event.value > 0 else record.ended_ms
    record = msgspec.structs.replace(record, end=event.freeze_end, ended_ms=at_ms)
    proc = msgspec.structs.replace(proc, records=(*proc.records[:-1], record), gas_off_ms=at_ms)
    return proc, (Persist(),)


_GUESSED: Final = (None, FreezeEnd.UNKNOWN, FreezeEnd.STOP)


# --- STOP -------------------------------------------------------------------------------------


def _had_ended(proc: Procedure, what: Stop) -> bool:
    return proc.device_end is not None and proc.device_end_ms is not None


def _stopped_after_its_end(proc: Procedure, what: Stop) -> Outcome:
    # It had ended before, by the device's own word: a stop changes nothing about that.
    proc, note = stop_noted(proc, what)
    if proc.device_end not in _PLANNED and not what.by_operator:
        proc = msgspec.structs.replace(proc, stop_reason=what.reason)
    proc, effects = closed(proc, proc.device_end_ms or 0, proc.device_end or FreezeEnd.UNKNOWN)
    return proc, (note, *effects)


def _stopped(proc: Procedure, what: Stop) -> Outcome:
    proc, note = stop_noted(proc, what)
    proc = msgspec.structs.replace(
        proc, stop_reason=what.reason, stopped_by_operator=what.by_operator
    )
    at_ms = proc.ending_ms if proc.ending_ms is not None else stop_ms(proc, what)
    return interrupted(proc, at_ms, note)


_PLANNED: Final = (FreezeEnd.TIMER, FreezeEnd.END)

# --- the rows ---------------------------------------------------------------------------------

_ON: Final = frozenset({S.FREEZING})
_ENDING: Final = frozenset({S.FREEZE_ENDING})
_AFTER: Final = EVERYWHERE.difference(FREEZES, TEST_STARTS, TESTS)

TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition(H.DURABLE, frozenset({S.START_INTENT}), always, _arm),
    Transition(H.ARMED, frozenset({S.START_ARM}), always, _start),
    Transition(H.GRANTED, frozenset({S.START_START}), always, _opens),
    Transition(H.START_FAILED, STARTS, always, start_failed),
    Transition(H.STATE_CHANGED, STARTS, always, _began),
    Transition(H.OBSERVED, frozenset({S.START_OPENING}), _freezes, _begun),
    Transition(H.OBSERVED, frozenset({S.START_OPENING}), _overdue, _not_opened),
    Transition(H.STOPPED, STARTS, always, _given_up),
    Transition(H.OBSERVED, _ON, _freezes, _measured),
    Transition(H.EXTENDED, FREEZES, always, _extended),
    Transition(H.TARGET_MISSED, FREEZES, _never_reached, _ended_as_missed),
    Transition(H.END_FAILED, EVERYWHERE, always, _end_again),
    # One that was seen to end stays ended: gas after that is not of this freeze.
    Transition(H.OBSERVED, FREEZES, _end_told, _closed_as_told),
    Transition(H.OBSERVED, _ON, always, _seen_off),
    Transition(H.OBSERVED, _ENDING, _reason_overdue, _closed_unknown),
    Transition(H.FREEZE_ENDED, _ON, _of_the_newest, _end_noted),
    Transition(H.FREEZE_ENDED, _ENDING, _of_the_newest, _ended),
    Transition(H.FREEZE_ENDED, _AFTER, _was_guessed, _end_corrected),
    Transition(H.STOPPED, FREEZES, _had_ended, _stopped_after_its_end),
    Transition(H.STOPPED, FREEZES, always, _stopped),
)

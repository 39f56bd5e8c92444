"""What follows when something happens: a measurement, an answer, a stop. All pure."""

from typing import Final

import msgspec

from console.model.cycle import CycleRecord, CycleState
from console.model.device import DeviceState
from console.model.event import Event, EventKind
from console.model.observation import DeviceEvent, FreezeEnd, Observation
from console.model.plan import Timing
from console.model.quantities import minutes
from console.model.snapshot import Phase
from console.procedure import check_run, console_check, extension, freeze, stimulation
from console.procedure.freeze import (
    TARGET_NOT_REACHED,
    begun,
    closed,
    ended,
    measured,
    start_command,
    thawing,
)
from console.procedure.freeze_rows import begin, start_blocked
from console.procedure.handshake import OPENING_WITHIN_MS, staged
from console.procedure.state import (
    Conditions,
    Effects,
    Note,
    Persist,
    Procedure,
    SendArm,
    SendEnd,
    Stage,
)
from console.procedure.thaw import starts_by_itself, thaw_open

LONGEST_GAP_S: Final = 0.5
"""No time between two observations counts for more: a gap is no measurement."""


def observed(proc: Procedure, now: Conditions) -> tuple[Procedure, Effects]:
    """A fresh observation, already evaluated by the interlocks."""
    seen = now.observation
    if seen is None:
        return proc, ()
    proc, dt_s = _clocked(proc, seen)
    if proc.stimulating is not None:
        return stimulation.observed(proc, seen)
    if proc.checking is not None:
        return check_run.observed(proc, seen)
    if proc.phase is Phase.CHECK:
        return console_check.judged(proc, now)
    if proc.phase is Phase.STARTING:
        return _opening(proc, seen)
    if proc.phase is Phase.FREEZING:
        # One that has ended stays ended: gas after that is not of this freeze.
        if seen.state is not DeviceState.FREEZING or proc.ending_ms is not None:
            return ended(proc, seen)
        proc, noted = measured(proc, seen, dt_s)
        proc, sent = extension.due(proc, seen)
        return proc, (*noted, *sent)
    if proc.gas_off_ms is not None and proc.phase not in (Phase.FREE, Phase.OUT):
        proc = thawing(proc, seen)
    if proc.phase is Phase.THAWING:
        return _auto(proc, now)
    if proc.phase is Phase.RELEASING and now.free:
        note = Note(Event(EventKind.FREE, seen.at_ms, "Free to move."))
        return msgspec.structs.replace(proc, phase=Phase.FREE), (note, Persist())
    if proc.phase is Phase.FREE and not now.free:
        return msgspec.structs.replace(proc, phase=Phase.RELEASING), (Persist(),)
    return proc, ()


def unseen(proc: Procedure) -> tuple[Procedure, Effects]:
    """There is no fresh observation: what was free is no longer known to be."""
    if proc.phase is not Phase.FREE:
        return proc, ()
    return msgspec.structs.replace(proc, phase=Phase.RELEASING), (Persist(),)


def measured_on(proc: Procedure, seen: Observation) -> Procedure:
    """A past observation, for the account alone: nothing starts, ends or changes by it."""
    proc, dt_s = _clocked(proc, seen)
    if proc.phase is Phase.FREEZING and seen.state is DeviceState.FREEZING:
        return measured(proc, seen, dt_s)[0]
    return proc


def _clocked(proc: Procedure, seen: Observation) -> tuple[Procedure, float]:
    """The procedure at the observation's time, and the seconds that it stands for."""
    last = proc.last_ms if proc.last_ms is not None else seen.at_ms
    dt_s = min(max(seen.at_ms - last, 0) / 1_000, LONGEST_GAP_S)
    released_mg = proc.released_mg + (seen.flow_mg_s or 0.0) * dt_s
    return msgspec.structs.replace(proc, last_ms=seen.at_ms, released_mg=released_mg), dt_s


def _opening(proc: Procedure, seen: Observation) -> tuple[Procedure, Effects]:
    starting = proc.starting
    if starting is None or starting.stage is not Stage.OPENING:
        return proc, ()
    if seen.state is DeviceState.FREEZING:
        return begun(proc, seen)
    if seen.at_ms - starting.since_ms > OPENING_WITHIN_MS:
        return start_failed(proc, "the console granted it and did not open the valve")
    return proc, ()


def _auto(proc: Procedure, now: Conditions) -> tuple[Procedure, Effects]:
    if not starts_by_itself(proc) or thaw_open(proc, now) is not None:
        return proc, ()
    why_not = start_blocked(proc, now)
    if why_not is None:
        return begin(proc, None, now)
    # Never by itself once it could not: the operator looks first.
    text = f"The next freeze waits to be started: {why_not}."
    note = Note(Event(EventKind.NEXT_HELD, proc.last_ms, text))
    return msgspec.structs.replace(proc, hold=True), (note, Persist())


def durable(proc: Procedure) -> tuple[Procedure, Effects]:
    """What was to be persisted is on disk."""
    if proc.checking is not None:
        return check_run.durable(proc)
    if proc.starting is None:
        return stimulation.durable(proc)
    if proc.starting.stage is not Stage.INTENT:
        return proc, ()
    return _staged(proc, Stage.ARM), (SendArm(),)


def armed(proc: Procedure) -> tuple[Procedure, Effects]:
    """The device has granted a token."""
    if proc.checking is not None:
        return check_run.armed(proc)
    if proc.starting is None:
        return stimulation.armed(proc)
    if proc.starting.stage is not Stage.ARM:
        return proc, ()
    return _staged(proc, Stage.START), (start_command(proc),)


def granted(proc: Procedure) -> tuple[Procedure, Effects]:
    """The device has answered START: done."""
    if proc.checking is not None:
        return check_run.granted(proc)
    if proc.starting is None:
        return stimulation.granted(proc)
    if proc.starting.stage is not Stage.START:
        return proc, ()
    return _staged(proc, Stage.OPENING), ()


def _staged(proc: Procedure, stage: Stage) -> Procedure:
    assert proc.starting is not None
    return msgspec.structs.replace(proc, starting=staged(proc.starting, stage, proc.last_ms))


def start_failed(proc: Procedure, why: str) -> tuple[Procedure, Effects]:
    """The start on its way, of a freeze, a stimulation or a line of the check, came to nothing."""
    if proc.checking is not None:
        return check_run.failed(proc, why)
    if proc.starting is None:
        return stimulation.failed(proc, why)
    return freeze.start_failed(proc, why)


def target_missed(proc: Procedure) -> tuple[Procedure, Effects]:
    """The tip is not at its target though it should be. A freeze that is timed from the target, and
    has not been there, is ended as not reached; any other goes on."""
    from_target = proc.plan is not None and proc.plan.timing is Timing.FROM_TARGET
    if proc.phase is not Phase.FREEZING or not from_target or proc.target.reached or proc.end_asked:
        return proc, ()
    note = Note(Event(EventKind.STOPPED, proc.last_ms, TARGET_NOT_REACHED))
    proc = msgspec.structs.replace(
        proc, end_asked=True, hold=True, stop_reason=TARGET_NOT_REACHED, stopped_by_operator=False
    )
    return proc, (note, SendEnd())


def end_failed(proc: Procedure) -> tuple[Procedure, Effects]:
    """END was not done: the operator may ask again."""
    return msgspec.structs.replace(proc, end_asked=False), ()


def extended(proc: Procedure, by_s: float) -> tuple[Procedure, Effects]:
    """The device has acknowledged EXTEND."""
    record = proc.last_record
    if record is None or record.state is not CycleState.FREEZING:
        return proc, ()
    record = msgspec.structs.replace(record, extended_s=record.extended_s + by_s)
    proc = msgspec.structs.replace(proc, records=(*proc.records[:-1], record))
    text = f"Freeze {record.number} extended by {minutes(by_s)}."
    return proc, (Note(Event(EventKind.FREEZE_EXTENDED, proc.last_ms, text)), Persist())


def device_said(proc: Procedure, event: DeviceEvent) -> tuple[Procedure, Effects]:
    """An event of the device: when a freeze began, and when and why it or a stimulation ended."""
    if event.stimulation_end is not None:
        return stimulation.ended(proc, event.stimulation_end, event.at_ms)
    if event.kind == "probe_disconnected":
        return console_check.probe_gone(proc)
    if proc.checking is not None:
        return check_run.said(proc, event)
    if proc.starting is not None and event.kind == "state_changed":
        freezing = event.detail == DeviceState.FREEZING.value
        began = event.at_ms if freezing and event.at_ms >= proc.starting.since_ms else None
        return msgspec.structs.replace(proc, began_ms=began), ()
    record = proc.last_record
    if event.freeze_end is None or record is None or not _is_of(record, event):
        return proc, ()
    if proc.phase is Phase.FREEZING:
        proc = msgspec.structs.replace(proc, device_end=event.freeze_end, device_end_ms=event.at_ms)
        if proc.ending_ms is not None:
            return closed(proc, event.at_ms, event.freeze_end)
        return proc, ()
    if record.state is CycleState.STOPPED and record.end in _GUESSED:
        # The reason and the true length of a freeze whose end nobody here saw.
        at_ms = record.started_ms + event.value if event.value > 0 else record.ended_ms
        record = msgspec.structs.replace(record, end=event.freeze_end, ended_ms=at_ms)
        proc = msgspec.structs.replace(proc, records=(*proc.records[:-1], record), gas_off_ms=at_ms)
        return proc, (Persist(),)
    return proc, ()


def _is_of(record: CycleRecord, event: DeviceEvent) -> bool:
    """Whether the freeze whose end the device tells is this one. Events are repeated until they are
    heard, so that one may come late; and the console may have freezes of its own."""
    if event.value <= 0:
        return event.at_ms >= record.started_ms
    return abs(event.at_ms - event.value - record.started_ms) <= OPENING_WITHIN_MS


_GUESSED: Final = (None, FreezeEnd.UNKNOWN, FreezeEnd.STOP)


def stopped(
    proc: Procedure, reason: str, *, by_operator: bool, at_ms: int | None
) -> tuple[Procedure, Effects]:
    """STOP was pressed or an interlock tripped. The command itself is sent by whoever calls."""
    at = at_ms if at_ms is not None else proc.last_ms
    proc = msgspec.structs.replace(proc, hold=True)
    note = Note(Event(EventKind.STOPPED, at, reason))
    if proc.stimulating is not None:
        proc, effects = stimulation.closed(proc, FreezeEnd.STOP, at)
        return proc, (note, *effects)
    if proc.checking is not None:
        proc, effects = check_run.closed(proc, FreezeEnd.STOP)
        return proc, (note, *effects)
    if proc.phase is Phase.STARTING and proc.starting is not None:
        proc = msgspec.structs.replace(proc, phase=proc.starting.back_to, starting=None)
        return proc, (note, Persist())
    record = proc.last_record
    if proc.phase is not Phase.FREEZING or record is None:
        return proc, (note, Persist())
    told, told_ms = proc.device_end, proc.device_end_ms
    if told is not None and told_ms is not None:
        # It had ended before, by the device's own word: a stop changes nothing about that.
        if told not in _PLANNED and not by_operator:
            proc = msgspec.structs.replace(proc, stop_reason=reason)
        proc, effects = closed(proc, told_ms, told)
        return proc, (note, *effects)
    proc = msgspec.structs.replace(proc, stop_reason=reason, stopped_by_operator=by_operator)
    return _interrupted(proc, proc.ending_ms if proc.ending_ms is not None else at, note)


_PLANNED: Final = (FreezeEnd.TIMER, FreezeEnd.END)


def _interrupted(proc: Procedure, at: int | None, note: Note) -> tuple[Procedure, Effects]:
    record = proc.last_record
    assert record is not None
    record = msgspec.structs.replace(
        record, state=CycleState.STOPPED, ended_ms=at, end=FreezeEnd.STOP
    )
    proc = msgspec.structs.replace(
        proc,
        phase=Phase.STOPPED,
        records=(*proc.records[:-1], record),
        gas_off_ms=at,
        ending_ms=None,
        extending=None,
    )
    return proc, (note, Persist())


def resumed(
    proc: Procedure, reason: str, *, same_boot: bool, same_console: bool = True
) -> tuple[Procedure, Effects]:
    """The state of a case taken up from its journal: never a live freeze, never one that starts by
    itself. After another boot of the device its clock began anew, so that no time of before can be
    compared with it."""
    note = Note(Event(EventKind.RESUMED, None, reason))
    if proc.phase is Phase.STARTING and proc.starting is not None:
        proc = msgspec.structs.replace(proc, phase=proc.starting.back_to, starting=None)
    proc = msgspec.structs.replace(proc, hold=True, end_asked=False)
    proc, ended_test = stimulation.closed(proc, FreezeEnd.UNKNOWN, proc.last_ms)
    proc, broken_off = check_run.closed(proc, FreezeEnd.UNKNOWN)
    if not same_console:
        proc = console_check.other_console(proc)
        proc = msgspec.structs.replace(proc, cylinder_changing=False)
    effects: Effects = (note, *ended_test, *broken_off, Persist())
    if proc.phase is Phase.FREEZING:
        proc = msgspec.structs.replace(proc, stop_reason=reason, stopped_by_operator=False)
        proc, effects = _interrupted(proc, proc.last_ms, note)
    if not same_boot:
        proc = restarted(proc)
    return proc, effects


def restarted(proc: Procedure) -> Procedure:
    """The device's clock has begun anew: thaws are timed from its first frame."""
    proc, _ = stimulation.closed(proc, FreezeEnd.UNKNOWN, proc.last_ms)
    proc, _ = check_run.closed(proc, FreezeEnd.UNKNOWN)
    return msgspec.structs.replace(
        proc,
        last_ms=None,
        settling=None,
        gas_off_ms=0 if proc.gas_off_ms is not None else None,
        ending_ms=None,
    )

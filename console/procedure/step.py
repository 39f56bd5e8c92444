"""What follows when something happens: a measurement, an answer, a stop. All pure. The tables in
`transitions` say what; here is what each happening brings along."""

from typing import Final

import msgspec

from console.model.device import DeviceState
from console.model.event import Event, EventKind
from console.model.observation import DeviceEvent, FreezeEnd, Observation
from console.model.snapshot import Phase
from console.procedure import check_run, console_check, stimulation
from console.procedure.freeze import interrupted, measured, thawing
from console.procedure.situation import QUIET, S, situation
from console.procedure.state import Conditions, Effects, Note, Persist, Procedure
from console.procedure.transition import H, Seen, Stop
from console.procedure.transitions import follow

LONGEST_GAP_S: Final = 0.5
"""No time between two observations counts for more: a gap is no measurement."""

_THAWS: Final = QUIET - {S.CHECK, S.FREE, S.OUT}


def observed(proc: Procedure, now: Conditions) -> tuple[Procedure, Effects]:
    """A fresh observation, already evaluated by the interlocks."""
    seen = now.observation
    if seen is None:
        return proc, ()
    proc, dt_s = _clocked(proc, seen)
    if proc.gas_off_ms is not None and situation(proc) in _THAWS:
        proc = thawing(proc, seen)
    return follow(proc, H.OBSERVED, Seen(seen, now, dt_s))


def unseen(proc: Procedure) -> tuple[Procedure, Effects]:
    """There is no fresh observation: what was free is no longer known to be."""
    return follow(proc, H.UNSEEN)


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


def durable(proc: Procedure) -> tuple[Procedure, Effects]:
    """What was to be persisted is on disk."""
    return follow(proc, H.DURABLE)


def armed(proc: Procedure) -> tuple[Procedure, Effects]:
    """The device has granted a token."""
    return follow(proc, H.ARMED)


def granted(proc: Procedure) -> tuple[Procedure, Effects]:
    """The device has answered START, or TEST: done."""
    return follow(proc, H.GRANTED)


def start_failed(proc: Procedure, why: str) -> tuple[Procedure, Effects]:
    """The start on its way, of a freeze, a stimulation or a line of the check, came to nothing."""
    return follow(proc, H.START_FAILED, why)


def target_missed(proc: Procedure) -> tuple[Procedure, Effects]:
    """The tip is not at its target though it should be. A freeze that is timed from the target, and
    has not been there, is ended as not reached; any other goes on."""
    return follow(proc, H.TARGET_MISSED)


def end_failed(proc: Procedure) -> tuple[Procedure, Effects]:
    """END was not done: the operator may ask again."""
    return follow(proc, H.END_FAILED)


def extended(proc: Procedure, by_s: float) -> tuple[Procedure, Effects]:
    """The device has acknowledged EXTEND."""
    return follow(proc, H.EXTENDED, by_s)


def amplitude_taken(proc: Procedure, amplitude_ua: int) -> tuple[Procedure, Effects]:
    """The device has acknowledged an amplitude."""
    return follow(proc, H.AMPLITUDE_TAKEN, amplitude_ua)


def amplitude_refused(proc: Procedure) -> tuple[Procedure, Effects]:
    """The device did not take an amplitude: the one before it stands."""
    return follow(proc, H.AMPLITUDE_REFUSED)


def off_refused(proc: Procedure) -> tuple[Procedure, Effects]:
    """OFF was not done: the operator may ask again, or stop."""
    return follow(proc, H.OFF_REFUSED)


def device_said(proc: Procedure, event: DeviceEvent) -> tuple[Procedure, Effects]:
    """An event of the device: when a freeze began, and when and why it or a stimulation ended."""
    by = _EVENTS.get(event.kind)
    return (proc, ()) if by is None else follow(proc, by, event)


_EVENTS: Final = {
    "state_changed": H.STATE_CHANGED,
    "freeze_ended": H.FREEZE_ENDED,
    "stimulation_ended": H.STIMULATION_ENDED,
    "test_ended": H.TEST_ENDED,
    "probe_disconnected": H.PROBE_GONE,
}
"""The others are for the history and the interlocks alone."""


def stopped(
    proc: Procedure, reason: str, *, by_operator: bool, at_ms: int | None
) -> tuple[Procedure, Effects]:
    """STOP was pressed or an interlock tripped. The command itself is sent by whoever calls."""
    return follow(proc, H.STOPPED, Stop(reason, by_operator, at_ms))


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
        proc, effects = interrupted(proc, proc.last_ms, note)
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

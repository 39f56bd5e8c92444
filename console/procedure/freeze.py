"""The account of one freeze: from the first frame that says FREEZING to the reason of its end."""

from typing import Final

import msgspec

from console.model.cycle import CycleRecord, CycleState
from console.model.event import Event, EventKind
from console.model.observation import FreezeEnd, Observation
from console.model.plan import LONGEST_FREEZE_S, Timing
from console.model.quantities import celsius, minutes
from console.model.snapshot import Phase
from console.procedure.state import (
    Effect,
    Effects,
    Note,
    Persist,
    Procedure,
    SendStart,
    SendStop,
    TargetWatch,
)
from console.procedure.words import site_name

NEAR_TARGET_CELSIUS: Final = 3.0
NEAR_TARGET_MS: Final = 1_000
TARGET_NOT_REACHED: Final = "The target was not reached: the freeze was ended."


def start_command(proc: Procedure) -> SendStart:
    """The START of the next freeze of the plan."""
    plan, cycle = proc.plan, proc.current_cycle
    assert plan is not None and cycle is not None  # a start is offered with a plan only
    return SendStart(
        plan.target_celsius,
        plan.timing is Timing.FROM_TARGET,
        cycle.freeze_s,
        LONGEST_FREEZE_S,
    )


def start_failed(proc: Procedure, why: str) -> tuple[Procedure, Effects]:
    """The start on its way came to nothing; nothing starts by itself after that. Should the device
    have opened its valve after all, STOP shuts it."""
    starting = proc.starting
    if starting is None:
        return proc, ()
    text = f"Freeze {proc.cycle + 1} did not start: {why}."
    proc = msgspec.structs.replace(proc, phase=starting.back_to, starting=None, hold=True)
    note = Note(Event(EventKind.START_FAILED, proc.last_ms, text))
    return proc, (SendStop(), note, Persist())


def begun(proc: Procedure, seen: Observation) -> tuple[Procedure, Effects]:
    """The device says that it freezes: the account opens."""
    cycle, site = proc.current_cycle, proc.current_site
    if cycle is None or site is None:
        return proc, ()
    record = CycleRecord(
        site=proc.site,
        number=proc.cycle + 1,
        planned_freeze_s=cycle.freeze_s,
        state=CycleState.FREEZING,
        started_ms=proc.began_ms if proc.began_ms is not None else seen.at_ms,
        start_tip_celsius=seen.tip_celsius,
        lowest_tip_celsius=seen.tip_celsius,
        placement=proc.placement,
    )
    proc = msgspec.structs.replace(
        proc,
        phase=Phase.FREEZING,
        starting=None,
        records=(*proc.records, record),
        end_asked=False,
        began_ms=None,
        device_end=None,
        device_end_ms=None,
        ending_ms=None,
        target=TargetWatch(),
        gas_off_ms=None,
        hold=False,
        stop_reason="",
        stopped_by_operator=False,
    )
    text = (
        f"Freeze {record.number} of {len(site.cycles)} started: {site_name(site)}, "
        f"{minutes(cycle.freeze_s)}, tip {celsius(seen.tip_celsius)}"
    )
    return proc, (Note(Event(EventKind.FREEZE_STARTED, seen.at_ms, text)), Persist())


def measured(proc: Procedure, seen: Observation, dt_s: float) -> tuple[Procedure, Effects]:
    """One observation of a running freeze."""
    record = proc.last_record
    if record is None or proc.plan is None:
        return proc, ()
    tip = seen.tip_celsius
    watch, notes = proc.target, list[Effect]()
    near = tip is not None and abs(tip - proc.plan.target_celsius) <= NEAR_TARGET_CELSIUS
    since = (
        (watch.near_since_ms if watch.near_since_ms is not None else seen.at_ms) if near else None
    )
    at_target = since is not None and seen.at_ms - since >= NEAR_TARGET_MS
    changes: dict[str, float | None] = {
        "gas_g": record.gas_g + (seen.flow_mg_s or 0.0) * dt_s / 1_000,
    }
    if tip is not None and (record.lowest_tip_celsius is None or tip < record.lowest_tip_celsius):
        changes["lowest_tip_celsius"] = tip
    if at_target:
        changes["time_at_target_s"] = record.time_at_target_s + dt_s
        if not watch.reached:
            to_target_s = (seen.at_ms - record.started_ms) / 1_000
            changes["time_to_target_s"] = to_target_s
            text = f"At target after {minutes(to_target_s)}: {celsius(tip)}"
            notes.append(Note(Event(EventKind.AT_TARGET, seen.at_ms, text)))
    record = msgspec.structs.replace(record, **changes)
    proc = msgspec.structs.replace(
        proc,
        records=(*proc.records[:-1], record),
        target=TargetWatch(since, watch.reached or at_target),
    )
    return proc, tuple(notes)


def thawing(proc: Procedure, seen: Observation) -> Procedure:
    """One observation of the thaw after the newest freeze."""
    record = proc.last_record
    if record is None or proc.gas_off_ms is None:
        return proc
    highest = record.highest_thaw_celsius
    if seen.tip_celsius is not None and (highest is None or seen.tip_celsius > highest):
        highest = seen.tip_celsius
    record = msgspec.structs.replace(
        record, thaw_s=(seen.at_ms - proc.gas_off_ms) / 1_000, highest_thaw_celsius=highest
    )
    return msgspec.structs.replace(proc, records=(*proc.records[:-1], record))


def closed(proc: Procedure, at_ms: int, reason: FreezeEnd) -> tuple[Procedure, Effects]:
    """Closes the account of the running freeze, and goes on to thaw, release or Freeze stopped."""
    record = proc.last_record
    if record is None or record.state is not CycleState.FREEZING:
        return proc, ()
    state = {FreezeEnd.TIMER: CycleState.DONE, FreezeEnd.END: CycleState.ENDED_EARLY}.get(
        reason, CycleState.STOPPED
    )
    if reason is FreezeEnd.END and proc.stop_reason == TARGET_NOT_REACHED:
        state = CycleState.STOPPED  # whether it counts is for the operator to say
    record = msgspec.structs.replace(record, state=state, ended_ms=at_ms, end=reason)
    proc = msgspec.structs.replace(
        proc,
        records=(*proc.records[:-1], record),
        gas_off_ms=at_ms,
        ending_ms=None,
        extending=None,
    )
    ran_s = (at_ms - record.started_ms) / 1_000
    text = (
        f"Freeze {record.number} {reason.value}: ran {minutes(ran_s)} of "
        f"{minutes(record.planned_freeze_s + record.extended_s)}, "
        f"lowest {celsius(record.lowest_tip_celsius)}"
    )
    note = Note(Event(EventKind.FREEZE_ENDED, at_ms, text))
    if state is CycleState.STOPPED:
        proc = msgspec.structs.replace(
            proc,
            phase=Phase.STOPPED,
            stop_reason=proc.stop_reason or _WORDS.get(reason, "The console ended the freeze."),
        )
        return proc, (note, Persist())
    proc, more = counted(proc, at_ms)
    return proc, (note, *more)


_WORDS: Final = {
    FreezeEnd.FAULT: "The console's own interlock ended the freeze.",
    FreezeEnd.LEASE: "The console heard nothing from this computer and shut the gas.",
    FreezeEnd.NEW_SESSION: "The link was opened anew during the freeze.",
    FreezeEnd.STOP: "Stopped at the console.",
    FreezeEnd.UNKNOWN: "The gas went off, and the console has not said why.",
}


def interrupted(proc: Procedure, at: int | None, note: Note) -> tuple[Procedure, Effects]:
    """Closes the account of a freeze that was stopped here, at device time `at`; `note` says why.
    What the device says of it later corrects the account."""
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


def counted(proc: Procedure, at_ms: int) -> tuple[Procedure, Effects]:
    """The newest freeze counts: the next of the site, or release after its last."""
    proc = msgspec.structs.replace(proc, cycle=proc.cycle + 1)
    if proc.current_cycle is not None:
        return msgspec.structs.replace(proc, phase=Phase.THAWING), (Persist(),)
    return releasing(proc, at_ms)


def releasing(proc: Procedure, at_ms: int) -> tuple[Procedure, Effects]:
    """No more freezes at this site."""
    note = Note(Event(EventKind.RELEASING, at_ms, "Last thaw: wait until the probe is free."))
    return msgspec.structs.replace(proc, phase=Phase.RELEASING), (note, Persist())

"""What the operator may ask for, a row each: in which phases it is offered, how it is named, why it
is blocked, what it does. The screen shows exactly what a request would be answered."""

from collections.abc import Callable
from typing import Any

import msgspec

from console.model.cycle import CycleState
from console.model.device import DeviceState
from console.model.event import Event, EventKind
from console.model.observation import Observation
from console.model.plan import LONGEST_FREEZE_S, Timing, problems
from console.model.request import (
    PAIN_GONE,
    AddFreeze,
    AfterStop,
    AnyRequest,
    ChoosePlan,
    Decide,
    EndFreeze,
    ExtendFreeze,
    FinishHere,
    NewSession,
    ProbeMoved,
    ProbeOut,
    StartFreeze,
    Wait,
)
from console.model.snapshot import Control, Phase
from console.procedure import pain, stimulation_rows, time_out
from console.procedure.confirmed import asked_for, unconfirmed
from console.procedure.freeze import counted, releasing
from console.procedure.row import Outcome, Row, always, never, said
from console.procedure.state import (
    Conditions,
    Effects,
    Note,
    Persist,
    Procedure,
    SendEnd,
    SendExtend,
    SendStimulationOff,
    Stage,
    Starting,
)
from console.procedure.stimulation import ended_by_moving
from console.procedure.thaw import starts_by_itself, thaw_open
from console.procedure.words import celsius, minutes

EXTEND_S = 30.0


def controls(proc: Procedure, now: Conditions) -> dict[str, Control]:
    """What is offered in this phase, by name, with the reason where it is blocked."""
    return {
        row.name: Control(row.label(proc), row.detail(proc), row.blocked(proc, now, None))
        for row in ROWS
        if proc.phase in row.phases and row.name
    }


def request(proc: Procedure, asked: AnyRequest, now: Conditions) -> Outcome | str:
    """What follows from `asked`, or why it is refused."""
    for row in ROWS:
        if isinstance(asked, row.request) and row.matches(asked):
            if proc.phase not in row.phases:
                return _ELSEWHERE.get(proc.phase, "Not now")
            return row.blocked(proc, now, asked) or row.apply(proc, asked, now)
    return "This request is not known here"


_ELSEWHERE = {
    Phase.PREPARE: "Choose a plan first",
    Phase.TIME_OUT: "First the time-out",
    Phase.STIMULATE: "The stimulation is open: go to the freeze first",
    Phase.READY: "No freeze has started yet",
    Phase.STARTING: "A freeze is just starting",
    Phase.FREEZING: "The gas is on",
    Phase.THAWING: "The probe is thawing",
    Phase.STOPPED: "First decide what becomes of the stopped freeze",
    Phase.RELEASING: "All freezes of this site are done",
    Phase.FREE: "All freezes of this site are done",
    Phase.OUT: "This session has ended",
}


# --- choosing a plan --------------------------------------------------------------------------


def _plan_blocked(proc: Procedure, now: Conditions, asked: ChoosePlan | None) -> str | None:
    device = now.device
    if device is None:
        return "No console is connected"
    if not device.simulated:
        return (
            "This version freezes with a simulated console only: the console check that a patient "
            "needs is not part of it"
        )
    if asked is None:
        return None
    found = problems(asked.plan)
    if found:
        return found[0]
    if asked.plan.target_celsius < device.coldest_target_celsius - 0.01:
        return (
            f"Target {celsius(asked.plan.target_celsius)} is colder than this "
            f"{device.gas.label} console can hold ({celsius(device.coldest_target_celsius)})"
        )
    return None


def _choose(proc: Procedure, asked: ChoosePlan, now: Conditions) -> Outcome:
    proc = Procedure(
        plan=asked.plan,
        case=asked.case,
        operator=asked.operator,
        how=asked.how,
        last_ms=proc.last_ms,
    )
    proc = time_out.beforehand(proc)
    skipped = {
        "demonstration": "Check, time-out and stimulation: pre-answered, demonstration.",
        "headless run": "Check, time-out, pain and stimulation: headless run.",
    }.get(asked.how, "The time-out comes first.")
    if asked_for(proc):
        skipped += " Each site is confirmed by stimulation."
    site = asked.plan.sites[0]
    text = (
        f"Plan: {len(asked.plan.sites)} site(s), first {site.side.upper()} {site.nerve.upper()}, "
        f"{len(site.cycles)} freezes to {celsius(asked.plan.target_celsius)}. {skipped}"
    )
    return proc, (Note(Event(EventKind.PLAN_CHOSEN, proc.last_ms, text)), Persist())


# --- starting, ending, extending --------------------------------------------------------------


def start_blocked(proc: Procedure, now: Conditions, asked: object = None) -> str | None:
    """Why the next freeze may not start now, None when it may."""
    if proc.current_cycle is None:
        return "All freezes of this site are done"
    if now.not_ready:
        return now.not_ready[0]
    if now.observation is not None and now.observation.valve_open:
        return "The gas is on already"
    if proc.stimulating or (now.observation is not None and _stimulates(now.observation)):
        return "The stimulator is on"
    return thaw_open(proc, now) or unconfirmed(proc)


def _stimulates(seen: Observation) -> bool:
    return seen.stimulator_on or seen.state is DeviceState.STIMULATING


def begin(proc: Procedure, asked: object, now: Conditions) -> Outcome:
    """Opens a start: its intent must be on disk before the device is asked for a token."""
    at_ms = proc.last_ms or 0
    starting = Starting(Stage.INTENT, at_ms, proc.phase)
    proc = msgspec.structs.replace(proc, phase=Phase.STARTING, starting=starting, began_ms=None)
    who = "by itself" if asked is None else "by the operator"
    text = f"{_start_label(proc)} asked for {who}"
    return proc, (Note(Event(EventKind.START_ASKED, at_ms, text)), Persist())


def _start_label(proc: Procedure) -> str:
    return f"Start freeze {proc.cycle + 1}"


def _start_detail(proc: Procedure) -> str:
    site, cycle, plan = proc.current_site, proc.current_cycle, proc.plan
    if site is None or cycle is None or plan is None:
        return ""
    return (
        f"{site.side.upper()} {site.nerve.upper()}, {minutes(cycle.freeze_s)}, "
        f"{celsius(plan.target_celsius)}"
    )


def _end(proc: Procedure, asked: EndFreeze, now: Conditions) -> Outcome:
    return msgspec.structs.replace(proc, end_asked=True), (SendEnd(),)


def _end_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    return "Ending" if proc.end_asked else None


def _extend_blocked(proc: Procedure, now: Conditions, asked: ExtendFreeze | None) -> str | None:
    record, plan = proc.last_record, proc.plan
    by_s = asked.by_s if asked is not None else EXTEND_S
    if record is None or plan is None:
        return "No freeze is running"
    if not 0 < by_s <= LONGEST_FREEZE_S:
        return f"{by_s:g} s is no extension"
    if plan.timing is Timing.FROM_TARGET and not proc.target.reached:
        return "The timer has not started: the target is not reached yet"
    total = record.planned_freeze_s + record.extended_s + by_s
    if plan.timing is Timing.FROM_TARGET:
        total += record.time_to_target_s or 0.0
    if total > LONGEST_FREEZE_S:
        return f"At most {minutes(LONGEST_FREEZE_S)} from gas-on"
    return None


def _extend(proc: Procedure, asked: ExtendFreeze, now: Conditions) -> Outcome:
    return proc, (SendExtend(asked.by_s),)


def _wait_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    return None if starts_by_itself(proc) else "The next freeze waits for you already"


def _wait(proc: Procedure, asked: Wait, now: Conditions) -> Outcome:
    note = Note(Event(EventKind.NEXT_HELD, proc.last_ms, "The next freeze waits to be started."))
    return msgspec.structs.replace(proc, hold=True), (note, Persist())


# --- after a stop -----------------------------------------------------------------------------


def _cleared(proc: Procedure, now: Conditions, asked: object) -> str | None:
    if not now.fresh or now.observation is None:
        return "No reading from the console"
    if now.observation.valve_open:
        return "The gas is not confirmed off"
    return now.not_ready[0] if now.not_ready else None


def _repeat(proc: Procedure, asked: Decide, now: Conditions) -> Outcome:
    return _go_on(proc, CycleState.STOPPED, "The whole freeze will be repeated.")


def _count(proc: Procedure, asked: Decide, now: Conditions) -> Outcome:
    proc, notes = _go_on(proc, CycleState.COUNTED, "The stopped freeze is counted.")
    proc, more = counted(proc, proc.last_ms or 0)
    return proc, (*notes, *more)


def _go_on(proc: Procedure, state: CycleState, text: str) -> Outcome:
    records = proc.records
    if records:
        records = (*records[:-1], msgspec.structs.replace(records[-1], state=state))
    proc = msgspec.structs.replace(
        proc, phase=Phase.THAWING, records=records, hold=True, stop_reason=""
    )
    return proc, (Note(Event(EventKind.DECIDED, proc.last_ms, text)), Persist())


def _finish(proc: Procedure, asked: object, now: Conditions) -> Outcome:
    reason = f" ({asked.reason})" if isinstance(asked, FinishHere) and asked.reason else ""
    text = f"Finished here after {len(proc.records)} freezes{reason}."
    proc = msgspec.structs.replace(proc, hold=True)
    note = Note(Event(EventKind.DECIDED, proc.last_ms, text))
    proc, more = releasing(proc, proc.last_ms or 0)
    return proc, (note, *more)


# --- another place, one more ------------------------------------------------------------------

FROZEN_UNDER_CELSIUS = 10.0
"""A probe that is colder may still hold tissue."""


def _moved(proc: Procedure, asked: ProbeMoved, now: Conditions) -> Outcome:
    placement = proc.placement + 1
    text = f"The probe was moved: placement {placement}."
    tip = now.observation.tip_celsius if now.observation is not None and now.fresh else None
    cold = proc.records and proc.phase is not Phase.FREE
    if cold and (tip is None or tip <= FROZEN_UNDER_CELSIUS):
        text += f" Hazard: moved with the tip at {celsius(tip)}, before it was thawed."
    note = Note(Event(EventKind.PROBE_MOVED, proc.last_ms, text))
    end = proc.phase is Phase.FREEZING and not proc.end_asked
    proc = msgspec.structs.replace(
        proc, placement=placement, hold=True, end_asked=proc.end_asked or end
    )
    off: Effects = (SendEnd(),) if end else ()
    if proc.stimulating is not None:
        proc, off = ended_by_moving(proc), (SendStimulationOff(),)
    return proc, (*off, note, Persist())


def _moved_detail(proc: Procedure) -> str:
    if proc.phase is Phase.STIMULATE:
        return "ends the test" if proc.stimulating is not None else "test again"
    return "ends the freeze" if proc.phase is Phase.FREEZING else "a new placement"


def _add(proc: Procedure, asked: AddFreeze, now: Conditions) -> Outcome:
    plan, site = proc.plan, proc.current_site
    assert plan is not None and site is not None  # offered after a freeze only
    one = site.cycles[min(proc.cycle, len(site.cycles) - 1)]
    # What was planned and not run after an early finish stays left out: one more is one more.
    longer = msgspec.structs.replace(site, cycles=(*site.cycles[: proc.cycle], one))
    sites = (*plan.sites[: proc.site], longer, *plan.sites[proc.site + 1 :])
    text = f"One freeze added: {minutes(one.freeze_s)}."
    proc = msgspec.structs.replace(
        proc, plan=msgspec.structs.replace(plan, sites=sites), phase=Phase.THAWING, hold=True
    )
    return proc, (Note(Event(EventKind.FREEZE_ADDED, proc.last_ms, text)), Persist())


def _add_detail(proc: Procedure) -> str:
    site = proc.current_site
    if site is None:
        return ""
    return minutes(site.cycles[min(proc.cycle, len(site.cycles) - 1)].freeze_s)


# --- the end ----------------------------------------------------------------------------------


def _out_blocked(proc: Procedure, now: Conditions, asked: ProbeOut | None) -> str | None:
    if now.observation is not None and now.fresh and now.observation.valve_open:
        return "The gas is on"
    if proc.stimulating is not None:
        return "The stimulator is on"
    early = proc.phase is not Phase.FREE
    if early and asked is not None and not asked.reason.strip():
        return "The probe is not known to be free: give a reason"
    return None


def _out_detail(proc: Procedure) -> str:
    return "" if proc.phase is Phase.FREE else "early: give a reason"


def _out(proc: Procedure, asked: ProbeOut, now: Conditions) -> Outcome:
    at_ms = proc.last_ms
    text = "Probe is out" + (f", early: {asked.reason.strip()}" if asked.reason.strip() else "")
    notes: Effects = (Note(Event(EventKind.PROBE_OUT, at_ms, text + ".")),)
    early = asked.reason.strip() if proc.phase is not Phase.FREE else ""
    proc = msgspec.structs.replace(proc, released_early=early, stop_reason="")
    assert proc.plan is not None
    if proc.site + 1 < len(proc.plan.sites):
        proc = msgspec.structs.replace(
            proc,
            phase=time_out.first_phase(proc),
            site=proc.site + 1,
            cycle=0,
            placement=1,
            gas_off_ms=None,
            hold=False,
        )
        return proc, (*notes, Persist())
    proc = msgspec.structs.replace(proc, phase=Phase.OUT)
    ended = Note(Event(EventKind.SESSION_ENDED, at_ms, "Session ended."))
    return proc, (*notes, ended, Persist())


def _anew(proc: Procedure, asked: NewSession, now: Conditions) -> Outcome:
    return Procedure(last_ms=proc.last_ms), (Persist(),)


# --- the rows ---------------------------------------------------------------------------------


def _pain_gone(asked: FinishHere) -> bool:
    return asked.reason == PAIN_GONE


def _choice(choice: AfterStop) -> Callable[[Any], bool]:
    return lambda asked: asked.choice is choice


_STOPPED = frozenset({Phase.STOPPED})
_FREEZING = frozenset({Phase.FREEZING})
_BEFORE_OUT = frozenset(
    {Phase.STIMULATE, Phase.READY, Phase.THAWING, Phase.STOPPED, Phase.RELEASING, Phase.FREE}
)

ROWS: tuple[Row, ...] = (
    *time_out.ROWS,
    *stimulation_rows.ROWS,
    pain.ROW,
    Row(
        "choose_plan", ChoosePlan, always, frozenset({Phase.PREPARE}),
        said("Use this plan"), said(""), _plan_blocked, _choose,
    ),
    Row(
        "start_freeze", StartFreeze, always, frozenset({Phase.READY, Phase.THAWING}),
        _start_label, _start_detail, start_blocked, begin,
    ),
    Row(
        "end_freeze", EndFreeze, always, _FREEZING,
        said("End freeze"), said("thaw, keep the plan"), _end_blocked, _end,
    ),
    Row(
        "extend", ExtendFreeze, always, _FREEZING,
        said("+0:30"), said("up to 4:00 in all"), _extend_blocked, _extend,
    ),
    Row(
        "wait", Wait, always, frozenset({Phase.THAWING}),
        said("Wait"), said("start the next freeze yourself"), _wait_blocked, _wait,
    ),
    Row(
        "repeat", Decide, _choice(AfterStop.REPEAT), _STOPPED,
        said("Repeat the whole freeze"), said(""), _cleared, _repeat,
    ),
    Row(
        "count", Decide, _choice(AfterStop.COUNT), _STOPPED,
        said("Count it, go on"), said(""), _cleared, _count,
    ),
    Row(
        "finish", Decide, _choice(AfterStop.FINISH), _STOPPED,
        said("Finish here"), said("thaw and release"), never, _finish,
    ),
    Row(
        "pain_gone", FinishHere, _pain_gone, frozenset({Phase.THAWING}),
        said("Pain gone"), said("finish here"), never, _finish,
    ),
    Row(
        "finish", FinishHere, always, frozenset({Phase.THAWING}),
        said("Finish here"), said("no more freezes"), never, _finish,
    ),
    Row(
        "add_freeze", AddFreeze, always, frozenset({Phase.RELEASING, Phase.FREE}),
        said("Add one freeze"), _add_detail, never, _add,
    ),
    Row(
        "probe_moved", ProbeMoved, always, _BEFORE_OUT | _FREEZING,
        said("Probe moved"), _moved_detail, never, _moved,
    ),
    Row(
        "probe_out", ProbeOut, always, _BEFORE_OUT | {Phase.TIME_OUT},
        said("Probe is out"), _out_detail, _out_blocked, _out,
    ),
    Row(
        "new_session", NewSession, always, frozenset({Phase.OUT}),
        said("New session"), said(""), never, _anew,
    ),
)  # fmt: skip

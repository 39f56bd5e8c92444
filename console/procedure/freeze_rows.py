"""Starting and ending a freeze, and holding the next one."""

from typing import Final

import msgspec

from console.model.device import DeviceState
from console.model.event import Event, EventKind
from console.model.observation import Observation
from console.model.quantities import celsius, minutes
from console.model.request import EndFreeze, StartFreeze, Wait
from console.model.snapshot import Phase
from console.procedure import console_check, in_place, overrides, time_out
from console.procedure.row import Outcome, Row, always, said
from console.procedure.state import (
    Conditions,
    Note,
    Persist,
    Procedure,
    SendEnd,
    Stage,
    Starting,
)
from console.procedure.thaw import starts_by_itself
from console.procedure.words import site_name


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
    unfit = console_check.missing(proc) or time_out.missing(proc) or overrides.standing(proc, now)
    return unfit or in_place.asked(proc, now)


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
    return f"{site_name(site)}, {minutes(cycle.freeze_s)}, {celsius(plan.target_celsius)}"


def _end(proc: Procedure, asked: EndFreeze, now: Conditions) -> Outcome:
    return msgspec.structs.replace(proc, end_asked=True, extending=None), (SendEnd(),)


def _end_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    return "Ending" if proc.end_asked else None


def _wait_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    return None if starts_by_itself(proc) else "The next freeze waits for you already"


def _wait(proc: Procedure, asked: Wait, now: Conditions) -> Outcome:
    note = Note(Event(EventKind.NEXT_HELD, proc.last_ms, "The next freeze waits to be started."))
    return msgspec.structs.replace(proc, hold=True), (note, Persist())


_FREEZING: Final = frozenset({Phase.FREEZING})

ROWS: tuple[Row, ...] = (
    Row(
        "start_freeze", StartFreeze, always, frozenset({Phase.READY, Phase.THAWING}),
        _start_label, _start_detail, start_blocked, begin,
    ),
    Row(
        "end_freeze", EndFreeze, always, _FREEZING,
        said("End freeze"), said("thaw, keep the plan"), _end_blocked, _end,
    ),
    Row(
        "wait", Wait, always, frozenset({Phase.THAWING}),
        said("Wait"), said("no automatic start"), _wait_blocked, _wait,
    ),
)  # fmt: skip

"""The probe stands in another place, or it is out."""

from typing import Final

import msgspec

from console.model.event import Event, EventKind
from console.model.request import ProbeMoved, ProbeOut
from console.model.snapshot import Phase
from console.procedure import time_out
from console.procedure.row import Outcome, Row, always, never, said
from console.procedure.state import (
    Conditions,
    Effects,
    Note,
    Persist,
    Procedure,
    SendEnd,
    SendStimulationOff,
)
from console.procedure.stimulation import ended_by_moving
from console.procedure.words import celsius

FROZEN_UNDER_CELSIUS: Final = 10.0
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


def _out_blocked(proc: Procedure, now: Conditions, asked: ProbeOut | None) -> str | None:
    if now.observation is not None and now.fresh and now.observation.valve_open:
        return "The gas is on"
    if proc.stimulating is not None:
        return "The stimulator is on"
    if proc.checking is not None:
        return "A test is running"
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
    proc = msgspec.structs.replace(proc, released_early=early, stop_reason="", check_back=None)
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


_BEFORE_OUT: Final = frozenset(
    {Phase.STIMULATE, Phase.READY, Phase.THAWING, Phase.STOPPED, Phase.RELEASING, Phase.FREE}
)

ROWS: tuple[Row, ...] = (
    Row(
        "probe_moved", ProbeMoved, always, _BEFORE_OUT | {Phase.FREEZING},
        said("Probe moved"), _moved_detail, never, _moved,
    ),
    Row(
        "probe_out", ProbeOut, always, _BEFORE_OUT | {Phase.CHECK, Phase.TIME_OUT},
        said("Probe is out"), _out_detail, _out_blocked, _out,
    ),
)  # fmt: skip

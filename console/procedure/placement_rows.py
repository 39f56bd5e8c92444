"""The probe stands in another place, or it is out."""

from typing import Final

import msgspec

from console.model.event import Event, EventKind
from console.model.plan import Site
from console.model.quantities import celsius
from console.model.request import ProbeMoved, ProbeOut
from console.model.snapshot import Phase
from console.procedure import time_out
from console.procedure.freeze import start_failed
from console.procedure.reason import one_line, unusable
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
from console.procedure.words import site_name

FROZEN_UNDER_CELSIUS: Final = 10.0
"""A probe that is colder may still hold tissue."""


def _moved(proc: Procedure, asked: ProbeMoved, now: Conditions) -> Outcome:
    placement = proc.placement + 1
    text = f"The probe was moved: placement {placement}."
    tip = now.observation.tip_celsius if now.observation is not None and now.fresh else None
    frozen = proc.gas_off_ms is not None or proc.phase is Phase.FREEZING
    at_risk = frozen and proc.phase is not Phase.FREE
    cold = at_risk and (tip is None or tip <= FROZEN_UNDER_CELSIUS)
    if cold:
        text += f" Hazard: moved with the tip at {celsius(tip)}, before it was thawed."
    note = Note(Event(EventKind.PROBE_MOVED, proc.last_ms, text))
    end = proc.phase is Phase.FREEZING and not proc.end_asked
    proc = msgspec.structs.replace(
        proc,
        placement=placement,
        hold=True,
        end_asked=proc.end_asked or end,
        moved_cold=len(proc.records) if cold else proc.moved_cold,
        extending=None,
    )
    off: Effects = (SendEnd(),) if end else ()
    if proc.starting is not None:
        proc, off = start_failed(proc, "the probe was moved")
    if proc.stimulating is not None:
        proc, off = ended_by_moving(proc), (SendStimulationOff(),)
    return proc, (*off, note, Persist())


def _moved_detail(proc: Procedure) -> str:
    if proc.phase is Phase.STIMULATE:
        return "ends the test" if proc.stimulating is not None else "test again"
    return _ENDS.get(proc.phase, "a new placement")


_ENDS: Final = {Phase.STARTING: "gives up the start", Phase.FREEZING: "ends the freeze"}


def _out_blocked(proc: Procedure, now: Conditions, asked: ProbeOut | None) -> str | None:
    if now.observation is not None and now.fresh and now.observation.valve_open:
        return "The gas is on"
    if proc.stimulating is not None:
        return "The stimulator is on"
    if proc.checking is not None:
        return "A test is running"
    early = proc.phase is not Phase.FREE
    if asked is None:
        return None
    if not one_line(asked.reason):
        return "The probe is not known to be free: give a reason" if early else None
    return unusable(asked.reason)


def _out_detail(proc: Procedure) -> str:
    follows = _next_site(proc)
    then = f"then {site_name(follows)}" if follows is not None else ""
    if proc.phase is Phase.FREE:
        return then
    return f"early: give a reason; {then}" if then else "early: give a reason"


def _next_site(proc: Procedure) -> Site | None:
    """Where the work goes on, None after the last site; and a card that was not read to its end
    opens none."""
    read = proc.phase is not Phase.TIME_OUT and time_out.missing(proc) is None
    if proc.plan is None or not read:
        return None
    return next(iter(proc.plan.sites[proc.site + 1 :]), None)


def _out(proc: Procedure, asked: ProbeOut, now: Conditions) -> Outcome:
    at_ms, reason = proc.last_ms, one_line(asked.reason)
    text = "Probe is out" + (f", early: {reason}" if reason else "")
    notes: Effects = (Note(Event(EventKind.PROBE_OUT, at_ms, text + ".")),)
    early = proc.phase is not Phase.FREE
    told = "; ".join(each for each in (proc.released_early, reason if early else "") if each)
    follows = _next_site(proc)
    proc = msgspec.structs.replace(proc, released_early=told, stop_reason="", check_back=None)
    if follows is None:
        proc = msgspec.structs.replace(proc, phase=Phase.OUT)
        ended = Note(Event(EventKind.SESSION_ENDED, at_ms, "Session ended."))
        return proc, (*notes, ended, Persist())
    proc = msgspec.structs.replace(
        proc, site=proc.site + 1, cycle=0, placement=1, gas_off_ms=None, hold=False
    )
    proc = msgspec.structs.replace(proc, phase=time_out.first_phase(proc))
    assert proc.plan is not None
    text = f"Site {proc.site + 1} of {len(proc.plan.sites)}: {site_name(follows)}."
    return proc, (*notes, Note(Event(EventKind.NEXT_SITE, at_ms, text)), Persist())


_BEFORE_OUT: Final = frozenset(
    {Phase.STIMULATE, Phase.READY, Phase.THAWING, Phase.STOPPED, Phase.RELEASING, Phase.FREE}
)

ROWS: tuple[Row, ...] = (
    Row(
        "probe_moved", ProbeMoved, always, _BEFORE_OUT | {Phase.STARTING, Phase.FREEZING},
        said("Probe moved"), _moved_detail, never, _moved,
    ),
    Row(
        "probe_out", ProbeOut, always, _BEFORE_OUT | {Phase.CHECK, Phase.TIME_OUT},
        said("Probe is out"), _out_detail, _out_blocked, _out,
    ),
)  # fmt: skip

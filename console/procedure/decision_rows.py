"""What becomes of a stopped freeze, and whether a site has had enough of them."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from console.model.cycle import CycleState
from console.model.event import Event, EventKind
from console.model.quantities import minutes
from console.model.request import PAIN_GONE, AddFreeze, AfterStop, Decide, FinishHere
from console.model.snapshot import Phase
from console.procedure.freeze import counted, releasing
from console.procedure.pain import gone_blocked
from console.procedure.row import Outcome, Row, always, never, said
from console.procedure.state import Conditions, Note, Persist, Procedure


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
    gone = (proc.site,) if isinstance(asked, FinishHere) and _pain_gone(asked) else ()
    proc = msgspec.structs.replace(proc, hold=True, pain_gone=(*proc.pain_gone, *gone))
    note = Note(Event(EventKind.DECIDED, proc.last_ms, text))
    proc, more = releasing(proc, proc.last_ms or 0)
    return proc, (note, *more)


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


def _pain_gone(asked: FinishHere) -> bool:
    return asked.reason == PAIN_GONE


def _choice(choice: AfterStop) -> Callable[[Any], bool]:
    return lambda asked: asked.choice is choice


_STOPPED: Final = frozenset({Phase.STOPPED})

ROWS: tuple[Row, ...] = (
    Row(
        "repeat", Decide, _choice(AfterStop.REPEAT), _STOPPED,
        said("Repeat the whole freeze"), said(""), _cleared, _repeat,
    ),
    Row(
        "count", Decide, _choice(AfterStop.COUNT), _STOPPED,
        said("Count it"), said("and go on"), _cleared, _count,
    ),
    Row(
        "finish", Decide, _choice(AfterStop.FINISH), _STOPPED,
        said("Finish here"), said("thaw and release"), never, _finish,
    ),
    Row(
        "pain_gone", FinishHere, _pain_gone, frozenset({Phase.THAWING}),
        said("Pain gone"), said("finish here"), gone_blocked, _finish,
    ),
    Row(
        "finish", FinishHere, always, frozenset({Phase.THAWING}),
        said("Finish here"), said("no more freezes"), never, _finish,
    ),
    Row(
        "add_freeze", AddFreeze, always, frozenset({Phase.RELEASING, Phase.FREE}),
        said("Add one freeze"), _add_detail, never, _add,
    ),
)  # fmt: skip

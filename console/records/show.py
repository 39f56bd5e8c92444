"""A session in plain words, for the terminal and for programs."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from console.model.cycle import CycleRecord, FreezeKey, keys
from console.model.mapping import MappingVisit
from console.model.plan import Plan
from console.model.preparation import Preparation
from console.model.quantities import UNKNOWN, minutes, plain, with_unit
from console.records.entries import Amended, Lost
from console.records.session import Session
from console.records.verify import strange, verdict_of
from console.records.walls import DATED_BEFORE, dated_before
from drivers.inputs.text import shown

CycleReader = Callable[[bytes], Sequence[CycleRecord]]
"""Makes cycles of Progress.state; ValueError for bytes that it does not understand."""

NO_DEVICE = "For development, testing, teaching and research: not a cleared medical device."


def described(session: Session, cycles: CycleReader | None = None) -> dict[str, Any]:
    """The session as plain values that JSON takes: keys id, started, simulated, outcome, path,
    device, ports, programs, case, operator, how, plan, cycles (None when they cannot be told),
    events (wall, at_ms, kind, text), journals, amendments (wall, who, why, text,
    dated_before the session ended), lost (entries
    that the disk was too slow for), and record (what verify says)."""
    chosen = session.chosen
    headers = [each.header for each in session.journals if each.header]
    records = _records(session, cycles)
    return {
        "id": session.id,
        "started": session.started,
        "simulated": session.simulated,
        "outcome": session.outcome,
        "path": str(session.path),
        "device": msgspec.to_builtins(session.device),
        "ports": list(dict.fromkeys(each.port for each in headers)),
        "programs": list(dict.fromkeys(each.program for each in headers)),
        "case": None if chosen is None else chosen.case,
        "operator": None if chosen is None else chosen.operator,
        "how": None if chosen is None else chosen.how,
        "plan": None if chosen is None else msgspec.to_builtins(chosen.plan),
        "cycles": None if records is None else _cycles(records),
        "events": [
            {
                "wall": each.wall,
                "at_ms": each.event.at_ms,
                "kind": each.event.kind.value,
                "text": each.event.text,
            }
            for each in session.events
        ],
        "journals": [
            {
                "path": str(each.path),
                "reason": None if each.header is None else each.header.reason,
                "end": None if each.end is None else each.end.reason,
                "entries": each.count,
                "head": each.head,
                "truncated_bytes": each.truncated_bytes,
                "problem": each.problem,
                "note": each.note,
            }
            for each in session.journals
        ],
        "amendments": [
            {
                "wall": each.wall,
                "who": each.who,
                "why": each.why,
                "text": each.text,
                "dated_before": dated_before(each.wall, session.last_wall),
            }
            for each in session.amendments
        ],
        "lost": _lost(session),
        "record": msgspec.to_builtins(verdict_of(session)),
    }


def _cycles(records: Sequence[CycleRecord]) -> list[dict[str, Any]]:
    return [
        {**msgspec.to_builtins(each), "run": key.run}
        for key, each in zip(keys(records), records, strict=True)
    ]


def as_text(session: Session, cycles: CycleReader | None = None) -> str:
    """The session for reading on a terminal, several lines."""
    lines = ["SIMULATED"] if session.simulated else []
    lines += [f"NOT THIS SESSION: {each}" for each in strange(session)]
    lines += [
        f"Session {session.id}, started {session.started or UNKNOWN}",
        f"Outcome: {session.outcome}",
        *_device_lines(session),
        *_plan_lines(session),
        *_mapping_lines(session),
        *_cycle_lines(session, _records(session, cycles)),
        "Events:",
        *(
            f"  {_clock(each.wall)}  {each.event.kind}: {each.event.text}"
            for each in session.events
        ),
        *_amendment_lines(session),
        *_record_lines(session),
        NO_DEVICE,
    ]
    return "\n".join(map(shown, lines)) + "\n"


def _lost(session: Session) -> int:
    return sum(each.count for each in session.of(Lost))


def _records(session: Session, cycles: CycleReader | None) -> tuple[CycleRecord, ...] | None:
    progress = session.progress
    if cycles is None or progress is None:
        return None
    try:
        return tuple(cycles(progress.state))
    except ValueError:
        return None  # written by another version: shown as not to be told


def _device_lines(session: Session) -> list[str]:
    device = session.device
    if device is None:
        return ["Console: ---"]
    probe = "no probe" if device.probe is None else f"probe {device.probe.serial}"
    return [f"Console: {device.serial}, firmware {device.firmware}, {device.gas.label}, {probe}"]


def _plan_lines(session: Session) -> list[str]:
    chosen = session.chosen
    if chosen is None:
        return [] if session.mapped is not None else ["Plan: none was chosen"]
    who = f"Case {chosen.case or UNKNOWN}, operator {chosen.operator or UNKNOWN} ({chosen.how})"
    plan = chosen.plan
    timed = plan.timing.replace("_", " ")
    return [
        who,
        f"Plan: {plain(plan.target_celsius)} °C, timed {timed}, next freeze {plan.next_freeze}",
        *(
            f"  {_site(plan, number)}: {_freezes(plan, number)}, {_confirmed(plan, number)}"
            for number in range(len(plan.sites))
        ),
        *_day_lines(chosen.preparation),
    ]


def _confirmed(plan: Plan, number: int) -> str:
    site = plan.sites[number]
    how = "not asked to be confirmed" if plan.stimulation is None else f"by {site.confirmed_by}"
    return how + (", motor loss is consented to" if site.motor_loss_consented else "")


def _day_lines(told: Preparation) -> list[str]:
    if told.anaesthetic is None and told.sedation is None:
        return []
    sedated = {None: UNKNOWN, True: "yes", False: "no"}[told.sedation]
    return [f"  Local anaesthetic {told.anaesthetic or UNKNOWN}, sedation {sedated}"]


def _mapping_lines(session: Session) -> list[str]:
    if session.mapped is not None:
        told = session.mapped
        head = f"Mapping visit, case {told.case or UNKNOWN}, operator {told.operator or UNKNOWN}"
        return [head, *_visit_lines(told.visit)]
    named = None if session.chosen is None else session.chosen.preparation.mapping
    if named is None:
        return []
    return [f"Mapping visit of {named.day}, session {named.session}", *_visit_lines(named.visit)]


def _visit_lines(visit: MappingVisit) -> list[str]:
    def told(value: float | None, unit: str) -> str:
        return with_unit(value, unit, None)

    return [
        f"  {visit.nerve} {visit.side.upper()}: relief {told(visit.relief_percent, '%')} "
        f"for {told(visit.duration_h, 'h')}",
        f"  {visit.drug or UNKNOWN}, {told(visit.volume_ml, 'mL')}, depth "
        f"{told(visit.depth_mm, 'mm')}, guidance {visit.guidance or UNKNOWN}, "
        f"landmark {visit.landmark or UNKNOWN}",
    ]


def _freezes(plan: Plan, number: int) -> str:
    cycles = plan.sites[number].cycles
    told = []
    for at, cycle in enumerate(cycles):
        last = at + 1 == len(cycles)
        told.append(minutes(cycle.freeze_s) + ("" if last else f" (thaw {minutes(cycle.thaw_s)})"))
    return ", ".join(told)


def _site(plan: Plan | None, number: int) -> str:
    if plan is None or not 0 <= number < len(plan.sites):
        return f"site {number + 1}"
    return f"{plan.sites[number].nerve} {plan.sites[number].side.upper()}"


def _cycle_lines(session: Session, records: tuple[CycleRecord, ...] | None) -> list[str]:
    if records is None:
        return ["Cycles: ---"]
    plan = None if session.chosen is None else session.chosen.plan
    named = zip(keys(records), records, strict=True)
    return ["Cycles:", *(f"  {_cycle(plan, *each)}" for each in named)]


def _cycle(plan: Plan | None, key: FreezeKey, record: CycleRecord) -> str:
    ran_s = None if record.ended_ms is None else (record.ended_ms - record.started_ms) / 1000
    return (
        f"{_site(plan, key.site)} place {key.placement} freeze {key.number}"
        f"{f', run {key.run}' if key.run > 1 else ''}: {record.state}, "
        f"{minutes(ran_s)} of {minutes(record.planned_freeze_s + record.extended_s)}, "
        f"lowest tip {with_unit(record.lowest_tip_celsius, '°C')}, "
        f"to target {with_unit(record.time_to_target_s, 's')}, "
        f"at target {minutes(record.time_at_target_s)}, thaw {minutes(record.thaw_s)}, "
        f"gas {with_unit(record.gas_g, 'g')}"
    )


def _record_lines(session: Session) -> list[str]:
    found = verdict_of(session)
    journals = ", ".join(each.path.name for each in session.journals)
    state = "whole and closed" if found.ok else f"NOT OK: {found.problem}"
    state += "".join(f"; {each}" for each in found.notes)
    lost = _lost(session)
    return [
        f"Record: {journals}, {found.entries} entries, {state}",
        *([f"NOT RECORDED: {lost} entries, the disk did not keep up"] if lost else []),
        f"Head: {found.head}",
    ]


def _amendment_lines(session: Session) -> list[str]:
    told = []
    for each in session.amendments:
        first, *more = f"{each.text}{_marked(session, each)}".split("\n")
        told += [f"  {each.wall} by {each.who} ({each.why}): {first}", *(f"    {m}" for m in more)]
    return ["Amendments:", *told] if told else []


def _marked(session: Session, added: Amended) -> str:
    return f" ({DATED_BEFORE})" if dated_before(added.wall, session.last_wall) else ""


def _clock(wall: str) -> str:
    return wall[11:19] or "--:--:--"

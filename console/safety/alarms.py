"""The alarm manager, pure: one alarm a fault, counted, kept while its condition stands and, where
its row latches, until it is acknowledged after that."""

import msgspec

from console.model.alarm import Alarm, Priority
from console.safety.facts import Finding
from console.safety.rows import BY_ID, EXPLAINED_BY, TOLD_AFTERWARDS, Latch


class Change(msgspec.Struct, frozen=True):
    """An alarm was raised (again) or has cleared."""

    alarm: Alarm
    raised: bool


def step(
    alarms: tuple[Alarm, ...],
    findings: tuple[Finding, ...],
    *,
    wall: str,
    device_ms: int | None,
) -> tuple[tuple[Alarm, ...], tuple[Change, ...]]:
    """The alarms after this moment's findings, most urgent first, and what changed."""
    told = {finding.row: finding for finding in findings}
    found = dict(told)
    standing = {alarm.id for alarm in alarms}
    held: dict[str, bool] = {}  # what explains another; whether the device tells that other
    for row in EXPLAINED_BY:
        by = next((alarm for alarm in alarms if _explains(alarm, row)), None)
        if row not in found or row in standing or by is None:
            continue
        if by.id in told or by.latched or found[row].from_device:  # else it is over, this is not
            held[by.id] = found.pop(row).from_device or held.get(by.id, False)
    kept: list[Alarm] = []
    changes: list[Change] = []
    for alarm in alarms:
        finding = found.pop(alarm.id, None)
        if finding is None and alarm.id in held:
            by_device = alarm.from_device or held[alarm.id]
            kept.append(msgspec.structs.replace(alarm, present=True, from_device=by_device))
        elif finding is None:
            gone = msgspec.structs.replace(alarm, present=False)
            if alarm.latched and not alarm.acknowledged and not _taken_over(alarm, told):
                kept.append(gone)
            else:
                changes.append(Change(gone, raised=False))
        elif alarm.present and (finding.from_device or not alarm.from_device):
            kept.append(_going_on(alarm, finding))
        else:
            again = _raised(finding, wall, device_ms, alarm.count + 1)
            kept.append(again)
            changes.append(Change(again, raised=True))
    for finding in found.values():
        new = _raised(finding, wall, device_ms, 1)
        kept.append(new)
        changes.append(Change(new, raised=True))
    return tuple(sorted(kept, key=lambda alarm: alarm.priority.rank)), tuple(changes)


def acknowledge(alarms: tuple[Alarm, ...]) -> tuple[tuple[Alarm, ...], tuple[Change, ...]]:
    """Clears what the operator may clear: latched alarms whose cause is gone. One that stands by
    the device's word is marked, and clears when the device's own reset is done."""
    cleared = [alarm for alarm in alarms if _clearable(alarm)]
    kept = tuple(
        msgspec.structs.replace(alarm, acknowledged=True) if _resettable(alarm) else alarm
        for alarm in alarms
        if not _clearable(alarm)
    )
    return kept, tuple(Change(alarm, raised=False) for alarm in cleared)


def of_console(alarms: tuple[Alarm, ...], kept: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
    """The alarms when a console is connected with which `kept` stay until an engineer releases it:
    those are there again, and those of another console are not."""
    ids = {alarm.id for alarm in kept}
    here = [alarm for alarm in alarms if not alarm.engineer or alarm.id in ids]
    there = {alarm.id for alarm in here}
    back = [
        msgspec.structs.replace(
            alarm, present=False, latched=True, from_device=False, acknowledged=False
        )
        for alarm in kept
        if alarm.id not in there
    ]
    return tuple(sorted([*here, *back], key=lambda alarm: alarm.priority.rank))


def to_acknowledge(alarms: tuple[Alarm, ...]) -> bool:
    """Whether an acknowledgement would clear anything."""
    return any(_clearable(alarm) or _resettable(alarm) for alarm in alarms)


def _explains(alarm: Alarm, row: str) -> bool:
    """Whether `row` is no fault of its own beside this alarm. One whose cause has gone explains
    only what the device tells afterwards, and that once: what comes later is another fault."""
    if alarm.id not in EXPLAINED_BY[row]:
        return False
    return alarm.present or (row in TOLD_AFTERWARDS and not alarm.from_device)


def _taken_over(alarm: Alarm, told: dict[str, Finding]) -> bool:
    """Whether another alarm that is no less urgent now tells of the same fault, in this one's
    place. One whose cause had gone before was another fault, and stays."""
    others = (told[row] for row in EXPLAINED_BY.get(alarm.id, ()) if row in told)
    return alarm.present and any(_priority(f).rank <= alarm.priority.rank for f in others)


def _priority(finding: Finding) -> Priority:
    priority = BY_ID[finding.row].priority
    return Priority.HIGH if finding.high or priority is None else priority


def _clearable(alarm: Alarm) -> bool:
    return not alarm.present and BY_ID[alarm.id].latch is Latch.OPERATOR


def _resettable(alarm: Alarm) -> bool:
    # Even one that does not latch here: the device latches nearly all of its own.
    return alarm.present and alarm.from_device and BY_ID[alarm.id].latch is not Latch.ENGINEER


def _raised(finding: Finding, wall: str, device_ms: int | None, count: int) -> Alarm:
    row = BY_ID[finding.row]
    return Alarm(
        id=row.id,
        priority=_priority(finding),
        happened=row.happened.format(detail=finding.detail),
        to_do=row.to_do,
        raised_at=wall,
        raised_ms=device_ms,
        count=count,
        latched=row.latch is not Latch.NO,
        from_device=finding.from_device,
        blocks_start=row.gas,
        engineer=row.latch is Latch.ENGINEER,
    )


def _going_on(alarm: Alarm, finding: Finding) -> Alarm:
    priority = Priority.HIGH if finding.high else alarm.priority
    if priority is alarm.priority and finding.from_device == alarm.from_device:
        return alarm
    return msgspec.structs.replace(alarm, priority=priority, from_device=finding.from_device)

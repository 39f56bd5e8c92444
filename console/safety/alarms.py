"""The alarm manager, pure: one alarm a fault, counted, kept while its condition stands and, where
it latches, until it is acknowledged after that."""

import msgspec

from console.model.alarm import Alarm, Priority
from console.safety import texts
from console.safety.interlock import Finding, Latch, Mode
from console.safety.limits import Limits
from console.safety.registry import BY_ID


class Change(msgspec.Struct, frozen=True):
    """An alarm was raised (again) or has cleared."""

    alarm: Alarm
    raised: bool


class Alarms(msgspec.Struct, frozen=True):
    """`standing`: most urgent first. `reported`: the interlocks that were not suppressed at the
    last moment."""

    standing: tuple[Alarm, ...] = ()
    reported: frozenset[str] = frozenset()


def step(
    alarms: Alarms,
    findings: tuple[Finding, ...],
    limits: Limits,
    *,
    wall: str,
    device_ms: int | None,
) -> tuple[Alarms, tuple[Change, ...]]:
    """The alarms after this moment's findings, and what changed."""
    held = {finding.id for finding in findings if finding.held}
    reported = _unsuppressed(
        {finding.id: finding for finding in findings if not finding.held}, alarms.reported
    )
    found = dict(reported)
    explains = _explained(alarms.standing, found, reported)
    kept: list[Alarm] = []
    changes: list[Change] = []
    for alarm in alarms.standing:
        finding = found.pop(alarm.id, None)
        if finding is None and alarm.id in explains:
            by_device = alarm.from_device or explains[alarm.id]
            kept.append(_going_on(alarm, by_device=by_device))
        elif finding is None:
            gone = msgspec.structs.replace(alarm, present=False, clearing=alarm.id in held)
            waits = (gone.latched or gone.clearing) and not gone.acknowledged
            if waits and not _taken_over(alarm, reported):
                kept.append(gone)
            else:
                changes.append(Change(gone, raised=False))
        elif _same_occurrence(alarm, finding):
            high = finding.found.high
            kept.append(_going_on(alarm, by_device=finding.by_device, high=high))
        else:
            again = _raised(finding, limits, wall, device_ms, alarm.count + 1)
            kept.append(again)
            changes.append(Change(again, raised=True))
    for finding in found.values():
        new = _raised(finding, limits, wall, device_ms, 1)
        kept.append(new)
        changes.append(Change(new, raised=True))
    return Alarms(_sorted(kept), frozenset(reported)), tuple(changes)


def acknowledge(alarms: Alarms) -> tuple[Alarms, tuple[Change, ...]]:
    """Clears what the operator may clear: latched alarms whose cause is gone. One that stands by
    the device's word is marked, and clears when the device's own reset is done."""
    cleared = [alarm for alarm in alarms.standing if _clearable(alarm)]
    kept = tuple(
        msgspec.structs.replace(alarm, acknowledged=True) if _resettable(alarm) else alarm
        for alarm in alarms.standing
        if not _clearable(alarm)
    )
    after = msgspec.structs.replace(alarms, standing=kept)
    return after, tuple(Change(alarm, raised=False) for alarm in cleared)


def of_console(alarms: Alarms, kept: tuple[Alarm, ...]) -> Alarms:
    """The alarms when a console is connected with which `kept` stay until an engineer releases it:
    those are there again, and those of another console are not."""
    ids = {alarm.id for alarm in kept}
    here = [alarm for alarm in alarms.standing if not alarm.engineer or alarm.id in ids]
    there = {alarm.id for alarm in here}
    back = [
        msgspec.structs.replace(
            alarm,
            present=False,
            clearing=False,
            latched=True,
            from_device=False,
            acknowledged=False,
        )
        for alarm in kept
        if alarm.id not in there
    ]
    return msgspec.structs.replace(alarms, standing=_sorted([*here, *back]))


def to_acknowledge(alarms: tuple[Alarm, ...]) -> bool:
    """Whether an acknowledgement would clear anything."""
    return any(_clearable(alarm) or _resettable(alarm) for alarm in alarms)


# --- suppression -------------------------------------------------------------------------------


def _unsuppressed(findings: dict[str, Finding], reported: frozenset[str]) -> dict[str, Finding]:
    """The findings without those for which another stands now. One that is held back until another
    is over goes on where it was reported before."""
    gone = {
        id
        for id in findings
        for rule in BY_ID[id].suppressed_by
        if rule.by in findings and not (rule.mode is Mode.UNTIL and id in reported)
    }
    return {id: finding for id, finding in findings.items() if id not in gone}


def _explained(
    standing: tuple[Alarm, ...], found: dict[str, Finding], reported: dict[str, Finding]
) -> dict[str, bool]:
    """Takes out of `found` what is no fault of its own beside an alarm that stands already. Each
    such alarm, with whether the device reports what it explains."""
    explains: dict[str, bool] = {}
    present = {alarm.id for alarm in standing}
    for id in [each for each in found if each not in present]:
        by = next((alarm for alarm in standing if _explains(alarm, id)), None)
        if by is None:
            continue
        if by.id in reported or by.latched or found[id].by_device:  # else it is over, this is not
            explains[by.id] = found.pop(id).by_device or explains.get(by.id, False)
    return explains


def _explains(alarm: Alarm, id: str) -> bool:
    """Whether `id` is no fault of its own beside this alarm. One whose cause has gone explains
    only what the device reports afterwards, and that once: what comes later is another fault."""
    mode = next((rule.mode for rule in BY_ID[id].suppressed_by if rule.by == alarm.id), None)
    if mode is None or mode is Mode.UNTIL:
        return False
    return alarm.present or (mode is Mode.AFTERWARDS and not alarm.from_device)


def _taken_over(alarm: Alarm, reported: dict[str, Finding]) -> bool:
    """Whether another alarm that is no less urgent now stands for the same fault, in this one's
    place. One whose cause had gone before was another fault, and stays."""
    others = (
        reported[rule.by]
        for rule in BY_ID[alarm.id].suppressed_by
        if rule.by in reported and rule.mode is not Mode.UNTIL
    )
    return alarm.present and any(_priority(f).rank <= alarm.priority.rank for f in others)


# --- one alarm ---------------------------------------------------------------------------------


def _same_occurrence(alarm: Alarm, finding: Finding) -> bool:
    """Whether it stood all the time, or had not been clear for long enough to be over. The device's
    word that was reset is another matter than what the host sees after it."""
    if alarm.clearing:
        return True
    return alarm.present and (finding.by_device or not alarm.from_device)


def _priority(finding: Finding) -> Priority:
    priority = BY_ID[finding.id].priority
    return Priority.HIGH if finding.found.high or priority is None else priority


def _clearable(alarm: Alarm) -> bool:
    return not alarm.present and BY_ID[alarm.id].latch is Latch.OPERATOR


def _resettable(alarm: Alarm) -> bool:
    # Even one that does not latch here: the device latches nearly all of its own.
    return alarm.present and alarm.from_device and BY_ID[alarm.id].latch is not Latch.ENGINEER


def _raised(
    finding: Finding, limits: Limits, wall: str, device_ms: int | None, count: int
) -> Alarm:
    interlock = BY_ID[finding.id]
    return Alarm(
        id=interlock.id,
        priority=_priority(finding),
        happened=texts.happened(interlock, finding.found, limits),
        to_do=texts.to_do(interlock, limits),
        raised_at=wall,
        raised_ms=device_ms,
        count=count,
        latched=interlock.latch is not Latch.NO,
        from_device=finding.by_device,
        blocks_start=interlock.gas,
        engineer=interlock.latch is Latch.ENGINEER,
    )


def _going_on(alarm: Alarm, *, by_device: bool, high: bool = False) -> Alarm:
    return msgspec.structs.replace(
        alarm,
        present=True,
        clearing=False,
        priority=Priority.HIGH if high else alarm.priority,
        from_device=by_device,
    )


def _sorted(alarms: list[Alarm]) -> tuple[Alarm, ...]:
    return tuple(sorted(alarms, key=lambda alarm: alarm.priority.rank))

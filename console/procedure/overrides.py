"""What a clinician may override, in one place: a row each. A start is refused for whatever stands
here; each may be lifted with a reason, and on the screen by holding for a second. Whatever is not
here nobody may override."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final

import msgspec

from console.model.event import Event, EventKind
from console.model.mapping import SUCCESSFUL_PERCENT
from console.model.override import Overridden, OverrideKind
from console.model.quantities import number
from console.model.request import LiftTimeOut, Override
from console.model.snapshot import Phase
from console.model.time_out import NEVER_LIFTED
from console.procedure import cylinder, pain, time_out
from console.procedure.confirmed import contracted, motor_loss_taken, unconfirmed
from console.procedure.reason import one_line, unusable
from console.procedure.row import Outcome, Row, always, said
from console.procedure.state import Conditions, Note, Persist, Procedure
from console.procedure.thaw import thaw_open

Missing = Callable[[Procedure, Conditions], str | None]


class Scope(StrEnum):
    """How far an override holds."""

    SESSION = "this session"
    PLACEMENT = "where the probe stands now"
    START = "the next start alone"
    ITEM = "this line of the card alone"


class OverrideRow(msgspec.Struct, frozen=True):
    """`label` is the button's, `words` what one goes on in spite of. `missing`: what there is to
    lift now, None when nothing is, whether it was lifted or not."""

    kind: OverrideKind
    label: str
    words: str
    scope: Scope
    phases: frozenset[Phase]
    missing: Missing


_STIMULATE: Final = frozenset({Phase.STIMULATE})
_BEFORE_START: Final = frozenset({Phase.READY, Phase.THAWING})


def _refreeze(proc: Procedure, now: Conditions) -> str | None:
    return thaw_open(proc, now)


def _at_a_motor_nerve(proc: Procedure) -> bool:
    return contracted(proc) and not motor_loss_taken(proc)


def _contraction(proc: Procedure, now: Conditions) -> str | None:
    return unconfirmed(proc) if _at_a_motor_nerve(proc) else None


def _no_stimulation(proc: Procedure, now: Conditions) -> str | None:
    return None if _at_a_motor_nerve(proc) else unconfirmed(proc)


def _pain(proc: Procedure, now: Conditions) -> str | None:
    return pain.missing(proc)


def _weak_mapping(proc: Procedure, now: Conditions) -> str | None:
    named = proc.preparation.mapping
    if named is None or named.visit.successful:
        return None
    return (
        f"The mapping was weak: {number(named.visit.relief_percent, 0)} % relief, "
        f"{number(SUCCESSFUL_PERCENT, 0)} % or more counts as successful"
    )


def _time_out(proc: Procedure, now: Conditions) -> str | None:
    item = time_out.unclear(proc)
    return f"Not clear: {item}" if item is not None else None


OVERRIDES: Final[tuple[OverrideRow, ...]] = (
    OverrideRow(
        OverrideKind.TIME_OUT_ITEM,
        "Go on though not clear",
        "though a line of the time-out is not clear",
        Scope.ITEM,
        frozenset({Phase.TIME_OUT}),
        _time_out,
    ),
    OverrideRow(
        OverrideKind.REFREEZE,
        "Refreeze now",
        "before the thaw's end",
        Scope.START,
        frozenset({Phase.THAWING}),
        _refreeze,
    ),
    OverrideRow(
        OverrideKind.CONTRACTION,
        "Freeze in spite of it",
        "in spite of a muscle contraction",
        Scope.PLACEMENT,
        _STIMULATE,
        _contraction,
    ),
    OverrideRow(
        OverrideKind.NO_STIMULATION,
        "Freeze without this test",
        "without a stimulation that confirms the site",
        Scope.PLACEMENT,
        _STIMULATE,
        _no_stimulation,
    ),
    OverrideRow(
        OverrideKind.WEAK_MAPPING,
        "Freeze in spite of it",
        "in spite of a weak mapping",
        Scope.SESSION,
        _BEFORE_START,
        _weak_mapping,
    ),
    OverrideRow(
        OverrideKind.GAS_SHORT,
        "Freeze with this gas",
        "though the gas may not finish the plan",
        Scope.START,
        _BEFORE_START,
        cylinder.missing,
    ),
    OverrideRow(
        OverrideKind.PAIN_MISSING,
        "Freeze without a score",
        "without a pain score",
        Scope.START,
        _BEFORE_START,
        _pain,
    ),
)
BY_KIND: Final = {row.kind: row for row in OVERRIDES}


def lifted(proc: Procedure, row: OverrideRow) -> bool:
    """Whether the operator has given a reason that still holds."""

    def holds(given: Overridden) -> bool:
        here = (given.site, given.placement) == (proc.site, proc.placement)
        match row.scope:
            case Scope.SESSION:
                return True
            case Scope.PLACEMENT:
                return here
            case Scope.START:
                return here and given.freezes == len(proc.records)
            case Scope.ITEM:
                return False  # it is lifted in its answer

    return any(given.kind is row.kind and holds(given) for given in proc.overrides)


def standing(proc: Procedure, now: Conditions) -> str | None:
    """What still keeps a freeze from starting that a reason would lift, None when nothing does."""
    for row in OVERRIDES:
        missing = row.missing(proc, now)
        if missing is not None and not lifted(proc, row):
            return missing
    return None


# --- what is asked ----------------------------------------------------------------------------


def _blocked(kind: OverrideKind) -> Callable[[Procedure, Conditions, Any], str | None]:
    row = BY_KIND[kind]

    def why(proc: Procedure, now: Conditions, asked: Override | None) -> str | None:
        if proc.stimulating is not None:
            return "A test is running"
        if row.missing(proc, now) is None or lifted(proc, row):
            return "Nothing is missing that this would lift"
        return unusable(asked.reason) if asked is not None else None

    return why


def _apply(proc: Procedure, asked: Override, now: Conditions) -> Outcome:
    row = BY_KIND[asked.kind]
    return _given(proc, row, one_line(asked.reason), row.missing(proc, now) or "", row.words)


def _lift_blocked(proc: Procedure, now: Conditions, asked: LiftTimeOut | None) -> str | None:
    if asked is None:
        return None if time_out.unclear(proc) else "Nothing is missing that this would lift"
    if asked.item in NEVER_LIFTED:
        return f"No reason lifts this: {asked.item}"
    if not time_out.is_unclear(time_out.answer_of(proc, asked.item)):
        return "Nothing is missing that this would lift"
    return unusable(asked.reason)


def _lift(proc: Procedure, asked: LiftTimeOut, now: Conditions) -> Outcome:
    reason = one_line(asked.reason)
    proc = time_out.lifted(proc, asked.item, reason)
    words = f"though not clear: {asked.item}"
    row = BY_KIND[OverrideKind.TIME_OUT_ITEM]
    return _given(proc, row, reason, f"Not clear: {asked.item}", words)


def _given(proc: Procedure, row: OverrideRow, reason: str, what: str, words: str) -> Outcome:
    freezes = len(proc.records)
    given = Overridden(
        row.kind, proc.site, proc.placement, reason, proc.last_ms, freezes=freezes, what=what
    )
    text = f"Override: goes on {words}. Reason: {reason}."
    proc = msgspec.structs.replace(proc, overrides=(*proc.overrides, given))
    return proc, (Note(Event(EventKind.OVERRIDDEN, proc.last_ms, text)), Persist())


def _of(kind: OverrideKind) -> Callable[[Any], bool]:
    return lambda asked: asked.kind is kind


ROWS: Final[tuple[Row, ...]] = (
    *(
        Row(
            f"override_{row.kind.name.lower()}", Override, _of(row.kind), row.phases,
            said(row.label), said("give a reason"), _blocked(row.kind), _apply,
        )
        for row in OVERRIDES
        if row.scope is not Scope.ITEM
    ),
    Row(
        "lift_time_out", LiftTimeOut, always, BY_KIND[OverrideKind.TIME_OUT_ITEM].phases,
        said(BY_KIND[OverrideKind.TIME_OUT_ITEM].label), said(""), _lift_blocked, _lift,
    ),
)  # fmt: skip

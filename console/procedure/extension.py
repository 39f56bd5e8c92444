"""A freeze that lasts longer. The link can lengthen a freeze and never shorten it, so what may
still be undone is held back here, and sent when it may not be undone any more."""

from typing import Final

import msgspec

from console.model.event import Event, EventKind
from console.model.observation import Observation
from console.model.plan import LONGEST_FREEZE_S, Timing
from console.model.quantities import minutes, plain
from console.model.request import ExtendFreeze, UndoExtend
from console.model.snapshot import Phase
from console.procedure.row import Outcome, Row, always, said
from console.procedure.state import Conditions, Effects, Extending, Note, Procedure, SendExtend

EXTEND_S: Final = 30.0
LAST_MOMENT_MS: Final = 2_000
"""With less left of the freeze it is sent at once: three tries of the link and a little more."""
SECOND_TAP_MS: Final = 700
"""A finger that bounces presses twice: undoing comes after that."""


def due(proc: Procedure, seen: Observation) -> tuple[Procedure, Effects]:
    """Sends an extension whose time to be undone is over, or whose freeze would end before."""
    held = proc.extending
    if held is None or proc.end_asked:
        return proc, ()
    over = seen.at_ms - held.since_ms >= held.undo_s * 1_000
    if not over and seen.remaining_freeze_ms > LAST_MOMENT_MS:
        return proc, ()
    return msgspec.structs.replace(proc, extending=None), (SendExtend(held.by_s),)


def sent_in_s(proc: Procedure) -> float | None:
    """Seconds for which an extension may still be undone, None where there is none."""
    held = proc.extending
    if held is None or proc.last_ms is None:
        return None
    return max(0.0, held.undo_s - (proc.last_ms - held.since_ms) / 1_000)


def _blocked(proc: Procedure, now: Conditions, asked: ExtendFreeze | None) -> str | None:
    record, plan = proc.last_record, proc.plan
    by_s = asked.by_s if asked is not None else EXTEND_S
    if record is None or plan is None:
        return "No freeze is running"
    if not 0 < by_s <= LONGEST_FREEZE_S:
        return f"{plain(by_s)} s is no extension"
    if asked is not None and not 0 <= asked.undo_s <= LONGEST_FREEZE_S:
        return f"{plain(asked.undo_s)} s is no time to undo it"
    if proc.end_asked:
        return "Ending"
    if proc.extending is not None:
        return "One is on its way"
    if plan.timing is Timing.FROM_TARGET and not proc.target.reached:
        return "The timer has not started: the target is not reached yet"
    total = record.planned_freeze_s + record.extended_s + by_s
    if plan.timing is Timing.FROM_TARGET:
        total += record.time_to_target_s or 0.0
    if total > LONGEST_FREEZE_S:
        return f"At most {minutes(LONGEST_FREEZE_S)} from gas-on"
    return None


def _extend(proc: Procedure, asked: ExtendFreeze, now: Conditions) -> Outcome:
    if not asked.undo_s:
        return proc, (SendExtend(asked.by_s),)
    held = Extending(asked.by_s, asked.undo_s, proc.last_ms or 0)
    return msgspec.structs.replace(proc, extending=held), ()


def _undo_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    held = proc.extending
    if held is None:
        return "Nothing can be undone"
    return "Just asked for" if (proc.last_ms or 0) - held.since_ms < SECOND_TAP_MS else None


def _undo(proc: Procedure, asked: UndoExtend, now: Conditions) -> Outcome:
    assert proc.extending is not None  # else it is blocked
    text = f"{_by(proc)} was undone before it was sent."
    note = Note(Event(EventKind.EXTENSION_UNDONE, proc.last_ms, text))
    return msgspec.structs.replace(proc, extending=None), (note,)


def _by(proc: Procedure) -> str:
    by_s = proc.extending.by_s if proc.extending is not None else EXTEND_S
    return f"+{minutes(by_s)}"


def _undo_label(proc: Procedure) -> str:
    return f"Undo {_by(proc)}"


def _undo_detail(proc: Procedure) -> str:
    left_s = sent_in_s(proc)
    return "" if left_s is None else f"sent in {minutes(left_s)}"


_FREEZING: Final = frozenset({Phase.FREEZING})
_AT_MOST: Final = f"up to {minutes(LONGEST_FREEZE_S)} in all"

ROWS: Final[tuple[Row, ...]] = (
    Row(
        "extend", ExtendFreeze, always, _FREEZING,
        said(f"+{minutes(EXTEND_S)}"), said(_AT_MOST), _blocked, _extend,
    ),
    Row(
        "undo_extend", UndoExtend, always, _FREEZING,
        _undo_label, _undo_detail, _undo_blocked, _undo,
    ),
)  # fmt: skip

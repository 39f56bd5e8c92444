"""What a clinician may override, in one place: a row each. Whatever is not here nobody may
override. Each needs a reason, and on the screen a one-second hold."""

from collections.abc import Callable

import msgspec

from console.model.event import Event, EventKind
from console.model.request import Override
from console.model.stimulation import Overridden, OverrideKind
from console.procedure.confirmed import contracted, overridden, unconfirmed
from console.procedure.row import Outcome
from console.procedure.state import Conditions, Note, Persist, Procedure


class OverrideRow(msgspec.Struct, frozen=True):
    """`words`: what one goes on in spite of. `needed`: whether there is anything to lift now."""

    kind: OverrideKind
    words: str
    needed: Callable[[Procedure], bool]


OVERRIDES: tuple[OverrideRow, ...] = (
    OverrideRow(
        OverrideKind.NO_STIMULATION,
        "without a stimulation that confirms the site",
        lambda proc: not contracted(proc) and unconfirmed(proc) is not None,
    ),
    OverrideRow(
        OverrideKind.CONTRACTION,
        "in spite of a muscle contraction",
        lambda proc: contracted(proc) and not overridden(proc, OverrideKind.CONTRACTION),
    ),
)
BY_KIND = {row.kind: row for row in OVERRIDES}


def blocked(
    kind: OverrideKind,
) -> Callable[[Procedure, Conditions, Override | None], str | None]:
    """Why the override of this kind may not be given."""

    def why(proc: Procedure, now: Conditions, asked: Override | None) -> str | None:
        if proc.stimulating is not None:
            return "A test is running"
        if not BY_KIND[kind].needed(proc):
            return "Nothing is missing that this would lift"
        return "Give a reason" if asked is not None and not asked.reason.strip() else None

    return why


def apply(proc: Procedure, asked: Override, now: Conditions) -> Outcome:
    """The override, for this site and placement alone."""
    reason = asked.reason.strip()
    given = Overridden(asked.kind, proc.site, proc.placement, reason, proc.last_ms)
    text = f"Override: goes on {BY_KIND[asked.kind].words}. Reason: {reason}."
    proc = msgspec.structs.replace(proc, overrides=(*proc.overrides, given))
    return proc, (Note(Event(EventKind.OVERRIDDEN, proc.last_ms, text)), Persist())

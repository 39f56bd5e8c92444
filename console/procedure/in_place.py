"""Is the tip in place? Asked before the first freeze of a site when its temperature is not that of
a body: a probe that lies in the air or in the water of the check freezes nobody's nerve."""

from typing import Final

import msgspec

from console.model.event import Event, EventKind
from console.model.quantities import celsius
from console.model.request import ConfirmInPlace
from console.model.snapshot import Phase
from console.procedure import time_out
from console.procedure.row import Outcome, Row, always, said
from console.procedure.state import Conditions, InPlace, Note, Persist, Procedure

IN_A_BODY_CELSIUS: Final = (25.0, 40.0)
"""product.md, "Order of a treatment"."""


def asked(proc: Procedure, now: Conditions) -> str | None:
    """The question, None where there is none: after the first freeze of a site, once answered for
    this placement, and where nobody is there to answer."""
    tip = now.observation.tip_celsius if now.observation is not None else None
    if tip is None or proc.how in time_out.BEFOREHAND:
        return None  # an unknown temperature keeps the freeze off by itself
    if any(record.site == proc.site for record in proc.records):
        return None
    if proc.in_place == InPlace(proc.site, proc.placement):
        return None
    low, high = IN_A_BODY_CELSIUS
    return None if low <= tip <= high else f"Is the tip in place? It is at {celsius(tip)}"


def _blocked(proc: Procedure, now: Conditions, given: ConfirmInPlace | None) -> str | None:
    return None if asked(proc, now) is not None else "Nobody has asked"


def _confirm(proc: Procedure, given: ConfirmInPlace, now: Conditions) -> Outcome:
    tip = now.observation.tip_celsius if now.observation is not None else None
    proc = msgspec.structs.replace(proc, in_place=InPlace(proc.site, proc.placement))
    text = f"The tip is in place, though at {celsius(tip)}: said by the operator."
    return proc, (Note(Event(EventKind.DECIDED, proc.last_ms, text)), Persist())


ROWS: Final[tuple[Row, ...]] = (
    Row(
        "tip_in_place", ConfirmInPlace, always, frozenset({Phase.READY, Phase.THAWING}),
        said("Tip is in place"), said("seen at the nerve"), _blocked, _confirm,
    ),
)  # fmt: skip

"""What the operator may ask for, a row each: in which phases it is offered, how it is named, why it
is blocked, what it does. The screen shows exactly what a request would be answered."""

from typing import Final

from console.model.request import AnyRequest
from console.model.snapshot import Control, Phase
from console.procedure import (
    console_check,
    cylinder,
    decision_rows,
    extension,
    freeze_rows,
    in_place,
    overrides,
    pain,
    placement_rows,
    plan_rows,
    stimulation_rows,
    time_out,
)
from console.procedure.row import Outcome, Row
from console.procedure.state import Conditions, Procedure

ROWS: Final[tuple[Row, ...]] = (
    *console_check.ROWS,
    *time_out.ROWS,
    *stimulation_rows.ROWS,
    *overrides.ROWS,
    pain.ROW,
    *cylinder.ROWS,
    *plan_rows.ROWS,
    *freeze_rows.ROWS,
    *in_place.ROWS,
    *extension.ROWS,
    *decision_rows.ROWS,
    *placement_rows.ROWS,
)


def controls(proc: Procedure, now: Conditions) -> dict[str, Control]:
    """What is offered in this phase, by name, with the reason where it is blocked."""
    return {
        row.name: Control(row.label(proc), row.detail(proc), row.blocked(proc, now, None))
        for row in ROWS
        if proc.phase in row.phases and row.name
    }


def request(proc: Procedure, asked: AnyRequest, now: Conditions) -> Outcome | str:
    """What follows from `asked`, or why it is refused."""
    for row in ROWS:
        if isinstance(asked, row.request) and row.matches(asked):
            if proc.phase not in row.phases:
                return _ELSEWHERE.get(proc.phase, "Not now")
            return row.blocked(proc, now, asked) or row.apply(proc, asked, now)
    return "This request is not known here"


_ELSEWHERE: Final = {
    Phase.PREPARE: "Choose a plan first",
    Phase.CHECK: "First the console check",
    Phase.TIME_OUT: "First the time-out",
    Phase.STIMULATE: "The stimulation is open: go to the freeze first",
    Phase.READY: "No freeze has started yet",
    Phase.STARTING: "A freeze is just starting",
    Phase.FREEZING: "The gas is on",
    Phase.THAWING: "The probe is thawing",
    Phase.STOPPED: "First decide what becomes of the stopped freeze",
    Phase.RELEASING: "All freezes of this site are done",
    Phase.FREE: "All freezes of this site are done",
    Phase.OUT: "This session has ended",
}

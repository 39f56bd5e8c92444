"""The journal is not on disk."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import Found, Interlock, Moment, SafeState
from console.safety.watches import at_once


def _judge(now: Moment) -> Found | None:
    problem = now.facts.record_problem
    return Found(values={"problem": problem}) if problem else None


INTERLOCK: Final = Interlock(
    id="record_failed",
    hazard="the session is not recorded",
    cause="the disk is full, slow, read-only or gone",
    hears=(at_once(_judge),),
    threshold="less than 500 MB free, or a sync that fails or takes more than 2 s",
    reaction_ms=None,
    state=SafeState.SS2,
    priority=Priority.MEDIUM,
    light="record",
    happened="The record cannot be written: {problem}",
    to_do="A running freeze goes on; no other can start. Make room on the disk, or have this "
    "computer looked after.",
    done="A running freeze goes on; no other can start. Make room on the disk, or have this "
    "computer looked after.",
    residual="What happens until the alarm may miss its last second in the record.",
)

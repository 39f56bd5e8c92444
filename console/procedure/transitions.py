"""What follows from the device, the link or the disk, a row each: by which happening, in which
situation, under which condition, what. And where nothing follows, with the reason why. Every
happening in every situation is in one of the two."""

from typing import Any, Final

from console.procedure import check_run, freeze_transitions, quiet_transitions, stimulation
from console.procedure.row import Outcome
from console.procedure.situation import (
    EVERYWHERE,
    FREEZES,
    QUIET,
    STARTS,
    STIMULATES,
    STIMULATION_STARTS,
    TEST_STARTS,
    TESTS,
    S,
    situation,
)
from console.procedure.state import Procedure
from console.procedure.transition import H, Ignored, Transition

TRANSITIONS: Final[tuple[Transition, ...]] = (
    *stimulation.TRANSITIONS,
    *check_run.TRANSITIONS,
    *freeze_transitions.TRANSITIONS,
    *quiet_transitions.TRANSITIONS,
)

_ALL_STARTS: Final = STARTS | STIMULATION_STARTS | TEST_STARTS
_NOT_OPENING: Final = _ALL_STARTS - {S.START_OPENING, S.STIMULATION_OPENING, S.TEST_OPENING}
_STIMULATION: Final = STIMULATION_STARTS | STIMULATES
_LATE: Final = "late: its start has gone on, or was given up"

IGNORED: Final[tuple[Ignored, ...]] = (
    Ignored(H.OBSERVED, _NOT_OPENING, "what the device does before its grant is not of this start"),
    Ignored(
        H.OBSERVED,
        QUIET - {S.CHECK, S.THAWING, S.RELEASING, S.FREE},
        "nothing is waited for; clock, gas and thaw are counted all the same",
    ),
    Ignored(H.UNSEEN, EVERYWHERE - {S.FREE}, "interlocks judge it; nothing was said to be free"),
    Ignored(
        H.DURABLE, EVERYWHERE - {S.START_INTENT, S.STIMULATION_INTENT, S.TEST_INTENT},
        "no start waits for the disk",
    ),
    Ignored(H.ARMED, EVERYWHERE - {S.START_ARM, S.STIMULATION_ARM, S.TEST_ARM}, _LATE),
    Ignored(H.GRANTED, EVERYWHERE - {S.START_START, S.STIMULATION_START, S.TEST_START}, _LATE),
    Ignored(H.START_FAILED, EVERYWHERE - _ALL_STARTS, _LATE),
    Ignored(H.TARGET_MISSED, EVERYWHERE - FREEZES, "no freeze is running"),
    Ignored(H.EXTENDED, EVERYWHERE - FREEZES, "the freeze has ended before"),
    Ignored(H.AMPLITUDE_TAKEN, EVERYWHERE - STIMULATES, "late: the test has ended"),
    Ignored(H.AMPLITUDE_REFUSED, EVERYWHERE - _STIMULATION, "late: the test has ended"),
    Ignored(H.OFF_REFUSED, EVERYWHERE - _STIMULATION, "late: the test has ended"),
    Ignored(
        H.STATE_CHANGED, EVERYWHERE - STARTS - TEST_STARTS,
        "only when the gas came on is taken from it: every observation has the state",
    ),
    Ignored(H.FREEZE_ENDED, TEST_STARTS, "of what ran before"),
    Ignored(H.STIMULATION_ENDED, EVERYWHERE - STIMULATES, "of the test before"),
    Ignored(H.TEST_ENDED, EVERYWHERE - TESTS, "of a test that has ended here before"),
)  # fmt: skip


def follow(proc: Procedure, by: H, what: Any = None) -> Outcome:
    """What follows from a happening; `what` comes along with it, as `Happening` says."""
    here = situation(proc)
    for row in _BY_PLACE.get((by, here), ()):
        if row.when(proc, what):
            return row.follows(proc, what)
    return proc, ()


_BY_PLACE: Final = {
    (by, here): tuple(row for row in TRANSITIONS if row.by is by and here in row.situations)
    for by in H
    for here in EVERYWHERE
}

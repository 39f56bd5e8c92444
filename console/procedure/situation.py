"""Where a session stands, as the device's events see it: the phase, or how far a start, a
stimulation or a test of the console check has come."""

from enum import StrEnum
from typing import Final

from console.model.snapshot import Phase
from console.procedure.state import Procedure, Stage


class Situation(StrEnum):
    """Each has its rows in the tables of transitions. The names of the phases, with what runs at
    the device told apart; "ending": seen to end, and the device has not yet said why."""

    PREPARE = "prepare"
    CHECK = "check"
    TIME_OUT = "time-out"
    STIMULATE = "stimulate"
    READY = "ready"
    THAWING = "thawing"
    STOPPED = "stopped"
    RELEASING = "releasing"
    FREE = "free"
    OUT = "out"

    START_INTENT = "start: intent"
    START_ARM = "start: arm"
    START_START = "start: start"
    START_OPENING = "start: opening"
    FREEZING = "freezing"
    FREEZE_ENDING = "freeze ending"

    STIMULATION_INTENT = "stimulation: intent"
    STIMULATION_ARM = "stimulation: arm"
    STIMULATION_START = "stimulation: start"
    STIMULATION_OPENING = "stimulation: opening"
    STIMULATING = "stimulating"
    STIMULATION_ENDING = "stimulation ending"

    TEST_INTENT = "test: intent"
    TEST_ARM = "test: arm"
    TEST_START = "test: start"
    TEST_OPENING = "test: opening"
    TESTING = "testing"
    TEST_ENDING = "test ending"


S = Situation
EVERYWHERE: Final = frozenset(Situation)
STARTS: Final = frozenset({S.START_INTENT, S.START_ARM, S.START_START, S.START_OPENING})
FREEZES: Final = frozenset({S.FREEZING, S.FREEZE_ENDING})
STIMULATION_STARTS: Final = frozenset(
    {S.STIMULATION_INTENT, S.STIMULATION_ARM, S.STIMULATION_START, S.STIMULATION_OPENING}
)
STIMULATES: Final = frozenset({S.STIMULATING, S.STIMULATION_ENDING})
TEST_STARTS: Final = frozenset({S.TEST_INTENT, S.TEST_ARM, S.TEST_START, S.TEST_OPENING})
TESTS: Final = frozenset({S.TESTING, S.TEST_ENDING})
QUIET: Final = EVERYWHERE.difference(
    STARTS, FREEZES, STIMULATION_STARTS, STIMULATES, TEST_STARTS, TESTS
)
"""Nothing is on its way or runs at the device."""


def situation(proc: Procedure) -> Situation:
    """Where `proc` stands. At most one of a start, a stimulation and a test is there."""
    if proc.stimulating is not None:
        ending = proc.stimulating.ending_ms is not None
        return _STIMULATION.get(proc.stimulating.stage) or (
            S.STIMULATION_ENDING if ending else S.STIMULATING
        )
    if proc.checking is not None:
        ending = proc.checking.ending_ms is not None
        return _TEST.get(proc.checking.stage) or (S.TEST_ENDING if ending else S.TESTING)
    if proc.starting is not None:
        return _START[proc.starting.stage]
    if proc.phase is Phase.FREEZING:
        return S.FREEZING if proc.ending_ms is None else S.FREEZE_ENDING
    return _PHASES[proc.phase]


_START: Final = {
    Stage.INTENT: S.START_INTENT,
    Stage.ARM: S.START_ARM,
    Stage.START: S.START_START,
    Stage.OPENING: S.START_OPENING,
}
_STIMULATION: Final[dict[Stage | None, Situation]] = {
    Stage.INTENT: S.STIMULATION_INTENT,
    Stage.ARM: S.STIMULATION_ARM,
    Stage.START: S.STIMULATION_START,
    Stage.OPENING: S.STIMULATION_OPENING,
}
_TEST: Final[dict[Stage | None, Situation]] = {
    Stage.INTENT: S.TEST_INTENT,
    Stage.ARM: S.TEST_ARM,
    Stage.START: S.TEST_START,
    Stage.OPENING: S.TEST_OPENING,
}
_PHASES: Final = {
    Phase.PREPARE: S.PREPARE,
    Phase.CHECK: S.CHECK,
    Phase.TIME_OUT: S.TIME_OUT,
    Phase.STIMULATE: S.STIMULATE,
    Phase.READY: S.READY,
    Phase.STARTING: S.READY,  # without a start: it has come to nothing
    Phase.THAWING: S.THAWING,
    Phase.STOPPED: S.STOPPED,
    Phase.RELEASING: S.RELEASING,
    Phase.FREE: S.FREE,
    Phase.OUT: S.OUT,
}

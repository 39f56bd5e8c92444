"""The console check: what is looked at, tried and measured before a probe goes into a patient."""

from enum import StrEnum

import msgspec


class CheckItem(StrEnum):
    """One line of the check, in its order."""

    PROBE = "sterile probe"
    SCAVENGING = "scavenging hose"
    CYLINDER = "cylinder"
    SUPPLY_LEAK = "supply leak test"
    PROBE_LEAK = "probe leak test"
    TEST_FREEZE = "test freeze"
    GAS_OFF = "gas off"
    THAW = "thaw"
    THERMOCOUPLE = "thermocouple"


OF_THE_PROBE = (
    CheckItem.PROBE,
    CheckItem.PROBE_LEAK,
    CheckItem.TEST_FREEZE,
    CheckItem.GAS_OFF,
    CheckItem.THAW,
    CheckItem.THERMOCOUPLE,
)
"""What has to be done again when another probe may be on the hose."""

WITH_GAS = (CheckItem.PROBE_LEAK, CheckItem.TEST_FREEZE)


class CheckStanding(StrEnum):
    """How a line stands."""

    OPEN = "open"  # not yet, or void again
    RUN = "run"  # its test has run to its end and waits for what was seen
    PASSED = "passed"
    FAILED = "failed"
    NOT_MEASURABLE = "not measurable here"

    @property
    def done(self) -> bool:
        """Nothing of this line keeps the check open."""
        return self in (CheckStanding.PASSED, CheckStanding.NOT_MEASURABLE)


class CheckResult(msgspec.Struct, frozen=True):
    """What became of a line. `measure`: what was measured, in words with units. `how`: empty for
    an answer or a measurement of today, else who answered before ("demonstration",
    "headless run"), or why it is void."""

    item: CheckItem
    standing: CheckStanding
    measure: str = ""
    how: str = ""
    at_ms: int | None = None

    @property
    def beforehand(self) -> bool:
        """Nobody has answered or measured it: the way in which the session is run has."""
        return self.standing is CheckStanding.PASSED and bool(self.how)


class CheckView(msgspec.Struct, frozen=True):
    """The newest result of each line that has one, in order. `now`: the line that is next, None
    when all are done; `now_words`: its live measure, or what it waits for; `mend`: what to do as it
    has failed; `asks`, `starts`: an answer is wanted, a test can be started; `running`: a test is
    on its way or runs, for `left_s` still; `missing`: why the check is not done."""

    results: tuple[CheckResult, ...] = ()
    now: CheckItem | None = None
    now_words: str = ""
    mend: str = ""
    asks: bool = False
    starts: bool = False
    running: CheckItem | None = None
    left_s: float | None = None
    missing: str | None = None

    @property
    def gas(self) -> bool:
        """Gas is on its way or on for a test."""
        return self.running in WITH_GAS

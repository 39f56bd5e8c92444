"""The screen's main thread has not ticked."""

from proof_kit import Case, Table, proven
from safety_kit import LIMITS, now, says

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_screen_lost = proven(
    Case(
        "screen_lost",
        SafeState.SS1,
        Priority.HIGH,
        Latch.OPERATOR,
        limits={"link.screen_lost_ms": 1_000},
        happened="The screen did not respond for 1 s",
        to_do="STOP was sent. Do not move the probe. If gas still flows, close the cylinder valve.",
        alone=now(screen_age_ms=1_000.1),
        tables=(
            Table(
                "tick",
                now,
                {"screen_age_ms": ((1_000.1, 2_000.0, float("inf")), (1_000.0, 999.9, None))},
            ),
        ),
    )
)


def test_it_says_for_how_long() -> None:
    slow = LIMITS.changed({"link.screen_lost_ms": 600_000.0})
    lost = says("screen_lost", now(screen_age_ms=600_001.0), slow)
    assert lost == "The screen did not respond for 600 s"

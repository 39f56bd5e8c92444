"""No tip temperature in a thaw, for longer than the device takes to name the cause."""

from typing import Any

from proof_kit import NO, YES, Case, Table, proven
from safety_kit import PERIOD_MS, at, but, shut, stands

from console.model.alarm import Priority
from console.model.observation import Quality
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState


def blind(for_ms: int, tip: float | None = None, **inputs: Any) -> list[Facts]:
    times = [*range(0, for_ms, PERIOD_MS), for_ms]
    reading = {"seen_tip_celsius": tip, "seen_tip_quality": Quality.OPEN}
    return [shut(ms, **{"thawing": True} | reading | inputs) for ms in times]


test_tip_unknown = proven(
    Case(
        "tip_unknown",
        SafeState.HELD,
        Priority.MEDIUM,
        Latch.NO,
        limits={"shut.unknown_ms": 300},
        happened="Tip temperature unknown: sensor open",
        to_do="Wait at least 5:00. Check on ultrasound. Withdraw only if the probe turns and "
        "slides without force.",
        alone=blind(300),
        tables=(
            Table(
                "thaw",
                blind,
                {
                    "for_ms": ((300, 301), (299,)),
                    "thawing": YES,
                    "tip": ((None,), (-8.0, 0.0)),
                    "seen_valve_open": NO,
                },
            ),
        ),
    )
)


def test_a_known_reading_between_begins_the_time_again() -> None:
    moments = blind(350)
    assert stands("tip_unknown", moments)
    known = but(moments[2], seen_tip_celsius=-8.0)
    assert not stands("tip_unknown", [*moments[:2], known, *moments[3:]])
    assert not stands("tip_unknown", [*moments, but(shut(400), thawing=True)]), "known again"
    assert not stands("tip_unknown", [*moments, at(400, observation=None, thawing=True)])

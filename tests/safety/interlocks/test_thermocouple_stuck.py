"""The gas is switched, and the tip's reading does not follow."""

from typing import Any

import pytest
from proof_kit import YES, Case, Table, proven
from safety_kit import LIMITS, PERIOD_MS, at, but, lasting, shut, stands

from console.model.alarm import Priority
from console.model.device import DeviceState
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState


def after_shut(
    still_ms: int, late_ms: int, moves: float, tip: float, switched: bool
) -> list[Facts]:
    """The gas goes off (or not), and the tip stands still from `late_ms` on; `moves` is what it
    does between two readings afterwards."""
    before = [at(-PERIOD_MS, seen_tip_celsius=tip + 20.0, freeze_started_ms=None)]
    moments = before if switched else []
    for ms in [*range(0, late_ms + still_ms, PERIOD_MS), late_ms + still_ms]:
        warms = tip + (late_ms - ms) * -0.004
        rests = tip + moves * (ms // PERIOD_MS % 2)
        moments.append(shut(ms, seen_tip_celsius=warms if ms < late_ms else rests))
    return moments


def after_opening(still_ms: int, tip: float | None, **inputs: Any) -> list[Facts]:
    """The gas goes on, and the tip stands still at once."""
    before = at(-PERIOD_MS, seen_state=DeviceState.IDLE, seen_tip_celsius=0.0)
    return [before, *lasting(still_ms, seen_tip_celsius=tip, **inputs)]


test_thermocouple_stuck = proven(
    Case(
        "thermocouple_stuck",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        limits={
            "sensor.stuck_celsius": 0.1,
            "sensor.stuck_ms": 4_000,
            "sensor.stuck_begins_ms": 3_000,
        },
        happened="Tip temperature did not follow the gas",
        by_device="Tip temperature did not follow the gas",
        to_do="Gas is shut. Do not trust the reading: wait at least 5:00 and check on ultrasound "
        "before you move the probe.",
        alone=after_shut(4_000, 0, 0.0, -70.0, True),
        tables=(
            Table(
                "shut",
                after_shut,
                {
                    "still_ms": ((4_000,), (3_950,)),
                    "late_ms": ((0, 3_000), (3_050,)),
                    "moves": ((0.0, 0.09), (0.1,)),
                    "tip": ((-40.2, -70.0), (-40.0, -39.8)),
                    "switched": YES,
                },
            ),
            Table(
                "opened",
                after_opening,
                {
                    "still_ms": ((4_000, 4_050), (3_950,)),
                    "tip": ((30.0, -59.9), (-60.0, None)),
                    "target_celsius": ((-70.0,), (None,)),
                    "seen_state": ((DeviceState.FREEZING,), (DeviceState.IDLE,)),
                },
            ),
        ),
    )
)


@pytest.mark.parametrize(("to", "is_so"), [(0.0625, True), (0.125, False), (0.25, False)])
def test_a_move_of_just_the_limit_is_a_move(to: float, is_so: bool) -> None:
    exact = LIMITS.changed({"sensor.stuck_celsius": 0.125})
    moments = after_opening(4_000, 0.0)
    last = but(moments[-1], seen_tip_celsius=to)
    assert stands("thermocouple_stuck", [*moments[:-1], last], exact) is is_so

"""The valve is open past the commanded end, or for longer than any freeze may last."""

from proof_kit import YES, Case, Table, proven
from safety_kit import AT_MS, but, now, stands

from console.model.alarm import Priority
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState


def too_long(over_ms: int, on_ms: int, valve: bool, timed: bool) -> list[Facts]:
    return now(
        freeze_started_ms=AT_MS - on_ms,
        freeze_due_ms=AT_MS - over_ms if timed else None,
        seen_valve_open=valve,
    )


test_freeze_too_long = proven(
    Case(
        "freeze_too_long",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        limits={"freeze.overrun_ms": 2_000, "freeze.absolute_ms": 300_000},
        happened="The freeze ran past its end: 122 s",
        by_device="The freeze ran past its end",
        to_do="Gas is shut. Do not move the probe until it has thawed. Have the console checked "
        "before the next freeze.",
        alone=now(freeze_started_ms=AT_MS - 122_001, freeze_due_ms=AT_MS - 2_001, at_target=True),
        tables=(
            Table(
                "end",
                too_long,
                {
                    "over_ms": ((2_001,), (2_000, 1_999)),
                    "on_ms": ((90_000,), ()),
                    "valve": YES,
                    "timed": YES,
                },
            ),
            Table(
                "absolute",
                too_long,
                {
                    "over_ms": ((0, -100_000), ()),
                    "on_ms": ((300_001,), (300_000, 299_999)),
                    "valve": YES,
                    "timed": ((False, True), ()),
                },
            ),
        ),
    )
)


def test_it_takes_a_known_start() -> None:
    late = now(freeze_due_ms=AT_MS - 5_000)
    assert stands("freeze_too_long", late)
    assert not stands("freeze_too_long", [but(late[0], freeze_started_ms=None)])

"""Frames come, but what they say is old in device time, or the device's clock stands still."""

from typing import Any

import pytest
from proof_kit import NO, YES, Case, Table, proven
from safety_kit import AT_MS, at, but, facts, found, ids, look, now, says, stands, thawing

from console.model.alarm import Priority
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState


def aged(age_ms: float, link_open: bool, time_scale: float, known: bool) -> list[Facts]:
    clock = float(AT_MS) + age_ms if known else None
    return now(device_now_ms=clock, link_open=link_open, time_scale=time_scale)


def still(for_ms: float, link_open: bool, time_scale: float, lockstep: bool) -> list[Facts]:
    return now(
        moved_ms=10_000.0 - for_ms, link_open=link_open, time_scale=time_scale, lockstep=lockstep
    )


test_stale = proven(
    Case(
        "stale",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        limits={"link.grey_ms": 250, "link.stale_ms": 500, "link.stale_wall_ms": 250},
        happened="Readings from the console are old: 60.0 s",
        to_do="STOP was sent. Do not move the probe. If gas still flows, close the cylinder valve.",
        alone=now(device_now_ms=AT_MS + 60_000.0),
        tables=(
            Table(
                "age",
                aged,
                {
                    "age_ms": ((500.1,), (500.0, 499.9, 0.0)),
                    "link_open": YES,
                    "time_scale": ((1.0, 2.0), (0.0, 4.0)),
                    "known": YES,
                },
            ),
            Table(
                "age at 4 times life",
                aged,
                {
                    "age_ms": ((1_000.1,), (1_000.0, 999.9)),
                    "link_open": YES,
                    "time_scale": ((4.0, 1.0), (0.0, 5.0)),
                    "known": YES,
                },
            ),
            Table(
                "clock",
                still,
                {
                    "for_ms": ((500.1,), (500.0, 499.9)),
                    "link_open": YES,
                    "time_scale": ((1.0, 2.0), (0.0, 0.5)),
                    "lockstep": NO,
                },
            ),
        ),
        within={"link.grey_ms": "a value is greyed: tests/control/test_core_picture.py"},
    )
)

OLD = facts(device_now_ms=AT_MS + 501.0)
STILL = facts(moved_ms=10_000.0 - 501)
IDLE = {"gas_wanted": False, "observation": thawing()}


def test_a_clock_that_stands_still_is_said_to() -> None:
    assert says("stale", [STILL]) == "Readings from the console are old: its clock stands still"


def test_a_slow_clock_does_not_stand_still() -> None:
    assert not stands("stale", now(time_scale=0.5, moved_ms=10_000.0 - 1_000))
    assert stands("stale", now(time_scale=0.5, moved_ms=10_000.0 - 1_001))
    assert stands("stale", now(time_scale=10.0, moved_ms=10_000.0 - 501))
    assert not stands("stale", now(time_scale=1.5, moved_ms=10_000.0 - 500)), "a fast one neither"


@pytest.mark.parametrize(("scale", "stale_ms"), [(0.5, 500), (1.0, 500), (2.0, 500), (10.0, 2_500)])
def test_a_reading_is_old_by_device_time_and_never_within_a_quarter_second_of_the_wall(
    scale: float, stale_ms: int
) -> None:
    just = at(0, device_now_ms=float(AT_MS + stale_ms), time_scale=scale)
    assert not stands("stale", [just])
    assert stands("stale", [but(just, device_now_ms=AT_MS + stale_ms + 1.0)])


@pytest.mark.parametrize("base", [OLD, STILL], ids=["old", "still"])
@pytest.mark.parametrize(
    "alone",
    [
        {"link_open": False},
        {"observation": None},
        {"time_scale": 0.0},
        {"lockstep": True},
        {"device_now_ms": None},
        {"heard_ms": 10_000.0 - 501},
        {"heard_ms": None},
    ],
)
def test_each_of_these_alone_rests_the_watch(base: Facts, alone: dict[str, Any]) -> None:
    assert stands("stale", [base])
    assert not stands("stale", [but(base, **alone)])


def test_silence_is_a_lost_link_and_not_old_readings_too() -> None:
    silent = facts(device_now_ms=AT_MS + 600.0, heard_ms=10_000.0 - 501, moved_ms=9_000.0)
    assert ids(look([silent])[1]) == ["link_lost"]
    assert ids(look([but(silent, heard_ms=10_000.0 - 500)])[1]) == ["stale"]


@pytest.mark.parametrize("base", [OLD, STILL], ids=["old", "still"])
def test_old_readings_are_high_while_gas_is_on(base: Facts) -> None:
    for changed, high in (({}, True), ({"gas_wanted": False}, True), (IDLE, False)):
        old = found("stale", [but(base, **changed)])
        assert old is not None and old.high is high

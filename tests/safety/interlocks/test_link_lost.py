"""No frame at all for too long, a closed port, a bad line, or a session that another host took."""

from typing import Any

import pytest
from proof_kit import NO, YES, Case, Table, proven
from safety_kit import facts, found, now, says, stands, thawing

from console.model.alarm import Priority
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState


def silent(quiet_ms: float, was_open: bool, lockstep: bool, time_scale: float) -> list[Facts]:
    return now(
        heard_ms=10_000.0 - quiet_ms,
        was_open=was_open,
        lockstep=lockstep,
        time_scale=time_scale,
        device_now_ms=None,
    )


test_link_lost = proven(
    Case(
        "link_lost",
        SafeState.SS1,
        Priority.MEDIUM,
        Latch.OPERATOR,
        limits={"link.lost_ms": 500, "link.lost_lockstep_ms": 10_000},
        happened="Connection to the console lost",
        to_do="Gas goes off within 1 s; if not, close the cylinder valve. Do not move the probe. "
        "Check the cable.",
        alone=now(port_open=False),
        tables=(
            Table(
                "silence",
                silent,
                {
                    "quiet_ms": ((500.1, 600.0), (500.0, 499.9, 0.0)),
                    "was_open": YES,
                    "lockstep": NO,
                    "time_scale": ((1.0, 2.0), (0.5,)),
                },
            ),
            Table(
                "in lockstep",
                silent,
                {
                    "quiet_ms": ((10_000.1,), (10_000.0, 501.0)),
                    "was_open": YES,
                    "lockstep": ((True,), ()),
                    "time_scale": ((1.0, 0.5), ()),
                },
            ),
            Table("closed", now, {"port_open": NO, "was_open": YES}),
            Table("bad line", now, {"bad_line": YES, "was_open": YES}),
            Table("session", now, {"session_lost": YES, "was_open": YES}),
        ),
    )
)

IDLE = {"gas_wanted": False, "observation": thawing()}


@pytest.mark.parametrize(
    "alone",
    [
        {"port_open": False},
        {"bad_line": True},
        {"session_lost": True},
        {"heard_ms": None},
        {"heard_ms": 10_000.0 - 501},
    ],
)
def test_each_of_these_alone_loses_the_link(alone: dict[str, Any]) -> None:
    assert stands("link_lost", now(**alone))
    assert not stands("link_lost", now(was_open=False, **alone)), "what never was cannot be lost"


@pytest.mark.parametrize(
    ("scale", "silent_ms", "is_lost"),
    [
        (0.5, 1_000, False),
        (0.5, 1_001, True),
        (1.5, 500, False),
        (10.0, 501, True),
        (0.0, 500, False),
        (0.0, 501, True),
    ],
)
def test_slow_device_time_has_slow_telemetry(scale: float, silent_ms: int, is_lost: bool) -> None:
    moment = now(time_scale=scale, heard_ms=10_000.0 - silent_ms)
    assert stands("link_lost", moment) is is_lost


def test_a_link_being_opened_again_is_lost_only_by_silence() -> None:
    assert not stands("link_lost", now(link_open=False, heard_ms=10_000.0 - 500))
    assert stands("link_lost", now(link_open=False, heard_ms=10_000.0 - 501))


@pytest.mark.parametrize(
    ("changed", "high"),
    [
        ({}, True),
        ({"gas_wanted": False}, True),
        ({"observation": thawing()}, True),
        (IDLE, False),
        ({"gas_wanted": False, "observation": None}, False),
    ],
)
def test_it_is_high_while_gas_is_on_as_far_as_is_known(changed: dict[str, Any], high: bool) -> None:
    lost = found("link_lost", now(port_open=False, **changed))
    assert lost is not None and lost.high is high


@pytest.mark.parametrize(
    ("changed", "way"),
    [
        ({}, ""),
        ({"lost_words": "unplugged"}, ": unplugged"),
        ({"lost_words": "unplugged", "bad_line": True}, ": unreadable bytes on the line"),
        ({"session_lost": True, "bad_line": True}, ": another computer has opened it"),
    ],
)
def test_the_words_say_which_way_it_was_lost(changed: dict[str, Any], way: str) -> None:
    said = says("link_lost", now(port_open=False, **changed))
    assert said == f"Connection to the console lost{way}"


def test_gas_is_on_when_it_is_wanted_or_read_back() -> None:
    assert facts().gas_on
    assert facts(gas_wanted=False).gas_on
    assert facts(observation=thawing()).gas_on
    assert not facts(gas_wanted=False, observation=thawing()).gas_on
    assert not facts(gas_wanted=False, observation=None).gas_on

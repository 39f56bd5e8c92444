"""The watches of the link and of this computer: each input alone, each limit at, under and over."""

from typing import Any

import pytest
from safety_kit import AT_MS, LIMITS, but, facts, seen, thawing

from console.safety import watch_link
from console.safety.facts import Facts, Finding

LINK = LIMITS.link
IDLE = {"gas_wanted": False, "observation": thawing()}


def lost(now: Facts) -> Finding | None:
    return watch_link.link_lost(now, LINK)


# --- link lost --------------------------------------------------------------------------------


def test_a_healthy_link_is_not_lost() -> None:
    assert lost(facts()) is None


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
    assert lost(but(facts(), **alone)) is not None
    assert lost(but(facts(), was_open=False, **alone)) is None, "what never was cannot be lost"


@pytest.mark.parametrize(("silent_ms", "is_lost"), [(499, False), (500, False), (501, True)])
def test_silence_counts_beyond_500_ms_of_wall_time(silent_ms: int, is_lost: bool) -> None:
    assert (lost(facts(heard_ms=10_000.0 - silent_ms)) is not None) is is_lost


@pytest.mark.parametrize(("silent_ms", "is_lost"), [(501, False), (10_000, False), (10_001, True)])
def test_in_lockstep_the_device_waits_for_us(silent_ms: int, is_lost: bool) -> None:
    found = lost(facts(now_ms=20_000.0, heard_ms=20_000.0 - silent_ms, lockstep=True))
    assert (found is not None) is is_lost


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
    found = lost(facts(time_scale=scale, heard_ms=10_000.0 - silent_ms))
    assert (found is not None) is is_lost


def test_a_link_being_opened_anew_is_lost_only_by_silence() -> None:
    anew = facts(link_open=False, heard_ms=10_000.0 - 500)
    assert lost(anew) is None
    assert lost(but(anew, heard_ms=10_000.0 - 501)) is not None


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
    found = lost(facts(port_open=False, **changed))
    assert found is not None and found.high is high


def test_the_words_say_which_way_it_was_lost() -> None:
    def words(**changed: Any) -> str:
        found = lost(facts(port_open=False, **changed))
        assert found is not None
        return found.detail

    assert words() == ""
    assert words(lost_words="unplugged") == ": unplugged"
    assert words(lost_words="unplugged", bad_line=True) == ": unreadable bytes on the line"
    assert words(session_lost=True) == ": another computer has opened it"


# --- stale ------------------------------------------------------------------------------------


def stale(now: Facts) -> Finding | None:
    return watch_link.stale(now, LINK)


OLD = facts(device_now_ms=AT_MS + 501.0)
STILL = facts(moved_ms=10_000.0 - 501)


@pytest.mark.parametrize(("age_ms", "is_stale"), [(499, False), (500, False), (501, True)])
def test_readings_are_old_beyond_500_ms_of_device_time(age_ms: int, is_stale: bool) -> None:
    assert (stale(facts(device_now_ms=float(AT_MS + age_ms))) is not None) is is_stale


@pytest.mark.parametrize(("still_ms", "is_stale"), [(499, False), (500, False), (501, True)])
def test_a_clock_stands_still_beyond_500_ms_of_wall_time(still_ms: int, is_stale: bool) -> None:
    found = stale(facts(moved_ms=10_000.0 - still_ms))
    assert (found is not None) is is_stale
    assert found is None or found.detail == ": its clock stands still"


def test_a_slow_clock_does_not_stand_still() -> None:
    assert stale(facts(time_scale=0.5, moved_ms=10_000.0 - 1_000)) is None
    assert stale(facts(time_scale=0.5, moved_ms=10_000.0 - 1_001)) is not None
    assert stale(facts(time_scale=10.0, moved_ms=10_000.0 - 501)) is not None
    assert stale(facts(time_scale=1.5, moved_ms=10_000.0 - 500)) is None, "a fast one neither"


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
def test_each_of_these_alone_rests_the_stale_watch(base: Facts, alone: dict[str, Any]) -> None:
    assert stale(base) is not None
    assert stale(but(base, **alone)) is None


def test_silence_is_a_lost_link_and_not_old_readings_too() -> None:
    silent = facts(device_now_ms=AT_MS + 600.0, heard_ms=10_000.0 - 501, moved_ms=9_000.0)
    assert lost(silent) is not None and stale(silent) is None
    talking = but(silent, heard_ms=10_000.0 - 500)
    assert lost(talking) is None and stale(talking) is not None


@pytest.mark.parametrize("base", [OLD, STILL], ids=["old", "still"])
def test_old_readings_are_high_while_gas_is_on(base: Facts) -> None:
    for changed, high in (({}, True), ({"gas_wanted": False}, True), (IDLE, False)):
        found = stale(but(base, **changed))
        assert found is not None and found.high is high


# --- the screen and this computer -------------------------------------------------------------


@pytest.mark.parametrize(
    ("age_ms", "is_lost"),
    [(None, False), (999.0, False), (1_000.0, False), (1_001.0, True), (float("inf"), True)],
)
def test_the_screen_has_1000_ms_for_a_tick(age_ms: float | None, is_lost: bool) -> None:
    found = watch_link.screen_lost(facts(screen_age_ms=age_ms), LINK)
    assert (found is not None) is is_lost
    assert found is None or found.detail == "1 s"


@pytest.mark.parametrize(("gap_ms", "slept"), [(0, False), (499, False), (500, False), (501, True)])
def test_a_gap_of_more_than_500_ms_is_a_sleep(gap_ms: int, slept: bool) -> None:
    assert (watch_link.host_slept(facts(slept_ms=gap_ms), LINK) is not None) is slept
    assert watch_link.host_slept(facts(slept_ms=gap_ms, lockstep=True), LINK) is None


@pytest.mark.parametrize(
    ("watch", "alone", "row", "detail"),
    [
        (watch_link.command_unanswered, {"unanswered": "start"}, "command_unanswered", "start"),
        (watch_link.restarted, {"restarted": True}, "restarted", ""),
        (watch_link.host_error, {"error": "KeyError"}, "host_error", "KeyError"),
        (watch_link.record_failed, {"record_problem": "full"}, "record_failed", "full"),
    ],
)
def test_each_of_these_is_its_own_row(
    watch: Any, alone: dict[str, Any], row: str, detail: str
) -> None:
    assert watch(facts()) is None
    assert watch(facts(**alone)) == Finding(row, detail)


def test_gas_is_on_when_it_is_wanted_or_read_back() -> None:
    assert facts().gas_on
    assert facts(gas_wanted=False).gas_on
    assert facts(observation=thawing()).gas_on
    assert facts(observation=None).gas_on
    assert not facts(**IDLE).gas_on
    assert not facts(gas_wanted=False, observation=None).gas_on
    assert seen().valve_open


@pytest.mark.parametrize(("scale", "stale_ms"), [(0.5, 500), (1.0, 500), (2.0, 500), (10.0, 2_500)])
def test_a_reading_is_old_by_device_time_and_never_within_a_quarter_second_of_the_wall(
    scale: float, stale_ms: int
) -> None:
    at = but(facts(), device_now_ms=float(AT_MS + stale_ms), time_scale=scale)
    assert watch_link.stale(at, LINK) is None
    assert watch_link.stale(but(at, device_now_ms=AT_MS + stale_ms + 1.0), LINK) is not None


# --- STOP --------------------------------------------------------------------------------------

CUT = {"port_open": False}
SHUT_ALONE = {"observation": thawing(faults=("lease_lost",))}


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ({}, True),
        ({"stop_asked": True}, True),
        (CUT, False),
        (CUT | {"stop_asked": True}, True),
        ({"device_now_ms": AT_MS + 501.0}, False),
        ({"device_now_ms": AT_MS + 501.0, "stop_asked": True}, True),
        (SHUT_ALONE, False),
        (SHUT_ALONE | {"stop_asked": True}, True),
        ({"observation": thawing()}, True),
        ({"observation": thawing(faults=("lease_lost",), valve_open=True)}, True),
    ],
)
def test_a_stop_of_the_hosts_own_into_a_lost_link_is_told_by_the_lost_link(
    moment: dict[str, Any], told: bool
) -> None:
    now = facts(stop_unconfirmed=True, **moment)
    assert (watch_link.stop_unconfirmed(now, LINK) is not None) is told
    assert watch_link.stop_unconfirmed(but(now, stop_unconfirmed=False), LINK) is None

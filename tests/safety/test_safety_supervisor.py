"""The stages of the supervisor: what it remembers, what stands, what trips, what is held."""

import msgspec
import pytest
from safety_kit import AT_MS, PERIOD_MS, at, but, facts, ids, look, seen, shut, thawing

from console.safety import supervisor
from console.safety.interlock import Finding, Found
from console.safety.registry import REGISTRY
from console.safety.signals import Signals
from console.safety.supervisor import WATCHES, Hold, Supervisor, Verdict, restarted

SLOW = {"screen_age_ms": 1_001.0}


def tripping(verdict: Verdict) -> list[str]:
    return [each.id for each in verdict.trips]


def test_a_healthy_moment_finds_nothing() -> None:
    assert look([facts()])[1] == Verdict()


def test_every_watch_of_the_registry_is_asked_in_its_order() -> None:
    assert [each.id for each, _ in WATCHES] == [each.id for each in REGISTRY if each.watch]
    assert len(Supervisor().memories) == len(WATCHES)


# --- trips -------------------------------------------------------------------------------------


def test_it_trips_when_found_and_while_gas_flows_unless_a_stop_is_under_way() -> None:
    state, verdict = look([at(0, **SLOW)])
    assert tripping(verdict) == ["screen_lost"]
    _, verdict = look([at(50, **SLOW)], state=state)
    assert ids(verdict) == tripping(verdict) == ["screen_lost"], "gas may still flow"
    _, verdict = look([at(50, stopping=True, **SLOW)], state=state)
    assert ids(verdict) == ["screen_lost"] and verdict.trips == ()
    _, verdict = look([at(0, stopping=True, **SLOW)])
    assert verdict.trips == ()


def test_with_nothing_on_it_trips_once() -> None:
    state, verdict = look([shut(0, **SLOW)])
    assert tripping(verdict) == ["screen_lost"]
    state, verdict = look([shut(50, **SLOW)], state=state)
    assert ids(verdict) == ["screen_lost"] and verdict.trips == ()
    state, verdict = look([shut(100)], state=state)
    assert ids(verdict) == [] and verdict.trips == ()
    _, verdict = look([shut(150, **SLOW)], state=state)
    assert tripping(verdict) == ["screen_lost"], "found again"


@pytest.mark.parametrize("flows", [{"gas_wanted": True}, {"seen_valve_open": True}])
def test_gas_that_flows_while_a_condition_goes_on_is_stopped_again(flows: dict[str, bool]) -> None:
    moment = {**SLOW, **flows, "seen_local_start": True}
    state, _ = look([shut(0, **moment)])
    assert "screen_lost" in tripping(look([shut(50, **moment)], state=state)[1])
    waiting = look([shut(50, **moment, stopping=True)], state=state)[1]
    assert tripping(waiting) == [], "a STOP is under way"


def test_another_trips_while_the_first_stands() -> None:
    state, _ = look([shut(0, **SLOW)])
    _, verdict = look([shut(50, error="KeyError", **SLOW)], state=state)
    assert ids(verdict) == ["screen_lost", "host_error"]
    assert tripping(verdict) == ["host_error"]


def test_a_trip_does_not_ask_what_stands_for_it() -> None:
    warned = but(at(0), seen_supply_kpa=3_000.0, seen_faults=("lease_lost", "supply_low"))
    _, verdict = look([but(warned, **SLOW)])
    assert set(tripping(verdict)) == {"screen_lost", "lease_lost", "supply_low"}


# --- the device's word ---------------------------------------------------------------------------


def test_faults_count_only_from_an_open_link_and_known_ones_only() -> None:
    one = facts(observation=seen(faults=("leak",)))
    assert ids(look([one])[1]) == ["leak"]
    assert ids(look([but(one, link_open=False)])[1]) == []
    assert ids(look([but(one, observation=None)])[1]) == []
    assert ids(look([but(one, seen_faults=("unknown_fault_30",))])[1]) == []
    several = but(one, seen_faults=("siphon", "x", "leak"))
    assert set(ids(look([several])[1])) == {"siphon", "leak"}


def test_what_host_and_device_see_is_one_finding_that_stands_by_the_devices_word() -> None:
    bit = {"seen_faults": ("over_cool",)}
    cold = [at(t, seen_tip_celsius=-81.0, **bit) for t in range(0, 1_001, PERIOD_MS)]
    state, verdict = look(cold)
    both = Finding("over_cool", Found("tip", {"tip": -81.0}), by_device=True)
    assert verdict.findings == (both,)
    _, verdict = look([at(1_050, **bit)], state=state)
    assert verdict.findings == (Finding("over_cool", by_device=True),), "and nothing is held"


def test_the_devices_word_is_not_held_here() -> None:
    state, _ = look([at(0, seen_faults=("leak",))])
    assert state.holds == () and look([at(50)], state=state)[1] == Verdict()


# --- held until clear ----------------------------------------------------------------------------


def test_what_was_found_is_held_until_it_was_clear_for_10_s() -> None:
    state, _ = look([at(0, **SLOW)])
    held = Finding("screen_lost", held=True)
    state, verdict = look([at(50)], state=state)
    assert verdict == Verdict((held,)) and state.holds == (Hold("screen_lost", 10_050.0),)
    assert look([at(10_049)], state=state)[1].findings == (held,)
    assert look([at(10_050)], state=state)[1].findings == ()
    state, _ = look([at(9_000, **SLOW), at(9_050)], state=state)
    assert look([at(19_049)], state=state)[1].findings == (held,), "each time from the start"


def test_in_lockstep_the_devices_time_counts() -> None:
    usual = {"lockstep": True, "now_ms": 10_000.0}
    state, _ = look([at(0, **SLOW, **usual), at(50, **usual)])
    assert look([at(10_049, **usual)], state=state)[1].findings != ()
    assert look([at(10_050, **usual)], state=state)[1].findings == ()


def test_where_it_is_not_judged_any_more_it_ends_at_once() -> None:
    warm = [at(t, seen_tip_celsius=-60.0, at_target=True) for t in range(0, 10_051, PERIOD_MS)]
    state, _ = look(warm)
    held = (Finding("target_missed", held=True),)
    assert look([at(10_100, at_target=True)], state=state)[1].findings == held
    assert look([shut(10_100)], state=state)[1].findings == ()


# --- memory ------------------------------------------------------------------------------------


def test_only_a_new_observation_is_remembered() -> None:
    state, _ = look([at(0)])
    again, _ = look([but(at(50), new=False)], state=state)
    assert (again.signals, again.memories) == (state.signals, state.memories)
    blind, _ = look([at(50, observation=None)], state=state)
    assert (blind.signals, blind.memories) == (state.signals, state.memories)


def test_the_signals_of_a_freeze_and_its_end() -> None:
    state, _ = look([at(0, seen_tip_celsius=36.0), at(50, at_target=True)])
    began = AT_MS - 30_000
    assert state.signals == Signals(
        began, False, 36.0, True, True, None, True, None, None, (36.0, -70.0)
    )
    state, _ = look([shut(100, freeze_started_ms=began), at(150), at(200)], state=state)
    assert state.signals.tips == (-70.0, -70.0, -70.0) and state.signals.shut_ms is None
    assert state.signals.switched_ms == AT_MS + 150
    state, _ = look([shut(250, seen_tip_celsius=-60.0), shut(300)], state=state)
    assert (state.signals.shut_ms, state.signals.shut_tip_celsius) == (AT_MS + 250, -60.0)
    assert not state.signals.reached, "it was of the freeze before"


def test_another_boot_forgets_all_times_and_nothing_that_stands() -> None:
    open_, closed = at(0, error="x"), shut(50, seen_tip_celsius=-60.0, error="x")
    state, _ = look([open_, closed])
    assert state.signals.shut_ms is not None
    after = restarted(state)
    assert after.signals == Signals(valve_was_open=True)
    assert after.memories == supervisor.Supervisor().memories
    assert after.raw == state.raw and "host_error" in after.raw
    assert after.holds == (Hold("host_error"),)
    cleared, _ = look([at(100)], state=after)
    assert restarted(cleared).holds == (Hold("host_error"),), "clear since no time that is known"
    assert restarted(Supervisor()) == Supervisor(), "nothing was watched"


@pytest.mark.parametrize("seen_shut", [False, True])
def test_after_another_boot_the_valve_is_watched_by_the_new_clock(seen_shut: bool) -> None:
    """Kept with the old clock's times, flow would go unseen until the new clock caught up."""
    state, _ = look([facts(observation=seen(at_ms=900_000))])
    if seen_shut:
        state, _ = look([facts(observation=thawing(at_ms=900_050), gas_wanted=False)], state=state)
    state = restarted(state)
    verdict = Verdict()
    for ms in range(100, 2_650, 50):
        assert "flow_when_shut" not in ids(verdict)
        each = thawing(at_ms=ms, flow_mg_s=90.0)
        moment = facts(observation=each, gas_wanted=False, device_now_ms=float(ms))
        moment = msgspec.structs.replace(moment, freeze_started_ms=None)
        state, verdict = look([moment], state=state)
    assert "flow_when_shut" in ids(verdict)


def test_without_a_clock_nothing_has_been_clear_for_long_enough() -> None:
    usual = {"lockstep": True}
    state, _ = look([at(0, **SLOW, **usual), at(50, **usual)])
    for host_ms in (20_000.0, 40_000.0):
        later = {"now_ms": host_ms, "heard_ms": host_ms, "new": False}
        blind = at(100, **usual, device_now_ms=None, **later)
        state, verdict = look([blind], state=state)
        assert verdict.findings == (Finding("screen_lost", held=True),)


def test_a_stop_that_is_confirmed_is_no_alarm_any_more() -> None:
    waits = {"stop_unconfirmed": True, "stop_asked": True, "stopping": True}
    state, verdict = look([shut(0, **waits)])
    assert ids(verdict) == ["stop_unconfirmed"]
    assert look([shut(50)], state=state)[1].findings == ()

"""All watches on one moment: what stands, what trips, and that each trips once."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safety_kit import AT_MS, LIMITS, PERIOD_MS, but, facts, seen, thawing

from console.model.device import Gas
from console.model.observation import Observation
from console.safety.facts import Facts, Finding
from console.safety.rows import BY_ID, EXPLAINED_BY, ROWS, SafeState
from console.safety.supervisor import Supervisor, Verdict, restarted, step
from console.safety.watch_freeze import FreezeMemory
from console.safety.watch_shut import ShutMemory


def look(state: Supervisor, now: Facts) -> tuple[Supervisor, Verdict]:
    return step(state, now, LIMITS)


def rows(verdict: Verdict) -> list[str]:
    return [finding.row for finding in verdict.findings]


def test_a_healthy_moment_finds_nothing() -> None:
    assert look(Supervisor(), facts()) == (
        look(Supervisor(), facts())[0],
        Verdict(),
    )


# --- trips -------------------------------------------------------------------------------------


def test_it_trips_when_found_and_not_while_it_stands() -> None:
    state, verdict = look(Supervisor(), facts(screen_age_ms=1_001.0))
    assert verdict.trip == Finding("screen_lost", "1 s")
    state, verdict = look(state, facts(screen_age_ms=1_100.0))
    assert rows(verdict) == ["screen_lost"] and verdict.trip is None
    state, verdict = look(state, facts(screen_age_ms=10.0))
    assert verdict == Verdict()
    state, verdict = look(state, facts(screen_age_ms=1_001.0))
    assert verdict.trip is not None, "found again"


def test_another_row_trips_while_the_first_stands() -> None:
    state, _ = look(Supervisor(), facts(screen_age_ms=1_001.0))
    _, verdict = look(state, facts(screen_age_ms=1_100.0, error="KeyError"))
    assert set(rows(verdict)) == {"screen_lost", "host_error"}
    assert verdict.trip == Finding("host_error", "KeyError")


@pytest.mark.parametrize("fault", [row.id for row in ROWS if "device" in row.detectors])
def test_a_fault_of_the_device_trips_as_its_row_says(fault: str) -> None:
    now = facts(observation=seen(faults=(fault,)))
    _, verdict = look(Supervisor(), now)
    assert verdict.findings == (Finding(fault, from_device=True),)
    assert (verdict.trip is not None) is (BY_ID[fault].state is SafeState.SS1)


def test_faults_count_only_from_an_open_link_and_known_ones_only() -> None:
    now = facts(observation=seen(faults=("leak",)))
    assert rows(look(Supervisor(), now)[1]) == ["leak"]
    assert rows(look(Supervisor(), but(now, link_open=False))[1]) == []
    assert rows(look(Supervisor(), but(now, observation=None))[1]) == []
    assert rows(look(Supervisor(), but(now, seen_faults=("unknown_fault_30",)))[1]) == []
    assert set(rows(look(Supervisor(), but(now, seen_faults=("siphon", "x", "leak")))[1])) == {
        "siphon",
        "leak",
    }


def test_what_host_and_device_see_is_one_finding_that_stands_by_the_devices_word() -> None:
    state, verdict = Supervisor(), Verdict()
    for t in range(0, 1_001, PERIOD_MS):
        cold = seen(at_ms=AT_MS + t, tip_celsius=-81.0, faults=("over_cool",))
        moment = facts(observation=cold, device_now_ms=float(AT_MS + t))
        state, verdict = look(state, moment)
    assert verdict.findings == (Finding("over_cool", ": −81.0 °C", from_device=True),)
    warm = seen(at_ms=AT_MS + 1_050, faults=("over_cool",))
    state, verdict = look(state, facts(observation=warm, device_now_ms=float(AT_MS + 1_050)))
    assert verdict.findings == (Finding("over_cool", from_device=True),)
    assert verdict.trip is None


PAIRS = [(row, other) for row, others in EXPLAINED_BY.items() for other in others]


@pytest.mark.parametrize(("row", "other"), PAIRS)
def test_what_another_explains_is_not_found_beside_it(row: str, other: str) -> None:
    alone = {
        "link_lost": {"bad_line": True},
        "screen_lost": {"screen_age_ms": 1_001.0},
        "host_slept": {"slept_ms": 501.0},
        "stale": {"moved_ms": 9_000.0},
        "host_error": {"error": "x"},
    }
    faults = tuple({row} & set(BY_ID) | ({other} - set(alone)))
    usual: dict[str, Any] = {"observation": thawing(faults=faults, supply_kpa=4_000.0)}
    if row != "supply_warn":
        usual["observation"] = thawing(faults=faults)
    _, verdict = look(Supervisor(), facts(**(usual | alone.get(other, {}))))
    assert rows(verdict) == [other]


def test_what_the_console_does_about_a_lost_stop_is_told_when_that_is_over() -> None:
    shut = facts(observation=thawing(faults=("lease_lost",)), stop_asked=True)
    lost = but(shut, stop_unconfirmed=True)
    state = Supervisor()
    for _ in range(2):
        state, verdict = look(state, lost)
        assert rows(verdict) == ["stop_unconfirmed"]
    state, verdict = look(state, shut)
    assert rows(verdict) == ["lease_lost"]
    for _ in range(2):
        state, verdict = look(state, lost)
        assert set(rows(verdict)) == {"stop_unconfirmed", "lease_lost"}, "told before, told on"


# --- supply ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gas", "low"), [(Gas.N2O, 4_100.0), (Gas.CO2, 4_500.0)])
def test_the_supply_warns_below_its_start_limit(gas: Gas, low: float) -> None:
    def found(kpa: float | None, **changed: Any) -> tuple[Finding, ...]:
        now = facts(gas=gas, observation=seen(supply_kpa=kpa))
        return look(Supervisor(), but(now, **changed))[1].findings

    assert found(low) == () and found(low + 1) == () and found(None) == ()
    assert found(low - 1) == (Finding("supply_warn", f"{(low - 1) / 100:.1f} bar"),)
    assert found(low - 1, gas=None) == () and found(low - 1, observation=None) == ()


@given(
    kpa=st.none() | st.floats(0.0, 8_000.0),
    gas=st.sampled_from([None, *Gas]),
    wanted=st.booleans(),
    valve=st.booleans(),
    tip=st.none() | st.floats(-100.0, 40.0),
    error=st.sampled_from(["", "x"]),
)
def test_a_change_of_cylinder_rests_one_row_alone_and_never_with_the_gas_on(
    kpa: float | None, gas: Gas | None, wanted: bool, valve: bool, tip: float | None, error: str
) -> None:
    one = seen(supply_kpa=kpa, valve_open=valve, tip_celsius=tip)
    now = facts(observation=one, gas=gas, gas_wanted=wanted, error=error)
    judged = look(Supervisor(), now)[1]
    changing = look(Supervisor(), but(now, cylinder_changing=True))[1]
    if wanted or valve:
        assert changing == judged
    else:
        assert set(rows(judged)) - set(rows(changing)) <= {"supply_warn"}
        assert "supply_warn" not in rows(changing)
        assert changing.trip == judged.trip


# --- memory ------------------------------------------------------------------------------------


def test_only_a_new_observation_is_remembered() -> None:
    cold = facts(observation=seen(tip_celsius=-90.0))
    state, verdict = look(Supervisor(), cold)
    for _ in range(5):
        state, verdict = look(state, but(cold, new=False))
    assert "cooled_past_limit" not in rows(verdict), "one frame looked at six times is one frame"
    _, verdict = look(state, but(cold, seen_at_ms=AT_MS + 50))
    assert "cooled_past_limit" in rows(verdict)


def test_another_boot_forgets_all_times_and_nothing_that_stands() -> None:
    def shut(at: int) -> Observation:
        return thawing(at_ms=at, tip_celsius=-60.0, flow_mg_s=90.0)

    state, _ = look(Supervisor(), facts(error="x"))
    for at in (AT_MS, AT_MS + 50, AT_MS + 100):
        opened = seen(at_ms=at) if at == AT_MS else shut(at)
        state, _ = look(state, facts(observation=opened, error="x"))
    assert state.shut.shut_ms is not None and state.freeze.started_ms is not None
    anew = restarted(state)
    assert anew.freeze == FreezeMemory() and anew.shut == ShutMemory(was_open=True)
    assert anew.standing == state.standing and "host_error" in anew.standing
    assert restarted(Supervisor()) == Supervisor(), "nothing was watched"


@pytest.mark.parametrize("seen_shut", [False, True])
def test_after_another_boot_the_valve_is_watched_by_the_new_clock(seen_shut: bool) -> None:
    """Kept with the old clock's times, flow would go unseen until the new clock caught up."""
    state, _ = look(Supervisor(), facts(observation=seen(at_ms=900_000)))
    if seen_shut:
        state, _ = look(state, facts(observation=thawing(at_ms=900_050), gas_wanted=False))
    state = restarted(state)
    verdict = Verdict()
    for at in range(100, 2_650, 50):
        assert "flow_when_shut" not in rows(verdict)
        each = thawing(at_ms=at, flow_mg_s=90.0)
        now = facts(observation=each, gas_wanted=False, device_now_ms=float(at))
        state, verdict = look(state, msgspec.structs.replace(now, freeze_started_ms=None))
    assert "flow_when_shut" in rows(verdict)

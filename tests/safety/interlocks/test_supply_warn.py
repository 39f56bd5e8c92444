"""The supply's pressure is under what a freeze may start with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from proof_kit import NO, YES, Case, Table, proven
from safety_kit import at, but, facts, ids, lasting, look, now, seen, stands

from console.model.alarm import Priority
from console.model.device import Gas
from console.safety.interlock import Latch, SafeState

test_supply_warn = proven(
    Case(
        "supply_warn",
        SafeState.NONE,
        Priority.LOW,
        Latch.NO,
        limits={
            "n2o.supply_start_kpa.low": 4_100.0,
            "co2.supply_start_kpa.low": 4_500.0,
            "n2o.supply_start_kpa.high": 6_600.0,
            "co2.supply_start_kpa.high": 7_000.0,
            "supply.clears_above_kpa": 50.0,
        },
        happened="Supply pressure is low: 40.9 bar",
        to_do="Freezing goes on. Cylinder cold or nearly empty: warm or change it at the thaw.",
        alone=now(seen_supply_kpa=4_086.0),
        tables=(
            Table(
                "N2O",
                now,
                {
                    "seen_supply_kpa": ((4_099.9,), (4_100.0, 4_100.1, None)),
                    "gas": ((Gas.N2O, Gas.CO2), (None,)),
                },
            ),
            Table(
                "CO2",
                now,
                {
                    "seen_supply_kpa": ((4_499.9,), (4_500.0, 4_500.1)),
                    "gas": ((Gas.CO2,), (Gas.N2O,)),
                },
            ),
            Table(
                "no change of cylinder",
                now,
                {
                    "seen_supply_kpa": ((4_099.9,), (4_100.0,)),
                    "cylinder_changing": NO,
                    "gas_wanted": ((False,), ()),
                    "seen_valve_open": ((False,), ()),
                },
            ),
            Table(
                "changed, gas wanted",
                now,
                {
                    "seen_supply_kpa": ((4_099.9,), (4_100.0,)),
                    "cylinder_changing": ((True, False), ()),
                    "gas_wanted": YES,
                    "seen_valve_open": ((False,), ()),
                },
            ),
            Table(
                "changed, valve open",
                now,
                {
                    "seen_supply_kpa": ((4_099.9,), (4_100.0,)),
                    "cylinder_changing": ((True, False), ()),
                    "gas_wanted": ((False,), ()),
                    "seen_valve_open": YES,
                },
            ),
        ),
        within={
            "supply.clears_above_kpa": "below: how long it goes on",
            "n2o.supply_start_kpa.high": "the light: tests/safety/test_safety_readiness.py",
            "co2.supply_start_kpa.high": "the light: tests/safety/test_safety_readiness.py",
        },
    )
)


def test_without_a_reading_nothing_is_found() -> None:
    assert not stands("supply_warn", now(observation=None))


@pytest.mark.hazard("supply_warn", "limit")
@pytest.mark.parametrize(("kpa", "goes_on"), [(4_149.9, True), (4_150.0, False), (None, False)])
def test_it_goes_on_until_it_is_half_a_bar_above(kpa: float | None, goes_on: bool) -> None:
    low, after = at(0, seen_supply_kpa=4_099.0), lasting(10_000, since_ms=50, seen_supply_kpa=kpa)
    _, verdict = look([low, *after])
    assert "supply_warn" not in ids(verdict)
    assert ("supply_warn" in {each.id for each in verdict.findings}) is goes_on


@given(
    kpa=st.none() | st.floats(0.0, 8_000.0),
    gas=st.sampled_from([None, *Gas]),
    wanted=st.booleans(),
    valve=st.booleans(),
    tip=st.none() | st.floats(-100.0, 40.0),
    error=st.sampled_from(["", "x"]),
)
def test_a_change_of_cylinder_rests_one_interlock_alone_and_never_with_the_gas_on(
    kpa: float | None, gas: Gas | None, wanted: bool, valve: bool, tip: float | None, error: str
) -> None:
    reading = seen(supply_kpa=kpa, valve_open=valve, tip_celsius=tip)
    usual = facts(observation=reading, gas=gas, gas_wanted=wanted, error=error)
    judged = look([usual])[1]
    changing = look([but(usual, cylinder_changing=True)])[1]
    if wanted or valve:
        assert changing == judged
    else:
        assert set(ids(judged)) - set(ids(changing)) <= {"supply_warn"}
        assert "supply_warn" not in ids(changing)
        assert changing.trips == judged.trips

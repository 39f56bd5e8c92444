"""The table of hazards is whole, and says what was agreed for each."""

import re
import string
from typing import Final

import msgspec
import pytest
from safety_kit import AT_MS, LIMITS, facts, seen, thawing

from console.model.alarm import Priority
from console.safety import (
    watch_freeze,
    watch_link,
    watch_model,
    watch_probe,
    watch_sensor,
    watch_shut,
    watch_supply,
)
from console.safety.hazards import BY_REFUSAL, ELSEWHERE
from console.safety.limits import Limits
from console.safety.rows import BY_ID, EXPLAINED_BY, ROWS, Latch, Row, SafeState
from console.safety.supervisor import Supervisor
from console.safety.supervisor import step as supervise
from console.safety.watch_model import ModelMemory
from drivers.link.codes import Fault

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
SS1, SS2, SS3, ON = SafeState.SS1, SafeState.SS2, SafeState.SS3, SafeState.NONE
HELD = SafeState.HELD
NO, YES, PLUS = Latch.NO, Latch.OPERATOR, Latch.ENGINEER

AGREED: Final = {
    # STOP, commands and the link
    "stop": (SS1, None, NO),
    "stop_unconfirmed": (SS1, HIGH, NO),
    "command_unanswered": (SS1, HIGH, YES),
    "link_lost": (SS1, MEDIUM, YES),  # high if freezing
    "stale": (SS1, MEDIUM, YES),  # medium to high
    "lease_lost": (SS1, HIGH, YES),
    "screen_lost": (SS1, HIGH, YES),
    "host_slept": (SS1, MEDIUM, YES),
    "host_error": (SS1, HIGH, YES),
    "restarted": (SS1, HIGH, YES),
    "unexpected_freeze": (SS1, HIGH, PLUS),
    "record_failed": (SS2, MEDIUM, NO),
    "control_lost": (SS1, HIGH, NO),
    "second_application": (SS2, None, NO),
    "console_unfit": (SS2, None, NO),
    # cold
    "over_cool": (SS1, MEDIUM, YES),
    "cooled_past_limit": (SS1, HIGH, YES),
    "fails_to_cool": (SS1, MEDIUM, YES),
    "freeze_too_long": (SS1, MEDIUM, YES),
    "flow_when_shut": (SS1, HIGH, PLUS),
    "target_missed": (ON, MEDIUM, NO),
    "release_early": (HELD, None, NO),
    "tip_unknown": (HELD, MEDIUM, NO),
    "temperature_impossible": (SS1, MEDIUM, YES),
    "thermocouple_open": (SS1, MEDIUM, YES),
    "thermocouple_short": (SS1, MEDIUM, YES),
    "over_warm": (SS1, MEDIUM, YES),
    "thermocouple_stuck": (SS1, MEDIUM, YES),
    # gas
    "thermocouple_drift": (SS2, MEDIUM, PLUS),
    "model_residual": (ON, LOW, NO),
    "supply_warn": (ON, LOW, NO),
    "supply_unknown": (SS2, LOW, NO),  # a running freeze goes on
    "supply_low": (SS1, LOW, NO),  # clears when idle
    "supply_high": (SS1, MEDIUM, NO),
    "supply_extreme": (SS1, HIGH, PLUS),
    "exhaust_blocked": (SS1, HIGH, YES),
    "orifice_blocked": (SS1, MEDIUM, YES),
    "leak": (SS1, HIGH, PLUS),
    "siphon": (SS1, HIGH, PLUS),
    # probe, stimulator, power
    "probe_missing": (SS1, MEDIUM, YES),
    "probe_changed": (SS1, MEDIUM, YES),
    "probe_unusable": (SS2, LOW, NO),
    "probe_moved": (ON, LOW, NO),
    "wrong_site": (SS2, None, NO),
    "both_on": (SS1, HIGH, PLUS),
    "stimulator_open_lead": (SS3, LOW, NO),
    "stimulator_over_current": (SS3, HIGH, PLUS),
    "stimulator_step": (SS3, MEDIUM, NO),
    "brown_out": (SS1, MEDIUM, YES),
    "watchdog": (SS1, HIGH, YES),
}
"""Reaction, priority and latch of each row, as the safety design has them."""

BY_WATCH: Final = {
    "link_lost": watch_link.link_lost,
    "stale": watch_link.stale,
    "screen_lost": watch_link.screen_lost,
    "host_slept": watch_link.host_slept,
    "stop_unconfirmed": watch_link.stop_unconfirmed,
    "command_unanswered": watch_link.command_unanswered,
    "restarted": watch_link.restarted,
    "host_error": watch_link.host_error,
    "record_failed": watch_link.record_failed,
    "over_cool": watch_freeze.over_cool,
    "cooled_past_limit": watch_freeze.cooled_past_limit,
    "fails_to_cool": watch_freeze.fails_to_cool,
    "freeze_too_long": watch_freeze.freeze_too_long,
    "unexpected_freeze": watch_freeze.unexpected_freeze,
    "target_missed": watch_freeze.target_missed,
    "temperature_impossible": watch_sensor.temperature_impossible,
    "thermocouple_stuck": watch_sensor.thermocouple_stuck,
    "orifice_blocked": watch_sensor.orifice_blocked,
    "model_residual": watch_model.model_residual,
    "both_on": watch_freeze.both_on,
    "flow_when_shut": watch_shut.flow_when_shut,
    "tip_unknown": watch_shut.tip_unknown,
    "supply_warn": watch_supply.supply_warn,
    "supply_unknown": watch_supply.supply_unknown,
    "probe_unusable": watch_probe.probe_unusable,
    "probe_moved": watch_probe.probe_moved,
    "thermocouple_drift": watch_probe.thermocouple_drift,
}


def test_every_row_is_there_once_and_as_agreed() -> None:
    ids = [row.id for row in ROWS]
    assert len(ids) == len(set(ids))
    assert {row.id: (row.state, row.priority, row.latch) for row in ROWS} == AGREED
    assert {row.id: row for row in ROWS} == BY_ID


def test_a_row_that_the_device_detects_is_a_fault_bit_and_the_other_way_round() -> None:
    bits = {(fault.name or "").lower() for fault in Fault}
    assert {row.id for row in ROWS if "device" in row.detectors} - BY_REFUSAL == bits


def test_a_row_that_the_host_detects_has_a_watch() -> None:
    by_host = {row.id for row in ROWS if "host" in row.detectors}
    assert by_host - ELSEWHERE == set(BY_WATCH)
    for row, watch in BY_WATCH.items():
        assert watch.__name__ == row


def test_every_row_is_detected_by_someone_known() -> None:
    for row in ROWS:
        assert row.detectors and set(row.detectors) <= {"device", "host"}


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_the_words_are_whole_whatever_the_detail(row: Row) -> None:
    fields = [name for _, name, _, _ in string.Formatter().parse(row.happened) if name is not None]
    assert set(fields) <= {"detail"}
    assert "{" not in row.to_do and "}" not in row.to_do
    for detail in ("", ": 12 s", "{detail}", "{0} {x!r}", "50 % {"):
        said = row.happened.format(detail=detail)
        assert said.startswith(row.happened.split("{", maxsplit=1)[0])
        assert detail in said or not fields
    for text in (row.hazard, row.happened, row.to_do):
        assert text == text.strip() and text and "  " not in text
    assert row.happened[0].isupper() and not row.happened.endswith(".")
    assert row.to_do[0].isupper() and row.to_do.endswith(".")


@pytest.mark.parametrize("row", [row for row in ROWS if row.state is SS1], ids=lambda row: row.id)
def test_what_trips_says_what_became_of_the_gas(row: Row) -> None:
    said = row.happened + " " + row.to_do
    assert re.search(r"[Gg]as|cylinder|Both are off|(?i:stop was sent)|were switched off", said)


@pytest.mark.parametrize(
    "row",
    [row.id for row in ROWS if row.latch is PLUS and row.state is SS1 and row.id != "both_on"],
)
def test_gas_that_may_go_on_has_the_cylinder_closed(row: str) -> None:
    assert "Close the cylinder valve now" in BY_ID[row].to_do


@pytest.mark.parametrize("row", ["stop_unconfirmed", "command_unanswered", "link_lost"])
def test_gas_that_may_still_flow_is_named(row: str) -> None:
    assert "lose the cylinder valve" in BY_ID[row].to_do


def test_what_explains_and_what_is_explained_are_rows() -> None:
    for row, others in EXPLAINED_BY.items():
        assert row in BY_ID and others and set(others) <= set(BY_ID)
        assert row not in others
        for other in others:
            assert set(EXPLAINED_BY.get(other, ())) <= set(others), "one step is enough"
        for other in others:
            # Whoever sees only the other one loses nothing of urgency or reaction.
            assert BY_ID[row].state in (BY_ID[other].state, ON, HELD)
            assert [*Latch].index(BY_ID[row].latch) <= [*Latch].index(BY_ID[other].latch)


# --- limits ------------------------------------------------------------------------------------


def test_the_limits_as_agreed() -> None:
    assert msgspec.to_builtins(LIMITS) == {
        "link": {
            "lost_ms": 500.0,
            "lost_lockstep_ms": 10_000.0,
            "grey_ms": 250.0,
            "stale_ms": 500.0,
            "stale_wall_ms": 250.0,
            "screen_lost_ms": 1_000.0,
            "slept_ms": 500.0,
            "unexpected_grace_ms": 1_500.0,
        },
        "freeze": {
            "over_cool_below_target_celsius": 10.0,
            "over_cool_ms": 1_000,
            "absolute_ms": 300_000,
            "overrun_ms": 2_000,
            "cool_watch_above_target_celsius": 10.0,
            "cool_started_above_celsius": -10.0,
            "cool_fall_celsius": 10.0,
            "cool_fall_ms": 15_000,
            "cool_late_above_target_celsius": 20.0,
            "cool_late_ms": 45_000,
            "reach_ms": 60_000,
            "held_above_target_celsius": 5.0,
            "held_ms": 10_000,
        },
        "sensor": {
            "jump_celsius": 30.0,
            "stuck_celsius": 0.1,
            "stuck_ms": 4_000,
            "stuck_begins_ms": 3_000,
        },
        "flow": {"blocked_share": 0.3, "blocked_ms": 4_000, "least_valve_percent": 10},
        "model": {
            "residual_celsius": 15.0,
            "residual_ms": 5_000,
            "mean_ms": 5_000,
            "settle_ms": 10_000,
        },
        "shut": {
            "settle_ms": 2_000,
            "freezing_flow_mg_s": 300.0,
            "flow_share": 0.1,
            "flow_ms": 500,
            "cold_celsius": -40.0,
            "rise_celsius": 10.0,
            "rise_ms": 5_000,
            "unknown_ms": 300,
        },
        "supply": {"unknown_ms": 1_000},
        "release": {"above_celsius": 10.0, "for_ms": 5_000},
        "n2o": {
            "supply_start_kpa": (4_100.0, 6_600.0),
            "lowest_tip_celsius": -85.0,
            "impossible_celsius": -94.0,
        },
        "co2": {
            "supply_start_kpa": (4_500.0, 7_000.0),
            "lowest_tip_celsius": -80.0,
            "impossible_celsius": -84.0,
        },
    }


def test_a_limit_that_is_missing_or_misspelt_is_refused() -> None:
    whole = msgspec.to_builtins(LIMITS)
    for group in whole:
        for name in whole[group]:
            less = {g: {k: v for k, v in vs.items() if (g, k) != (group, name)}
                    for g, vs in whole.items()}  # fmt: skip
            with pytest.raises(msgspec.ValidationError):
                msgspec.convert(less, Limits)
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(whole | {group: {**whole[group], "extra": 1}}, Limits)


# --- every watch is asked ----------------------------------------------------------------------

ALONE: Final = {
    "link_lost": {"port_open": False},
    "stale": {"device_now_ms": 60_501.0},
    "screen_lost": {"screen_age_ms": 1_001.0},
    "host_slept": {"slept_ms": 501.0},
    "stop_unconfirmed": {"stop_unconfirmed": True},
    "command_unanswered": {"unanswered": "start"},
    "restarted": {"restarted": True},
    "host_error": {"error": "x"},
    "record_failed": {"record_problem": "x"},
    "supply_warn": {"observation": seen(supply_kpa=4_099.0)},
    "supply_unknown": {"observation": seen(supply_kpa=None)},
    "both_on": {"observation": seen(stimulator_on=True)},
    "freeze_too_long": {"freeze_due_ms": 57_999},
    "over_cool": {"observation": seen(tip_celsius=-80.1)},
    "cooled_past_limit": {"observation": seen(tip_celsius=-85.1)},
    "fails_to_cool": {"observation": seen(tip_celsius=20.0), "freeze_started_ms": 10_000},
    "unexpected_freeze": {"gas_wanted": False, "freeze_started_ms": None},
    "flow_when_shut": {
        "observation": thawing(flow_mg_s=100.0),
        "gas_wanted": False,
        "freeze_started_ms": None,
    },
    "tip_unknown": {
        "observation": thawing(tip_celsius=None),
        "gas_wanted": False,
        "thawing": True,
        "freeze_started_ms": None,
    },
    "target_missed": {
        "observation": seen(tip_celsius=-63.0),
        "freeze_started_ms": -1,
        "at_target": False,
    },
    "temperature_impossible": {"observation": seen(tip_celsius=-94.1), "target_celsius": -90.0},
    "thermocouple_stuck": {"observation": thawing(tip_celsius=-70.0, flow_mg_s=0.0)},
    "orifice_blocked": {"observation": seen(flow_mg_s=80.0, valve_percent=100)},
    "probe_unusable": {"probe_problem": "expired"},
    "probe_moved": {"moved_cold": True},
    "thermocouple_drift": {"thermocouple_off": "tip 30 °C, room 22 °C"},
    "model_residual": {"observation": seen(valve_percent=40), "at_target": True},
}
BEFORE: Final = {
    "model_residual": Supervisor(
        model=ModelMemory(
            started_ms=facts().freeze_started_ms,
            held_ms=AT_MS - 10_000,
            load=0.005,
            least_load=0.005,
        )
    )
}


@pytest.mark.parametrize(
    "row", [row.id for row in ROWS if "host" in row.detectors and row.id not in ELSEWHERE]
)
def test_the_supervisor_asks_every_watch(row: str) -> None:
    now = facts(**ALONE[row])
    state, verdict = supervise(BEFORE.get(row, Supervisor()), facts(), LIMITS)
    assert verdict.findings == ()
    for later in range(0, 6_000, 50):
        at = None if now.observation is None else now.observation.at_ms + later
        moment = msgspec.structs.replace(
            now,
            observation=None
            if now.observation is None
            else msgspec.structs.replace(now.observation, at_ms=at),
            device_now_ms=(now.device_now_ms or 0.0) + later,
            freeze_due_ms=None if now.freeze_due_ms is None else now.freeze_due_ms + later,
        )
        state, verdict = supervise(state, moment, LIMITS)
        if verdict.findings:
            break
    assert {f.row for f in verdict.findings} == {row}
    assert (verdict.trip is not None) is (BY_ID[row].state is SS1)

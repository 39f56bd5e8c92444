"""Each device interlock under, at and over its limit; its time; its reaction; its reset."""

from collections.abc import Callable

import msgspec
import pytest
from firmware_bed import (
    Bed,
    cold,
    freezing,
    long_thawed,
    ready,
    stimulating,
    stimulating_half_a_milliampere,
    thawing,
)

from drivers.link.codes import DeviceState, EventCode, Fault, Gas, Quality, Result
from simulator.firmware import ProbeChip
from simulator.firmware.interlocks.row import Latch, Reaction
from simulator.firmware.interlocks.table import ROWS
from simulator.firmware.model import Facts, FreezeRun, Plan

Limit = tuple[str, Callable[[], Bed], dict[str, object], dict[str, object], Fault, int]


STIMULATING = stimulating_half_a_milliampere
OTHER = ProbeChip(serial="ANOTHER")
LIMITS: list[Limit] = [
    # id, state, just inside, just outside, fault, ms that it must last
    ("over-cool", cold, {"tip_celsius": -80.0}, {"tip_celsius": -80.1}, Fault.OVER_COOL, 500),
    ("past-limit", cold, {"tip_celsius": -80.0}, {"tip_celsius": -85.1},
     Fault.COOLED_PAST_LIMIT, 0),
    ("past-limit-idle", ready, {"tip_celsius": -85.0}, {"tip_celsius": -85.1},
     Fault.COOLED_PAST_LIMIT, 0),
    ("impossible", ready, {"tip_celsius": -84.0}, {"tip_celsius": -94.1},
     Fault.TEMPERATURE_IMPOSSIBLE, 20),
    ("exhaust", cold, {"exhaust_kpa": 401.0}, {"exhaust_kpa": 401.1}, Fault.EXHAUST_BLOCKED, 200),
    ("supply-low", cold, {"supply_kpa": 3_800.0}, {"supply_kpa": 3_799.0}, Fault.SUPPLY_LOW, 2_000),
    ("supply-high", cold, {"supply_kpa": 7_200.0}, {"supply_kpa": 7_201.0},
     Fault.SUPPLY_HIGH, 1_000),
    ("supply-extreme", ready, {"supply_kpa": 7_600.0}, {"supply_kpa": 7_601.0},
     Fault.SUPPLY_EXTREME, 100),
    ("flow-shut", long_thawed, {"flow_mg_s": 30.0}, {"flow_mg_s": 30.1}, Fault.FLOW_WHEN_SHUT, 500),
    ("leak", ready, {"flow_mg_s": 30.0}, {"flow_mg_s": 30.1}, Fault.LEAK, 1_000),
    ("siphon", ready, {"hose_celsius": -20.0}, {"hose_celsius": -20.1}, Fault.SIPHON, 2_000),
    ("open", cold, {"tip_quality": Quality.OK},
     {"tip_quality": Quality.OPEN, "tip_celsius": None}, Fault.THERMOCOUPLE_OPEN, 100),
    ("short", cold, {"tip_quality": Quality.OK},
     {"tip_quality": Quality.SHORT, "tip_celsius": None}, Fault.THERMOCOUPLE_SHORT, 100),
    ("over-warm", long_thawed, {"warming": True, "tip_celsius": 45.0},
     {"warming": True, "tip_celsius": 45.1}, Fault.OVER_WARM, 200),
    ("missing", cold, {}, {"probe": None, "tip_quality": Quality.OPEN, "tip_celsius": None},
     Fault.PROBE_MISSING, 100),
    ("changed", cold, {"probe": ProbeChip()}, {"probe": OTHER}, Fault.PROBE_CHANGED, 100),
    ("both-on", cold, {"stimulator_on": False}, {"stimulator_on": True}, Fault.BOTH_ON, 0),
    ("brown-out", cold, {}, {"brown_out": True}, Fault.BROWN_OUT, 0),
    ("open-lead", STIMULATING, {"compliance_pulses": 1}, {"compliance_pulses": 2},
     Fault.STIMULATOR_OPEN_LEAD, 0),
    ("over-current", STIMULATING, {"delivered_ua": 570}, {"delivered_ua": 571},
     Fault.STIMULATOR_OVER_CURRENT, 0),
    ("under-current", STIMULATING, {"delivered_ua": 400}, {"delivered_ua": 399},
     Fault.STIMULATOR_OVER_CURRENT, 0),
]  # fmt: skip


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit[0])
def test_inside_the_limit_nothing_happens(limit: Limit) -> None:
    _, begin, inside, _, fault, hold_ms = limit
    bed = begin()
    if "delivered_ua" in inside:
        bed.firmware.replaced(
            facts=msgspec.structs.replace(bed.firmware.device.facts, delivered=())
        )
    before = bed.state
    bed.hardware.held |= inside
    bed.run(hold_ms + 200)
    assert not bed.faults & fault
    assert bed.state is before


@pytest.mark.parametrize(
    "limit",
    [
        pytest.param(
            limit, id=limit[0], marks=pytest.mark.hazard((limit[4].name or "").lower(), "device")
        )
        for limit in LIMITS
    ],
)
def test_outside_it_trips_when_its_time_is_up(limit: Limit) -> None:
    _, begin, _, outside, fault, hold_ms = limit
    bed = begin()
    bed.hardware.held |= outside
    began = bed.firmware.now_ms
    if hold_ms > 20:
        bed.run(hold_ms - 20)
        assert not bed.faults
    bed.run(60)
    assert fault in bed.faults
    raised = [at for at, bit, _ in bed.events(EventCode.FAULT_RAISED) if 1 << bit == fault]
    assert began + hold_ms <= raised[0] <= began + hold_ms + 40
    assert bed.state is not DeviceState.FREEZING
    assert bed.state is not DeviceState.STIMULATING
    drive = bed.hardware.drive
    assert (drive.valve_duty, drive.exhaust_open, drive.warming) == (0, True, False)
    assert not drive.stimulator_on
    assert len([f for f in Fault if f in bed.faults]) == 1, "one fault is one alarm"


@pytest.mark.parametrize(
    "limit", [limit for limit in LIMITS if limit[-1] >= 100], ids=lambda limit: limit[0]
)
def test_too_short_is_nothing(limit: Limit) -> None:
    _, begin, _, outside, fault, hold_ms = limit
    bed = begin()
    for _ in range(3):
        bed.hardware.held |= outside
        bed.run(hold_ms - 40)
        for name in outside:
            bed.hardware.held.pop(name)
        bed.run(60)
    assert not bed.faults & fault


def row(name: str):  # type: ignore[no-untyped-def]
    return next(row for row in ROWS if row.id == name)


@pytest.mark.hazard("freeze_too_long", "device")
def test_freeze_too_long_is_a_second_past_the_end_or_300_s() -> None:
    predicate = row("D-freeze-too-long").predicate
    device = freezing().firmware.device
    plan = Plan(-70.0, 1, 100_000, 240_000)  # type: ignore[arg-type]
    run = FreezeRun(plan, 1_000, 101_000)
    device = msgspec.structs.replace(device, freeze=run)
    assert predicate(device, 102_000) is None
    assert predicate(device, 102_001) is not None
    device = msgspec.structs.replace(device, freeze=FreezeRun(plan, 1_000, 400_000))
    assert predicate(device, 301_000) is None
    assert predicate(device, 301_001) is not None
    assert predicate(msgspec.structs.replace(device, freeze=None), 999_999) is None


@pytest.mark.parametrize(
    ("elapsed_ms", "started", "tip", "trips"),
    [
        (14_999, 37.0, 36.0, False),
        (15_000, 37.0, 27.1, True),
        (15_000, 37.0, 27.0, False),  # fell by 10
        (15_000, -10.0, -9.0, False),  # began cold: a refreeze
        (15_000, -9.9, -9.0, True),
        (44_999, -20.0, -49.0, False),
        (45_000, -20.0, -49.9, True),
        (45_000, -20.0, -50.0, False),
    ],
)
@pytest.mark.hazard("fails_to_cool", "device")
def test_fails_to_cool(elapsed_ms: int, started: float, tip: float, trips: bool) -> None:
    device = freezing().firmware.device
    run = FreezeRun(Plan(-70.0, 1, 100_000, 240_000), 0, 100_000)  # type: ignore[arg-type]
    device = msgspec.structs.replace(
        device,
        freeze=run,
        facts=Facts(gas_on_ms=0, tip_at_on_celsius=started),
        readings=msgspec.structs.replace(device.readings, tip_celsius=tip),
    )
    assert (row("D-fails-to-cool").predicate(device, elapsed_ms) is not None) is trips


@pytest.mark.parametrize(
    ("after_ms", "at_off", "tip", "trips"),
    [
        (4_999, -70.0, -69.0, False),
        (5_000, -70.0, -60.1, True),
        (5_000, -70.0, -60.0, False),
        (5_000, -40.0, -39.0, False),
        (5_000, -40.1, -39.0, True),
        (5_501, -70.0, -69.0, False),
    ],
)
def test_stays_cold(after_ms: int, at_off: float, tip: float, trips: bool) -> None:
    device = thawing().firmware.device
    device = msgspec.structs.replace(
        device,
        facts=Facts(gas_off_ms=1_000, tip_at_off_celsius=at_off),
        readings=msgspec.structs.replace(device.readings, tip_celsius=tip),
    )
    predicate = row("D-stays-cold").predicate
    assert (predicate(device, 1_000 + after_ms) is not None) is trips
    stuck = msgspec.structs.replace(device, faults=Fault.THERMOCOUPLE_STUCK.value)
    assert predicate(stuck, 1_000 + after_ms) is None


@pytest.mark.parametrize(
    ("tips", "trips"),
    [
        ((-70.0, -40.0, -70.0), True),
        ((-70.0, -40.1, -70.0), False),
        ((-70.0, -40.0, -69.0), False),
        ((-70.0, -40.0, -10.0), False),  # went on, did not come back
        ((-70.0, None, -70.0), False),
        ((-70.0, -40.0), False),
    ],
)
def test_jump_and_back(tips: tuple[float | None, ...], trips: bool) -> None:
    device = msgspec.structs.replace(ready().firmware.device, facts=Facts(tips=tips))
    assert (row("D-jump").predicate(device, 0) is not None) is trips


@pytest.mark.parametrize(
    ("flow", "duty", "supply", "valve", "trips"),
    [
        (89.9, 1.0, 5_000.0, True, True),
        (90.1, 1.0, 5_000.0, True, False),
        (89.9, 1.0, 3_799.0, True, False),  # the supply's own row
        (89.9, 1.0, 5_000.0, False, False),  # the valve did not open
        (0.0, 0.09, 5_000.0, True, False),
        (2.9, 0.1, 5_000.0, True, True),
        (None, 1.0, 5_000.0, True, False),
        (0.0, 1.0, None, True, False),
    ],
)
@pytest.mark.hazard("orifice_blocked", "device")
def test_orifice_blocked(
    flow: float | None, duty: float, supply: float | None, valve: bool, trips: bool
) -> None:
    device = freezing().firmware.device
    readings = msgspec.structs.replace(
        device.readings, flow_mg_s=flow, supply_kpa=supply, valve_open=valve
    )
    device = msgspec.structs.replace(device, readings=readings, facts=Facts(duty_mean=duty))
    assert (row("D-orifice-blocked").predicate(device, 0) is not None) is trips


@pytest.mark.parametrize(
    ("flow", "duty", "hose", "trips"),
    [
        (361.0, 1.0, 13.9, True),
        (361.0, 1.0, 14.0, False),  # the valve stands open by itself: the hose stays warm
        (359.0, 1.0, 13.9, False),
        (71.0, 0.19, 13.9, False),
        (89.0, 0.20, 13.9, True),
        (91.0, 0.20, 13.9, False),
        (361.0, 1.0, None, False),
        (None, 1.0, 13.9, False),
    ],
)
def test_liquid_flows_too_fast(
    flow: float | None, duty: float, hose: float | None, trips: bool
) -> None:
    device = freezing().firmware.device
    readings = msgspec.structs.replace(device.readings, flow_mg_s=flow, hose_celsius=hose)
    device = msgspec.structs.replace(device, readings=readings, facts=Facts(duty_mean=duty))
    assert (row("D-siphon-flow").predicate(device, 0) is not None) is trips


@pytest.mark.hazard("thermocouple_stuck", "device")
def test_thermocouple_stuck_only_after_the_valve_has_moved() -> None:
    bed = ready()
    bed.hardware.held["tip_celsius"] = 37.0
    bed.run(10_000)
    assert not bed.faults
    assert bed.start().result == Result.DONE
    bed.run(2_950)
    assert not bed.faults
    bed.run(100)
    assert bed.faults == Fault.THERMOCOUPLE_STUCK
    held = cold()  # never during the hold
    held.hardware.held["tip_celsius"] = -70.0
    held.run(10_000)
    assert not held.faults


@pytest.mark.hazard("stimulator_step", "device")
def test_stimulator_step() -> None:
    predicate = row("D-stimulator-step").predicate
    device = stimulating().firmware.device
    drive = msgspec.structs.replace(device.drive, amplitude_ua=500)
    for ring, trips in (((300, 400, 500), False), ((299, 400, 500), True), ((500, 0), False)):
        changed = msgspec.structs.replace(
            device,
            drive=drive,
            facts=Facts(delivered=ring),
            readings=msgspec.structs.replace(device.readings, delivered_ua=500),
        )
        assert (predicate(changed, 0) is not None) is trips


def test_co2_has_its_own_limits() -> None:
    bed = ready(Gas.CO2)
    bed.hardware.held["supply_kpa"] = 5_700.0
    bed.run(60)
    assert bed.start(target=-60.0).result == Result.DONE
    bed.hardware.held["tip_celsius"] = -80.1
    bed.run(60)
    assert bed.faults == Fault.COOLED_PAST_LIMIT


# --- the table itself ---------------------------------------------------------------------------


def test_every_fault_has_a_row_and_every_row_an_id() -> None:
    covered = Fault(0)
    for one in ROWS:
        covered |= one.fault
    assert covered == ~Fault(0)
    assert len({one.id for one in ROWS}) == len(ROWS)


def test_what_needs_an_engineer_is_what_safety_md_says() -> None:
    engineer = {one.fault for one in ROWS if one.latch is Latch.ENGINEER}
    assert engineer == {
        Fault.SUPPLY_EXTREME,
        Fault.FLOW_WHEN_SHUT,
        Fault.LEAK,
        Fault.SIPHON,
        Fault.BOTH_ON,
        Fault.STIMULATOR_OVER_CURRENT,
    }
    only_current = {one.fault for one in ROWS if one.reaction is Reaction.STIMULATION_OFF}
    assert only_current == {
        Fault.STIMULATOR_OPEN_LEAD,
        Fault.STIMULATOR_OVER_CURRENT,
        Fault.STIMULATOR_STEP,
    }

"""Faults turned on the real plant: what the device does about each, and how soon."""

import pytest
from firmware_bed import Bed

from drivers.link.codes import DeviceState, EventCode, Fault, Gas, Result
from drivers.link.messages import SetAmplitude
from drivers.link.messages import Test as Check
from simulator.station import DueFault, Station

F = Fault
SELF, LEAK = 1, 2  # TestKind
IN_FREEZE = [
    # knob, size, fault, device ms from the knob to the trip (at least, at most)
    ("exhaust_blocked", 0.9, F.EXHAUST_BLOCKED, 200, 300),
    ("exhaust_blocked", 0.5, F(0), 0, 0),  # 2.4 bar: the tip is warmer, nothing is unsafe
    ("orifice_blocked", 1.0, F.ORIFICE_BLOCKED, 3_000, 3_500),
    ("cylinder_cold", 5.0, F.SUPPLY_LOW, 2_000, 2_100),
    ("cylinder_overfilled", 3_500.0, F.SUPPLY_EXTREME, 100, 300),
    ("siphon", None, F.SIPHON, 3_000, 5_000),
    ("valve_stuck_closed", None, F.FAILS_TO_COOL, 20_000, 40_000),
    ("thermocouple_open", None, F.THERMOCOUPLE_OPEN, 100, 140),
    ("thermocouple_short", None, F.THERMOCOUPLE_SHORT, 100, 140),
    ("thermocouple_noise", 3.0, F(0), 0, 0),
    ("probe_unplugged", None, F.PROBE_MISSING, 100, 140),
    ("probe_changed", None, F.PROBE_CHANGED, 100, 140),
    ("stimulator_stuck_on", None, F.BOTH_ON, 0, 40),
    ("brown_out", None, F.BROWN_OUT, 0, 40),
    ("warm_vessel", None, F(0), 0, 0),
]
FROM_THE_START = [
    ("siphon", None, F.SIPHON, 1_000, 5_000),
    ("thermocouple_stuck", None, F.THERMOCOUPLE_STUCK, 3_000, 3_100),
    ("thermocouple_reversed", None, F.FAILS_TO_COOL, 15_000, 15_100),
    ("orifice_blocked", 1.0, F.ORIFICE_BLOCKED, 3_000, 3_500),
    ("valve_stuck_closed", None, F.FAILS_TO_COOL, 15_000, 15_100),
]


def bed_of(station: Station) -> Bed:
    bed = Bed(firmware=station.firmware)
    bed.hello()
    bed.run(500)
    return bed


def trips(bed: Bed, fault: Fault, since: int, least_ms: int, most_ms: int) -> None:
    assert bed.faults == fault
    raised = bed.events(EventCode.FAULT_RAISED)
    assert len(raised) == (1 if fault else 0)
    if fault:
        assert least_ms <= raised[0][0] - since <= most_ms
        shut = [at for at, name, on in bed.firmware.transitions if name == "gas" and not on]
        assert shut[-1] == raised[0][0]


@pytest.mark.parametrize(("knob", "size", "fault", "least", "most"), IN_FREEZE)
def test_in_the_middle_of_a_freeze(
    knob: str, size: float | None, fault: Fault, least: int, most: int
) -> None:
    station = Station(Gas.N2O, seed=3)
    bed = bed_of(station)
    assert bed.start(freeze_ms=100_000).result == Result.DONE
    bed.run(15_000)
    station.turn(DueFault(knob, size, 0))
    turned = bed.firmware.now_ms
    bed.run(max(most + 200, 10_000))
    trips(bed, fault, turned, least, most)
    assert (bed.state is DeviceState.FREEZING) is not bool(fault)


@pytest.mark.parametrize(("knob", "size", "fault", "least", "most"), FROM_THE_START)
def test_from_the_start(knob: str, size: float | None, fault: Fault, least: int, most: int) -> None:
    station = Station(Gas.N2O, seed=3, faults=(DueFault(knob, size, 0),))
    bed = bed_of(station)
    assert bed.start(freeze_ms=100_000).result == Result.DONE
    started = bed.firmware.now_ms
    bed.run(most + 200)
    trips(bed, fault, started, least, most)


@pytest.mark.parametrize("size", [1.0, 0.3])
def test_a_valve_that_stays_open_is_seen_and_the_second_valve_shuts_the_gas(size: float) -> None:
    station = Station(Gas.N2O, seed=3)
    bed = bed_of(station)
    bed.start(freeze_ms=20_000)
    bed.run(10_000)
    station.turn(DueFault("valve_stuck_open", size, 0))
    bed.run(10_000)
    [(ended, _, _)] = bed.events(EventCode.FREEZE_ENDED)
    bed.run(4_000)
    assert bed.faults == Fault.FLOW_WHEN_SHUT
    assert 2_500 <= bed.events(EventCode.FAULT_RAISED)[0][0] - ended <= 2_600
    bed.run(2_000)
    assert bed.telemetry[-1][1].flow_mg_s < 5
    assert station.bench.truth()["released_g"]


@pytest.mark.parametrize("leaks", [False, True])
def test_supply_leak_test(leaks: bool) -> None:
    station = Station(Gas.N2O, seed=3)
    bed = bed_of(station)
    bed.start(freeze_ms=5_000)
    bed.run(120_000)  # the test waits until the cylinder has settled
    assert bed.ask(Check(LEAK)) is Result.DONE
    if leaks:
        station.turn(DueFault("supply_leak", 2.0, 0))
    bed.run(31_000)
    assert bed.faults == (Fault.LEAK if leaks else Fault(0))
    assert bed.events(EventCode.TEST_ENDED)[0][1] == (0 if leaks else 1)
    assert bed.state is DeviceState.IDLE


def test_self_test_passes_and_fails() -> None:
    station = Station(Gas.CO2, seed=3)
    bed = bed_of(station)
    assert bed.ask(Check(SELF)) is Result.DONE
    bed.run(1_100)
    station.turn(DueFault("supply_unreadable", None, 0))
    assert bed.ask(Check(SELF)) is Result.DONE
    bed.run(1_100)
    assert [passed for _, passed, _ in bed.events(EventCode.TEST_ENDED)] == [1, 0]


@pytest.mark.parametrize(
    ("knob", "size", "rate", "kind", "fault", "most"),
    [
        ("stimulator_open_lead", None, 500, 1, F.STIMULATOR_OPEN_LEAD, 60),
        ("stimulator_open_lead", None, 20, 2, F.STIMULATOR_OPEN_LEAD, 1_040),
        ("stimulator_over_current", 0.3, 500, 1, F.STIMULATOR_OVER_CURRENT, 40),
        ("stimulator_offset", -300.0, 500, 1, F.STIMULATOR_OVER_CURRENT, 40),
    ],
)
def test_stimulator(
    knob: str, size: float | None, rate: int, kind: int, fault: Fault, most: int
) -> None:
    station = Station(Gas.N2O, seed=3)
    bed = bed_of(station)
    assert bed.stimulate(rate, kind).result == Result.DONE
    assert bed.ask(SetAmplitude(500)) is Result.DONE
    bed.run(1_500)
    told = bed.telemetry[-1][1]
    assert (told.delivered_ua, 450 < told.impedance_ohm < 510) == (500, True)
    station.turn(DueFault(knob, size, 0))
    turned = bed.firmware.now_ms
    bed.run(2_000)
    assert bed.faults == fault
    assert bed.events(EventCode.FAULT_RAISED)[0][0] - turned <= most
    assert bed.state is DeviceState.IDLE


def test_delivers_at_zero() -> None:
    station = Station(Gas.N2O, seed=3, faults=(DueFault("stimulator_offset", 300.0, 0),))
    bed = bed_of(station)
    assert bed.stimulate().result == Result.DONE
    bed.run(200)
    assert bed.faults == Fault.STIMULATOR_OVER_CURRENT


def test_faults_fall_due_at_their_device_time() -> None:
    station = Station(Gas.N2O, faults=(DueFault("exhaust_blocked", 0.9, 2_000),))
    station.run(1_999)
    assert station.knobs() == {}
    station.run(2_000)
    assert station.knobs() == {"exhaust_blocked": 0.9}
    station.clear("exhaust_blocked")
    assert station.knobs() == {}


@pytest.mark.parametrize(
    ("name", "size", "halfway", "rest"),
    [
        ("exhaust_blocked", 0.8, 0.4, 0.0),
        ("cylinder_cold", 5.0, 12.5, 20.0),
        ("stimulator_over_current", 0.4, 0.2, 0.0),
        ("impedance", 2_480.0, 1_480.0, 480.0),
        ("link_drop", 0.2, 0.1, 0.0),
    ],
)
def test_knobs_of_plant_bench_and_line_grow_from_where_they_rest_and_back(
    name: str, size: float, halfway: float, rest: float
) -> None:
    faults = (DueFault(name, size, 1_000, 2.0), DueFault(name, rest, 5_000, 2.0))
    station = Station(Gas.N2O, faults=faults)
    seen = []
    for to_ms in (1_000, 2_000, 4_000, 6_000, 8_000):
        for stop in range(50, 1_001, 50):
            station.run(max(0, to_ms - 1_000 + stop))
        seen.append(station.knobs().get(name))
    assert seen == [
        pytest.approx(rest, abs=0.01 * abs(size - rest)),
        pytest.approx(halfway, rel=0.05),
        size,
        pytest.approx(halfway, rel=0.05),
        None,
    ]


def test_a_fault_can_wait_for_a_freeze() -> None:
    station = Station(Gas.N2O, faults=(DueFault("exhaust_blocked", 0.5, 1_000, 0.0, 2),))
    bed = Bed(station=station)
    bed.hello()
    bed.run(500)
    for _ in range(2):
        assert station.knobs() == {}
        assert bed.start(freeze_ms=2_000).result == Result.DONE
        bed.run(900)
        assert station.knobs() == {}
        bed.run(3_000)
    assert station.knobs() == {"exhaust_blocked": 0.5}


def test_only_freezes_in_tissue_count() -> None:
    faults = (DueFault("exhaust_blocked", 0.5, 0, 0.0, 1),)
    station = Station(Gas.N2O, medium="water", faults=faults)
    bed = Bed(station=station)
    bed.hello()
    bed.run(500)
    assert bed.start(freeze_ms=2_000).result == Result.DONE
    bed.run(2_000)
    assert station.knobs() == {}


def test_a_cold_cylinder_at_nought_is_cold_and_a_knob_put_where_it_rests_is_not_turned() -> None:
    station = Station(Gas.N2O)
    station.turn(DueFault("cylinder_cold", 0.0, 0))
    station.run(100)
    assert station.knobs() == {"cylinder_cold": 0.0}
    assert station.bench.plant.sense().supply_kpa < 3_300.0
    station.turn(DueFault("cylinder_cold", 20.0, 0))
    assert station.knobs() == {}


def test_bubbles_are_part_of_the_truth() -> None:
    station = Station(Gas.N2O, medium="water", faults=(DueFault("shaft_leak", None, 0),))
    assert station.bench.truth()["bubbles"] is False
    bed = bed_of(station)
    assert bed.start(freeze_ms=10_000).result == Result.DONE
    bed.run(2_000)
    assert station.bench.truth()["bubbles"] is True


def test_a_hung_program_is_restarted_by_its_watchdog() -> None:
    station = Station(Gas.N2O, seed=3)
    bed = bed_of(station)
    bed.start()
    bed.run(5_000)
    station.turn(DueFault("hang", 5_000.0, 0))
    bed.run(800)
    assert bed.faults == Fault.WATCHDOG
    assert not station.summary()["valve_open"]

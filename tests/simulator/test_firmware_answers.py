"""What docs/protocol.md says of cases that once were open."""

import pytest
from firmware_bed import Bed

from drivers.link.codes import DeviceState, EventCode, Fault, Quality, Result, SimulatedInput
from drivers.link.frame import Frame, encode
from drivers.link.messages import (
    Answer,
    Arm,
    Calibrate,
    Calibration,
    End,
    EnterMaintenance,
    Event,
    EventAck,
    ExerciseActuator,
    Extend,
    ReadCalibration,
    SimulateInput,
    StartFreeze,
    Stop,
    Thaw,
    to_centikelvin,
)


def began(**held: object) -> Bed:
    bed = Bed()
    bed.hardware.held.update(held)
    bed.hello()
    bed.run(100)
    return bed


def in_maintenance(**held: object) -> Bed:
    bed = began(maintenance_switch=True, **held)
    assert bed.ask(EnterMaintenance(1)) is Result.DONE
    return bed


# --- thermocouple -----------------------------------------------------------------------------


@pytest.mark.parametrize(("gas_ms", "stuck"), [(20, False), (980, False), (1_000, True)])
def test_a_tip_that_had_no_time_to_move_is_not_stuck(gas_ms: int, stuck: bool) -> None:
    bed = began(tip_celsius=20.0)
    bed.start(-70.0)
    bed.run(gas_ms)
    bed.send(Stop())
    bed.run(7_000)
    assert bool(bed.firmware.device.faults & Fault.THERMOCOUPLE_STUCK) == stuck
    if not stuck:
        assert bed.arm().result == Result.DONE


def test_a_tip_that_stands_still_under_gas_is_stuck() -> None:
    bed = began(tip_celsius=20.0)
    bed.start(-70.0)
    bed.run(3_200)
    assert bed.firmware.device.faults & Fault.THERMOCOUPLE_STUCK


# --- warming ----------------------------------------------------------------------------------


def warming(tip: float) -> Bed:
    bed = began()
    bed.start(-70.0)
    bed.run(2_000)
    assert bed.ask(End()) is Result.DONE
    bed.hardware.held["tip_celsius"] = tip
    bed.run(100)
    assert bed.ask(Thaw(1)) is Result.DONE
    return bed


def test_warming_goes_off_at_40() -> None:
    bed = warming(20.0)
    bed.hardware.held["tip_celsius"] = 39.9
    bed.run(1_000)
    assert bed.firmware.device.drive.warming
    bed.hardware.held["tip_celsius"] = 40.0
    bed.run(40)
    assert not bed.firmware.device.drive.warming
    assert bed.send(Thaw(1)) == Answer(Thaw.KIND, Result.BEYOND_LIMIT, to_centikelvin(40))
    assert bed.firmware.faults() == []


def test_warming_goes_off_after_two_minutes_however_often_it_is_asked_for() -> None:
    bed = warming(5.0)
    for second in range(119):
        bed.hardware.held["tip_celsius"] = 5.0 + second % 2
        bed.run(1_000)
    assert bed.ask(Thaw(1)) is Result.DONE
    assert bed.firmware.device.drive.warming
    bed.run(1_100)
    assert not bed.firmware.device.drive.warming


def test_warming_goes_off_with_the_tip_s_reading() -> None:
    bed = warming(5.0)
    bed.hardware.held |= {"tip_celsius": None, "tip_quality": Quality.OPEN}
    bed.run(40)
    assert not bed.firmware.device.drive.warming


def test_a_heater_that_stays_on_is_a_fault() -> None:
    bed = warming(20.0)
    bed.hardware.held |= {"warming": True, "tip_celsius": 45.1}
    bed.run(180)
    assert not bed.firmware.device.faults
    bed.run(100)
    assert bed.firmware.faults() == ["OVER_WARM"]


def test_thaw_is_judged_in_its_order() -> None:
    bed = began()
    bed.beats = False
    assert bed.send(Thaw(2)) == Answer(Thaw.KIND, Result.BAD_VALUE, 2)
    assert bed.ask(Thaw(1)) is Result.WRONG_STATE
    bed.start(-70.0)
    bed.run(200)
    assert bed.ask(End()) is Result.DONE
    bed.hardware.held |= {"tip_celsius": None, "tip_quality": Quality.SHORT}
    bed.run(2_000)
    assert bed.send(Thaw(1)) == Answer(Thaw.KIND, Result.SENSOR_INVALID, Quality.SHORT)
    bed.hardware.held |= {"tip_celsius": 41.0, "tip_quality": Quality.OK}
    bed.run(20)
    assert bed.ask(Thaw(1)) is Result.BEYOND_LIMIT
    bed.hardware.held["tip_celsius"] = 20.0
    bed.run(20)
    assert bed.ask(Thaw(1)) is Result.FAULT_STANDS
    bed.firmware.replaced(faults=0)
    assert bed.ask(Thaw(1)) is Result.NO_LEASE


# --- exercises --------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", [1, 4])
def test_what_reaches_the_probe_needs_one(exercise: int) -> None:
    bed = in_maintenance(probe=None)
    bed.run(200)
    assert bed.ask(ExerciseActuator(exercise, 50, 500)) is Result.PROBE_MISSING
    assert bed.ask(ExerciseActuator(2, 0, 500)) is Result.DONE


def test_the_valve_is_not_moved_by_hand_while_a_fault_stands() -> None:
    bed = in_maintenance()
    bed.firmware.replaced(faults=Fault.LEAK.value)
    answer = bed.send(ExerciseActuator(1, 50, 500))
    assert answer == Answer(ExerciseActuator.KIND, Result.FAULT_STANDS, Fault.LEAK)
    assert bed.ask(ExerciseActuator(1, 0, 500)) is Result.DONE
    assert bed.ask(ExerciseActuator(4, 10, 500)) is Result.DONE  # LEAK blocks gas alone


def test_a_refused_exercise_ends_nothing() -> None:
    bed = in_maintenance()
    assert bed.ask(ExerciseActuator(2, 0, 5_000)) is Result.DONE
    bed.firmware.replaced(faults=Fault.LEAK.value)
    assert bed.ask(ExerciseActuator(1, 50, 500)) is Result.FAULT_STANDS
    assert not bed.firmware.device.drive.exhaust_open


# --- commands ---------------------------------------------------------------------------------


def test_before_the_target_an_extension_goes_up_to_the_cap() -> None:
    bed = began()
    end_ms = bed.start(-70.0, freeze_ms=10_000, timing=2, cap_ms=60_000).value
    assert bed.send(Extend(50_000)) == Answer(Extend.KIND, Result.DONE, end_ms)
    assert bed.send(Extend(1)) == Answer(Extend.KIND, Result.BEYOND_LIMIT, end_ms)


def test_a_start_of_another_length_is_none_and_keeps_the_token() -> None:
    bed = began()
    token = bed.arm().value
    bed.sequence += 1
    bed.line.hear(encode(Frame(StartFreeze.KIND, bed.sequence, bed.session, 0, b"x" * 19)))
    bed.collect()
    assert bed.frames[-1][1] == Answer(StartFreeze.KIND, Result.UNKNOWN_COMMAND, 0)
    assert bed.start(-70.0, token=token).result == Result.DONE


def test_a_watcher_gives_no_lease_and_takes_no_event_away() -> None:
    bed = began()
    bed.start(-70.0)
    bed.hello(session=99, flags=1)
    bed.run(500)
    waiting = bed.firmware.device.link.waiting
    assert waiting
    bed.send(EventAck(waiting[0].event.number))
    assert bed.firmware.device.link.waiting == waiting
    assert bed.firmware.device.link.echo_ms is None


def test_all_five_calibrations_are_stored_and_the_stimulator_s_correct_what_it_delivers() -> None:
    bed = in_maintenance()
    for index, value in enumerate((10, -20, 5, 100, -2_000)):
        assert bed.ask(Calibrate(index, 0, value)) is Result.DONE
        record = bed.send(ReadCalibration(index))
        assert isinstance(record, Calibration)
        assert (record.count, record.value) == (5, value)
    assert bed.ask(EnterMaintenance(0)) is Result.DONE
    bed.hardware.held |= {"stimulator_on": True, "delivered_ua": 1_000}
    bed.run(20)
    assert bed.firmware.device.readings.delivered_ua == 900


# --- simulated inputs -------------------------------------------------------------------------


def test_an_input_reads_as_told_and_then_as_it_is() -> None:
    bed = began()
    bed.firmware.hear(b"")
    assert bed.ask(SimulateInput(SimulatedInput.SUPPLY, 0, 3_000, 300)) is Result.DONE
    bed.run(100)
    assert bed.firmware.device.readings.supply_kpa == 3_000
    assert bed.ask(Arm(1)) is Result.SUPPLY_OUT_OF_RANGE
    bed.run(300)
    assert bed.ask(Arm(1)) is Result.DONE
    events = [m for _, m in bed.frames if isinstance(m, Event)]
    told = {e.number: e.value for e in events if e.code == EventCode.INPUT_SIMULATED}
    assert list(told.values()) == [3_000, -1]


@pytest.mark.parametrize(
    ("which", "quality", "value", "fault"),
    [
        (SimulatedInput.TIP, Quality.OPEN, 0, Fault.THERMOCOUPLE_OPEN),
        (SimulatedInput.TIP, Quality.OK, to_centikelvin(-86), Fault.COOLED_PAST_LIMIT),
        (SimulatedInput.EXHAUST, Quality.OK, 402, Fault.EXHAUST_BLOCKED),
        (SimulatedInput.FLOW, Quality.OK, 0, Fault.ORIFICE_BLOCKED),
        (SimulatedInput.HOSE, Quality.OK, to_centikelvin(-21), Fault.SIPHON),
        (SimulatedInput.PROBE, Quality.OK, 0, Fault.PROBE_MISSING),
        (SimulatedInput.PROBE, Quality.OK, 1, Fault.PROBE_CHANGED),
        (SimulatedInput.BROWN_OUT, Quality.OK, 1, Fault.BROWN_OUT),
    ],
)
def test_a_simulated_input_trips_its_row(
    which: SimulatedInput, quality: Quality, value: int, fault: Fault
) -> None:
    bed = began()
    bed.start(-70.0)
    bed.run(1_000)
    assert bed.ask(SimulateInput(which, quality, value, 10_000)) is Result.DONE
    bed.run(4_000)
    assert bed.firmware.device.faults & fault
    assert bed.state is DeviceState.THAWING


def test_a_host_of_1_0_and_a_real_console_without_its_switch_get_none() -> None:
    bed = began()
    asked = SimulateInput(SimulatedInput.ROOM, 0, 29_000, 100)
    assert bed.ask(asked) is Result.DONE
    real = Bed(simulated=False)
    real.hello()
    real.run(100)
    assert real.ask(asked) is Result.SWITCH_NEEDED
    assert real.ask(SimulateInput(14, 0, 0, 100)) is Result.BAD_VALUE
    assert real.ask(SimulateInput(0, 0, 0, 60_001)) is Result.BEYOND_LIMIT
    real.hardware.held["maintenance_switch"] = True
    real.run(40)
    assert real.ask(asked) is Result.DONE
    real.hardware.held["maintenance_switch"] = False
    real.run(40)
    assert real.firmware.device.simulated == ()


def test_a_new_session_makes_all_inputs_real() -> None:
    bed = began()
    assert bed.ask(SimulateInput(SimulatedInput.SUPPLY, 0, 3_000, 60_000)) is Result.DONE
    bed.hello(session=7)
    bed.run(40)
    assert bed.firmware.device.readings.supply_kpa == 5_050

"""Faults that have tripped: what they block, how they clear, what they survive."""

from firmware_bed import (
    cold,
    in_maintenance,
    long_thawed,
    ready,
    stimulating_half_a_milliampere,
)

from drivers.link.codes import DeviceState, EventCode, Fault, FreezeEnd, Result
from drivers.link.messages import EnterMaintenance, ExerciseActuator, Reset
from simulator.firmware.settings import TIP_PRESSURE_CAP_KPA


def test_a_latched_fault_blocks_until_its_cause_is_gone_and_it_is_reset() -> None:
    bed = cold()
    bed.hardware.held["exhaust_kpa"] = TIP_PRESSURE_CAP_KPA + 50.0
    bed.run(400)
    assert bed.events(EventCode.FREEZE_ENDED)[-1][1] == FreezeEnd.FAULT
    assert bed.arm().result == Result.FAULT_STANDS
    answer = bed.send(Reset())
    assert (answer.result, answer.value) == (Result.FAULT_STANDS, Fault.EXHAUST_BLOCKED)  # type: ignore[union-attr]
    bed.hardware.held.pop("exhaust_kpa")
    bed.run(100)
    assert bed.arm().result == Result.FAULT_STANDS
    assert bed.ask(Reset()) is Result.DONE
    assert bed.events(EventCode.FAULT_CLEARED)
    assert bed.arm().result == Result.DONE


def test_supply_low_clears_by_itself_when_idle() -> None:
    bed = cold()
    bed.hardware.held["supply_kpa"] = 3_700.0
    bed.run(2_100)
    bed.hardware.held["supply_kpa"] = 5_000.0
    bed.run(500)
    assert bed.faults == Fault.SUPPLY_LOW
    bed.run(20_000)
    assert bed.state is DeviceState.IDLE
    assert not bed.faults


def test_an_engineers_fault_survives_restarts_and_resets_only_in_maintenance() -> None:
    bed = ready()
    bed.hardware.held["hose_celsius"] = -30.0
    bed.run(2_200)
    bed.hardware.held.pop("hose_celsius")
    bed.run(100)
    assert bed.ask(Reset()) is Result.MAINTENANCE_ONLY
    bed.firmware.reboot()
    bed.hello(session=99)
    assert bed.faults == Fault.SIPHON
    assert bed.arm().result == Result.FAULT_STANDS
    assert bed.arm(action=2).result == Result.DONE  # type: ignore[arg-type]
    bed.hardware.held["maintenance_switch"] = True
    bed.run(100)
    assert bed.ask(EnterMaintenance(1)) is Result.DONE
    assert bed.ask(Reset()) is Result.DONE
    assert not bed.faults


def test_a_stimulator_fault_leaves_gas_alone() -> None:
    bed = stimulating_half_a_milliampere()
    bed.hardware.held["delivered_ua"] = 900
    bed.run(60)
    assert bed.faults == Fault.STIMULATOR_OVER_CURRENT
    bed.hardware.held.pop("delivered_ua")
    bed.run(60)
    assert bed.arm(action=2).result == Result.FAULT_STANDS  # type: ignore[arg-type]
    assert bed.arm().result == Result.DONE


def test_extreme_supply_and_gas_that_will_not_stop_shut_the_second_valve() -> None:
    for begin, held in ((ready, {"supply_kpa": 7_700.0}), (long_thawed, {"flow_mg_s": 100.0})):
        bed = begin()
        bed.hardware.held |= held
        bed.run(700)
        assert bed.hardware.drive.supply_isolated
        bed.hardware.held.clear()
        bed.run(3_000)
        assert bed.hardware.drive.supply_isolated


def test_maintenance_keeps_its_interlocks() -> None:
    bed = in_maintenance()
    assert bed.ask(ExerciseActuator(1, 100, 5_000)) is Result.DONE
    bed.run(100)
    assert bed.hardware.drive.valve_duty == 1
    bed.hardware.held["exhaust_kpa"] = 500.0
    bed.run(300)
    assert not bed.hardware.drive.valve_duty
    assert bed.state is DeviceState.MAINTENANCE


def test_exercise_ends_by_itself_and_with_the_lease() -> None:
    bed = in_maintenance()
    assert bed.ask(ExerciseActuator(1, 30, 2_000)) is Result.DONE
    bed.run(1_900)
    assert bed.hardware.drive.valve_duty == 0.3
    bed.run(200)
    assert not bed.hardware.drive.valve_duty
    assert bed.ask(ExerciseActuator(1, 30, 10_000)) is Result.DONE
    bed.beats = False
    bed.run(1_100)
    assert not bed.hardware.drive.valve_duty

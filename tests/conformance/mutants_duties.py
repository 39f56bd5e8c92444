"""Mutants that neglect what a console must do by itself: protection, log, maintenance, warming."""

from drivers.link import device as link
from drivers.link.codes import Actuator, DeviceState, EventCode, Fault, FreezeEnd, Result
from drivers.link.messages import (
    Calibrate,
    EnterMaintenance,
    ExerciseActuator,
    Reset,
)
from drivers.link.messages import Test as SelfTest
from simulator.firmware import actions, core, emit, permits, running, telemetry
from simulator.firmware.commands import HANDLERS, console, maintenance
from simulator.firmware.interlocks import blocks, table, watch
from simulator.firmware.interlocks import reset as resetting
from tests.conformance.mutation import around, breaks, replace


@breaks("safety.fault-cleared")
def no_fault_is_told_as_cleared() -> None:
    @around(watch, "happened")
    def happened(before, device, now_ms, code, *given):
        cleared = code is EventCode.FAULT_CLEARED
        return device if cleared else before(device, now_ms, code, *given)


@breaks("transport.log")
def the_log_is_always_empty() -> None:
    @around(emit, "happened")
    def happened(before, device, *given):
        device = before(device, *given)
        return replace(device, memory=replace(device.memory, log=()))

    for module in (actions, running, watch, console):
        module.happened = emit.happened


@breaks("safety.calibration-stored")
def calibration_is_not_stored() -> None:
    @around(HANDLERS, Calibrate)
    def calibrate(before, device, message, now_ms):
        _, result, value = before(device, message, now_ms)
        return device, result, value


@breaks("safety.calibration-stored")
def calibration_is_lost_at_a_restart() -> None:
    @around(core, "booted")
    def booted(before, settings, memory, *given, **named):
        return before(settings, replace(memory, calibration=(0,) * 5), *given, **named)


@breaks("safety.release-not-warming")
def it_releases_while_it_warms() -> None:
    @around(running, "_thawing")
    def thawing(before, device, now_ms):
        drive = device.drive
        if not drive.warming:
            return before(device, now_ms)
        readings = device.readings
        cold = replace(device, drive=replace(drive, warming=False),
                       readings=replace(readings, warming=False))  # fmt: skip
        after = before(cold, now_ms)
        return replace(after, drive=drive, readings=readings)


@breaks("safety.at-target")
def five_degrees_are_near() -> None:
    running.AT_TARGET_K = 5.0


@breaks("safety.at-target")
def at_target_comes_at_once() -> None:
    running.AT_TARGET_MS = 0


@breaks("safety.self-test")
def the_self_test_is_over_in_10_ms() -> None:
    console.SELF_TEST_MS = 10


@breaks("safety.exercise-needs-lease")
def an_exercise_needs_no_lease() -> None:
    maintenance.lease_left_ms = lambda *_: 1


@breaks("safety.exercise-ends")
def an_exercise_has_no_end() -> None:
    @around(HANDLERS, ExerciseActuator)
    def exercise(before, device, message, now_ms):
        device, result, value = before(device, message, now_ms)
        run = device.exercise
        if run is not None:
            device = replace(device, exercise=replace(run, end_ms=now_ms + 1_000_000))
        return device, result, value


@breaks("safety.maintenance-left")
def maintenance_is_left_to_idle() -> None:
    @around(HANDLERS, EnterMaintenance)
    def enter(before, device, message, now_ms):
        facts = replace(device.facts, gas_off_ms=None)
        device = device if message.enter else replace(device, exercise=None, facts=facts)
        return before(device, message, now_ms)


@breaks("safety.exhaust-open")
def the_exhaust_is_shut_in_a_freeze() -> None:
    @around(telemetry, "_actuators")
    def actuators(before, device, now_ms):
        shown = before(device, now_ms)
        freezing = device.state is DeviceState.FREEZING
        return shown & ~Actuator.EXHAUST_OPEN.value if freezing else shown


@breaks("safety.tokens-random")
def tokens_are_1_2_3() -> None:
    @around(link, "grant")
    def grant(before, state, action, now_ms, salt):
        state, token = before(state, action, now_ms, salt)
        token = replace(token, value=state.tokens_made)
        return replace(state, token=token), token


@breaks("safety.start-ahead")
def a_start_may_be_380_ms_ahead() -> None:
    link.START_AHEAD_MS = 380


@breaks("safety.reset-in-freeze")
def it_resets_in_a_freeze() -> None:
    @around(HANDLERS, Reset)
    def reset(before, device, message, now_ms):
        if device.state is not DeviceState.FREEZING:
            return before(device, message, now_ms)
        return device, Result.DONE, 0


@breaks("safety.hello-in-warming")
def a_new_host_inherits_the_warming() -> None:
    @around(actions, "made_safe")
    def made_safe(before, device, now_ms, why):
        after = before(device, now_ms, why)
        if why is not FreezeEnd.NEW_SESSION:
            return after
        return replace(after, drive=replace(after.drive, warming=device.drive.warming))

    running.lease_left_ms = lambda *_: 1


def _unwatched(*faults: Fault) -> None:
    for state, rows in table.ROWS_IN.items():
        table.ROWS_IN[state] = tuple(
            (index, look) for index, look in rows if table.ROWS[index].fault not in faults
        )


@breaks("safety.protection", "safety.protection-engineer", "safety.protection-stimulator",
        "safety.protection-current", "safety.reset-leaves-causes")  # fmt: skip
def the_lease_is_its_only_protection() -> None:
    _unwatched(*(fault for fault in Fault if fault is not Fault.LEASE_LOST))


def _row_is_missing(fault: Fault, check: str) -> None:
    def patch() -> None:
        _unwatched(fault)

    patch.__name__ = f"{fault.name}_is_not_watched".lower()
    breaks(check)(patch)


for _fault in (
    Fault.OVER_COOL, Fault.COOLED_PAST_LIMIT, Fault.TEMPERATURE_IMPOSSIBLE, Fault.EXHAUST_BLOCKED,
    Fault.THERMOCOUPLE_OPEN, Fault.THERMOCOUPLE_SHORT, Fault.ORIFICE_BLOCKED, Fault.SUPPLY_LOW,
    Fault.SUPPLY_HIGH, Fault.PROBE_MISSING, Fault.PROBE_CHANGED, Fault.BROWN_OUT,
):  # fmt: skip
    _row_is_missing(_fault, "safety.protection")
for _fault in (Fault.SUPPLY_EXTREME, Fault.SIPHON, Fault.FLOW_WHEN_SHUT):
    _row_is_missing(_fault, "safety.protection-engineer")
_row_is_missing(Fault.STIMULATOR_OPEN_LEAD, "safety.protection-stimulator")
for _fault in (Fault.STIMULATOR_OVER_CURRENT, Fault.BOTH_ON):
    _row_is_missing(_fault, "safety.protection-current")


@breaks("transport.events-kept")
def eight_events_are_kept() -> None:
    link.EVENTS_KEPT = 8


@breaks("safety.test-states")
def it_tests_itself_in_every_state() -> None:
    @around(HANDLERS, SelfTest)
    def test(before, device, message, now_ms):
        if device.state is DeviceState.IDLE:
            return before(device, message, now_ms)
        return device, Result.DONE, now_ms


@breaks("safety.reset-leaves-causes", "safety.engineer-only")
def reset_is_always_done() -> None:
    @around(HANDLERS, Reset)
    def reset(before, device, message, now_ms):
        return watch.cleared(device, device.faults, now_ms), Result.DONE, 0


@breaks("safety.engineer-only")
def anybody_clears_what_an_engineer_should() -> None:
    resetting.ENGINEER = blocks.ENGINEER & 0


@breaks("safety.warming-limit")
def warming_has_no_upper_temperature() -> None:
    running.WARMING_STOPS_CELSIUS = 1_000.0


@breaks("transport.hello-again")
def armed_is_never_shown() -> None:
    @around(telemetry, "_actuators")
    def actuators(before, device, now_ms):
        return before(device, now_ms) & ~Actuator.ARMED.value


@breaks("safety.arm-needs-lease")
def a_stale_lease_arms() -> None:
    permits.LEASE_FREEZE_MS = 5_000

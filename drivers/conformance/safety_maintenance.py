"""Safety tier: what an engineer moves and stores, and what ends it."""

from typing import Final

from drivers.conformance.bench import Bench
from drivers.conformance.check import Check, Needs, Tier
from drivers.conformance.doing import (
    in_maintenance,
    leave_maintenance,
    prepare,
    shows,
    shut,
    welcome_of,
)
from drivers.conformance.verdicts import FailedError, NotApplicableError, expect
from drivers.link.codes import Actuator, DeviceState, EventCode, Exercise, Result
from drivers.link.messages import (
    Calibrate,
    Calibration,
    EnterMaintenance,
    ExerciseActuator,
    ReadCalibration,
    Reboot,
    Telemetry,
)

LEASE_MS: Final = 1_000
LATE_MS: Final = 50
_READ_BACK_MS: Final = 250
_FOR_MS: Final = 600
_BOOT_MS: Final = 5_000
_SUPPLY: Final = 1
_SHIFT_KPA: Final = 150
_STEADY_KPA: Final = 50
"""What a cylinder's pressure may change by itself within a moment."""


def _opened(bench: Bench, for_ms: int) -> int:
    """Opens the gas valve by hand; when the device says that it will end."""
    end_ms = bench.done(ExerciseActuator(Exercise.VALVE, 30, for_ms))
    bench.until(lambda: shows(bench, Actuator.VALVE_OPEN), 500, "the valve reads open")
    return end_ms


def _shut_at(bench: Bench, at_ms: int, within_ms: int) -> int:
    bench.until(
        lambda: not shows(bench, Actuator.VALVE_OPEN), within_ms, "the exercised valve reads shut"
    )
    late_ms = bench.measured_ms - at_ms
    expect(-LATE_MS <= late_ms <= _READ_BACK_MS, f"the exercised valve read shut {late_ms} ms late")
    return late_ms


def _needs_lease(bench: Bench) -> str:
    in_maintenance(bench)
    with bench.quiet():
        bench.wait(LEASE_MS + 200)
        bench.refused(ExerciseActuator(Exercise.VALVE, 30, _FOR_MS), Result.NO_LEASE)
        bench.next_telemetry()
        expect(not shows(bench, Actuator.VALVE_OPEN), "it was refused, and the valve opened")
        bench.next_telemetry()
        bench.beat(bench.stamp_ms)
        echo_ms = bench.stamp_ms
        _opened(bench, 10_000)
        late_ms = _shut_at(bench, echo_ms + LEASE_MS, LEASE_MS + 1_000)
    leave_maintenance(bench)
    return f"NO_LEASE; ended {LEASE_MS + late_ms} ms after the echo"


def _ends(bench: Bench) -> str:
    in_maintenance(bench)
    end_ms = _opened(bench, _FOR_MS)
    late_ms = _shut_at(bench, end_ms, _FOR_MS + 1_000)
    bench.refused(ExerciseActuator(Exercise.VALVE, 30, 10_001), Result.BEYOND_LIMIT)
    leave_maintenance(bench)
    return f"read shut {late_ms} ms after for_ms"


def _left(bench: Bench) -> str:
    in_maintenance(bench)
    if bench.maintained:
        raise NotApplicableError("this device stays in maintenance")
    _opened(bench, _FOR_MS)
    mark = bench.mark()
    bench.done(EnterMaintenance(0))
    changed = bench.event(mark, EventCode.STATE_CHANGED)
    shut(bench)
    expect(
        changed.detail == DeviceState.THAWING,
        f"gas has flowed, and leaving maintenance led to state {changed.detail}, not THAWING",
    )
    return "THAWING"


def _record(bench: Bench) -> Calibration:
    record = bench.send(ReadCalibration(_SUPPLY))[1].message
    if not isinstance(record, Calibration):
        raise FailedError(f"ReadCalibration {_SUPPLY} was answered {record}")
    return record


def _stored(bench: Bench) -> str:
    in_maintenance(bench)
    before = _record(bench).value
    shift = _SHIFT_KPA if before <= 0 else -_SHIFT_KPA
    value, told = before + shift, bench.next_telemetry().supply_kpa
    bench.done(Calibrate(_SUPPLY, 0, value))
    try:
        bench.next_telemetry()
        moved = bench.next_telemetry().supply_kpa - told
        expect(
            abs(moved - shift) <= _STEADY_KPA,
            f"the supply's offset changed by {shift} kPa, and its reading by {moved}",
        )
        read = _record(bench).value
        expect(read == value, f"Calibrate was answered DONE, and the record reads {read}")
        boot_id = welcome_of(bench).boot_id
        with bench.quiet():
            bench.done(Reboot())
            mark = bench.mark()
            bench.until(
                lambda: any(
                    isinstance(s.message, Telemetry) and s.frame.session == 0
                    for s in bench.seen[mark:]
                ),
                _BOOT_MS,
                "the device restarts",
            )
        prepare(bench, Needs.REST)
        expect(welcome_of(bench).boot_id != boot_id, "Reboot has not restarted the device")
        read = _record(bench).value
        expect(read == value, f"after a restart the record reads {read}, not {value}")
    finally:
        in_maintenance(bench)
        bench.done(Calibrate(_SUPPLY, 0, before))
    leave_maintenance(bench)
    return "outlives a restart"


ROWS: Final = (
    Check("safety.exercise-needs-lease", Tier.SAFETY, "0x21 ExerciseActuator",
          "An exercise needs a live lease and ends with it.", _needs_lease, Needs.REST),
    Check("safety.exercise-ends", Tier.SAFETY, "0x21 ExerciseActuator",
          "An exercise ends by itself after for_ms.", _ends, Needs.REST),
    Check("safety.calibration-stored", Tier.SAFETY, "0x22 Calibrate",
          "A calibration value is stored, corrects its reading, and outlives a restart.", _stored,
          Needs.REST),
    Check("safety.maintenance-left", Tier.SAFETY, "States",
          "Left after gas has flowed, maintenance leads to THAWING.", _left, Needs.REST),
)  # fmt: skip

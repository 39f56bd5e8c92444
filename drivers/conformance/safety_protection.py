"""Safety tier: the device's own protection, tried by inputs that it reads as it is told."""

from collections.abc import Iterable
from typing import Final

import msgspec

from drivers.conformance.bench import Bench
from drivers.conformance.check import Check, Needs, Tier
from drivers.conformance.doing import (
    TARGET_CENTIKELVIN,
    freezing,
    in_maintenance,
    inputs_simulated,
    leave_maintenance,
    real_again,
    shut,
    simulate,
    stimulating,
    stimulator_fitted,
    warming,
    welcome_of,
)
from drivers.conformance.verdicts import FailedError, NotApplicableError, expect
from drivers.link.codes import (
    Capability,
    EventCode,
    Fault,
    Gas,
    Quality,
    Result,
    SimulatedInput,
)
from drivers.link.messages import End, Event, Reset, StimulationOff, Thaw, to_centikelvin

LATE_MS: Final = 150
"""Beyond the row's own time: the control period, and the step in which the input is first read."""
NEAR_FOR_MS: Final = 400
_SUPPLY: Final = {Gas.N2O: (3_800, 7_200), Gas.CO2: (4_100, 7_400)}
_IMPOSSIBLE_CELSIUS: Final = {Gas.N2O: -94.0, Gas.CO2: -84.0}


class Row(msgspec.Struct, frozen=True):
    """One row of the fault table: `near` does not trip, `over` trips after `hold_ms`."""

    fault: Fault
    input: SimulatedInput
    over: int
    near: int | None = None
    hold_ms: int = 0
    quality: Quality = Quality.OK


def _freeze_rows(bench: Bench) -> list[Row]:
    welcome = welcome_of(bench)
    low, high = _SUPPLY[Gas(welcome.gas)]
    cap, lowest = welcome.tip_pressure_cap_kpa, welcome.lowest_tip_centikelvin
    impossible = to_centikelvin(_IMPOSSIBLE_CELSIUS[Gas(welcome.gas)])
    target = TARGET_CENTIKELVIN
    inputs = SimulatedInput
    return [
        Row(Fault.OVER_COOL, inputs.TIP, target - 1_010, target - 990, 500),
        Row(Fault.COOLED_PAST_LIMIT, inputs.TIP, lowest - 10, None),
        Row(Fault.TEMPERATURE_IMPOSSIBLE, inputs.TIP, impossible - 10, None),
        Row(Fault.THERMOCOUPLE_OPEN, inputs.TIP, 0, None, 100, Quality.OPEN),
        Row(Fault.THERMOCOUPLE_SHORT, inputs.TIP, 0, None, 100, Quality.SHORT),
        Row(Fault.EXHAUST_BLOCKED, inputs.EXHAUST, cap + 1, cap, 200),
        Row(Fault.ORIFICE_BLOCKED, inputs.FLOW, 0, None, 3_000),
        Row(Fault.SUPPLY_LOW, inputs.SUPPLY, low - 1, low, 2_000),
        Row(Fault.SUPPLY_HIGH, inputs.SUPPLY, high + 1, high, 1_000),
        Row(Fault.PROBE_MISSING, inputs.PROBE, 0, None, 100),
        Row(Fault.PROBE_CHANGED, inputs.PROBE, 1, None, 100),
        Row(Fault.BROWN_OUT, inputs.BROWN_OUT, 1),
    ]


def _raised(bench: Bench, mark: int, fault: Fault) -> list[Event]:
    bit = fault.bit_length() - 1
    return [e for e in bench.events(mark, EventCode.FAULT_RAISED) if e.detail == bit]


def _trips(bench: Bench, row: Row, fast: bool = False) -> None:
    """The row does not trip at `near`, and trips at `over` in its time. FailedError."""
    name = row.fault.name
    if row.near is not None:
        mark = bench.mark()
        simulate(bench, row.input, row.near, row.hold_ms + 2 * NEAR_FOR_MS)
        bench.wait(row.hold_ms + NEAR_FOR_MS)
        expect(not _raised(bench, mark, row.fault), f"{name} tripped at its limit {row.near}")
    mark = bench.mark()
    simulate(bench, row.input, row.over, row.hold_ms + 3_000, row.quality)
    told = bench.event(mark, EventCode.INPUT_SIMULATED)
    within_ms = row.hold_ms + 1_000
    found = bench.until(
        lambda: _raised(bench, mark, row.fault) or None, within_ms, f"{name} trips"
    )[0]
    after_ms = found.at_ms - told.at_ms
    least_ms = 0 if fast else row.hold_ms
    expect(
        least_ms <= after_ms <= row.hold_ms + LATE_MS,
        f"{name} tripped after {after_ms} ms, not {row.hold_ms}",
    )


def _all_of(bench: Bench, rows: Iterable[Row], again: bool = True) -> str:
    """Tries every row in a freeze of its own; tells all that failed together."""
    wrong, count = [], 0
    for row in rows:
        count += 1
        freezing(bench)
        bench.wait(300)
        try:
            _trips(bench, row)
            shut(bench)
        except FailedError as error:
            wrong.append(str(error))
            bench.stop()
        real_again(bench, row.input)
        bench.wait(300)
        result, left = bench.ask(Reset())
        expect(result == Result.DONE, f"after {row.fault.name} Reset left 0x{left:X}")
    expect(not wrong, "; ".join(wrong))
    return f"{count} rows of the fault table trip in their time"


def _freeze(bench: Bench) -> str:
    inputs_simulated(bench)
    return _all_of(bench, _freeze_rows(bench))


def _engineer(bench: Bench) -> str:
    inputs_simulated(bench)
    in_maintenance(bench)
    rows = [Row(Fault.SUPPLY_EXTREME, SimulatedInput.SUPPLY, 7_601, 7_190, 100)]
    if welcome_of(bench).capabilities & Capability.HOSE_SENSOR:
        cold = to_centikelvin(-20.1)
        rows.append(Row(Fault.SIPHON, SimulatedInput.HOSE, cold, to_centikelvin(-19.9), 2_000))
    said = _all_of(bench, rows)
    freezing(bench)
    bench.wait(300)
    bench.done(End())
    bench.wait(2_100)
    _trips(bench, Row(Fault.FLOW_WHEN_SHUT, SimulatedInput.FLOW, 1_000, None, 500))
    real_again(bench, SimulatedInput.FLOW)
    bench.wait(300)
    bench.done(Reset())
    leave_maintenance(bench)
    return f"{said}, and FLOW_WHEN_SHUT"


def _stimulator(bench: Bench) -> str:
    inputs_simulated(bench)
    stimulator_fitted(bench)
    stimulating(bench)
    _trips(bench, Row(Fault.STIMULATOR_OPEN_LEAD, SimulatedInput.COMPLIANCE_PULSES, 2, 1))
    shut(bench)
    real_again(bench, SimulatedInput.COMPLIANCE_PULSES)
    bench.wait(100)
    bench.done(Reset())
    return "STIMULATOR_OPEN_LEAD at the second pulse"


def _stimulator_engineer(bench: Bench) -> str:
    inputs_simulated(bench)
    stimulator_fitted(bench)
    in_maintenance(bench)
    wrong = []
    for row in (
        Row(Fault.STIMULATOR_OVER_CURRENT, SimulatedInput.DELIVERED, 21, 20),
        Row(Fault.BOTH_ON, SimulatedInput.VALVE_OPEN, 1, 0),
    ):
        stimulating(bench)
        try:
            _trips(bench, row)
        except FailedError as error:
            wrong.append(str(error))
        real_again(bench, row.input)
        bench.done(StimulationOff())
        shut(bench)
        bench.wait(100)
        bench.done(Reset())
    leave_maintenance(bench)
    expect(not wrong, "; ".join(wrong))
    return "STIMULATOR_OVER_CURRENT, BOTH_ON"


def _over_warm(bench: Bench) -> str:
    inputs_simulated(bench)
    warming(bench)
    mark = bench.mark()
    simulate(bench, SimulatedInput.TIP, to_centikelvin(40.0), 2_000)
    shut(bench)
    expect(not bench.events(mark, EventCode.FAULT_RAISED), "warming's end at +40 °C is no fault")
    bench.refused(Thaw(1), Result.BEYOND_LIMIT)
    real_again(bench, SimulatedInput.TIP)
    return "off at +40 °C, and not on again"


def _causes(bench: Bench) -> str:
    inputs_simulated(bench)
    freezing(bench)
    mark = bench.mark()
    cap = welcome_of(bench).tip_pressure_cap_kpa
    simulate(bench, SimulatedInput.EXHAUST, cap + 50, 20_000)
    bench.until(
        lambda: _raised(bench, mark, Fault.EXHAUST_BLOCKED) or None, 2_000, "EXHAUST_BLOCKED trips"
    )
    left = bench.refused(Reset(), Result.FAULT_STANDS)
    expect(left == Fault.EXHAUST_BLOCKED, f"Reset left 0x{left:X}")
    real_again(bench, SimulatedInput.EXHAUST)
    bench.wait(200)
    bench.done(Reset())
    return "FAULT_STANDS while the cause is there, DONE once it is gone"


def _locked(bench: Bench) -> str:
    inputs_simulated(bench)
    if bench.maintained:
        raise NotApplicableError("this device stays in maintenance")
    if not welcome_of(bench).flags & 4:
        raise NotApplicableError("needs the maintenance switch to clear what it latches")
    mark = bench.mark()
    simulate(bench, SimulatedInput.SUPPLY, 7_700, 20_000)
    bench.until(
        lambda: _raised(bench, mark, Fault.SUPPLY_EXTREME) or None, 2_000, "SUPPLY_EXTREME trips"
    )
    real_again(bench, SimulatedInput.SUPPLY)
    bench.wait(200)
    left = bench.refused(Reset(), Result.MAINTENANCE_ONLY)
    expect(left == Fault.SUPPLY_EXTREME, f"Reset left 0x{left:X}")
    in_maintenance(bench)
    bench.done(Reset())
    leave_maintenance(bench)
    return "MAINTENANCE_ONLY in IDLE, DONE in MAINTENANCE"


ROWS: Final = (
    Check("safety.protection-engineer", Tier.SAFETY, "The device's own protection",
          "The rows that need an engineer trip by themselves, each in its time.", _engineer,
          Needs.REST),
    Check("safety.protection-stimulator", Tier.SAFETY, "The device's own protection",
          "Two pulses at the compliance voltage switch the stimulator off.", _stimulator,
          Needs.REST),
    Check("safety.protection-current", Tier.SAFETY, "The device's own protection",
          "Too much current, and gas with current, switch the stimulator off.",
          _stimulator_engineer, Needs.REST),
    Check("safety.engineer-only", Tier.SAFETY, "States",
          "What needs an engineer is cleared in MAINTENANCE alone.", _locked, Needs.REST),
    Check("safety.protection", Tier.SAFETY, "The device's own protection",
          "The device shuts the gas by itself on every row of its fault table.", _freeze,
          Needs.READY),
    Check("safety.reset-leaves-causes", Tier.SAFETY, "States",
          "Reset clears no fault whose cause still stands.", _causes, Needs.READY),
    Check("safety.warming-limit", Tier.SAFETY, "0x09 Thaw",
          "Active warming goes off at +40 °C.", _over_warm, Needs.READY),
)  # fmt: skip

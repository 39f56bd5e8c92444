"""The device's interlocks, a row each. Ids, limits and reactions are safety.md's D rows."""

from typing import Final

from drivers.link.codes import DeviceState, Fault
from simulator.firmware.interlocks import gas, link, stimulator, tip
from simulator.firmware.interlocks.row import Blocks, Latch, Reaction, Row

_FREEZING = (DeviceState.FREEZING,)
_THAWING = (DeviceState.THAWING,)
_STIMULATING = (DeviceState.STIMULATING,)
_CURRENT = (DeviceState.STIMULATING, DeviceState.MAINTENANCE)
_IN_PATIENT = (DeviceState.FREEZING, DeviceState.THAWING, DeviceState.STIMULATING)
_AT_REST = (DeviceState.IDLE, DeviceState.TESTING, DeviceState.STIMULATING)

ROWS: Final = (
    Row("D-lease", Fault.LEASE_LOST, link.lease_lost,
        states=(DeviceState.FREEZING, DeviceState.STIMULATING), blocks=Blocks.BOTH),
    Row("D-freeze-too-long", Fault.FREEZE_TOO_LONG, gas.freeze_too_long, states=_FREEZING),
    Row("D-over-cool", Fault.OVER_COOL, tip.over_cool, 500, _FREEZING),
    Row("D-cooled-past-limit", Fault.COOLED_PAST_LIMIT, tip.cooled_past_limit),
    Row("D-fails-to-cool", Fault.FAILS_TO_COOL, tip.fails_to_cool, states=_FREEZING),
    Row("D-impossible", Fault.TEMPERATURE_IMPOSSIBLE, tip.impossible, 20),
    Row("D-jump", Fault.TEMPERATURE_IMPOSSIBLE, tip.jumped_and_back),
    Row("D-thermocouple-open", Fault.THERMOCOUPLE_OPEN, tip.thermocouple_open, 100),
    Row("D-thermocouple-short", Fault.THERMOCOUPLE_SHORT, tip.thermocouple_short, 100),
    Row("D-thermocouple-stuck", Fault.THERMOCOUPLE_STUCK, tip.thermocouple_stuck,
        states=(DeviceState.FREEZING, DeviceState.THAWING)),
    Row("D-over-warm", Fault.OVER_WARM, tip.over_warm, 200),
    Row("D-exhaust-blocked", Fault.EXHAUST_BLOCKED, gas.exhaust_blocked, 200),
    Row("D-orifice-blocked", Fault.ORIFICE_BLOCKED, gas.orifice_blocked, 3_000, _FREEZING),
    Row("D-supply-low", Fault.SUPPLY_LOW, gas.supply_low, 2_000, _FREEZING,
        latch=Latch.WHILE_RUNNING),
    Row("D-supply-high", Fault.SUPPLY_HIGH, gas.supply_high, 1_000, _FREEZING,
        latch=Latch.WHILE_RUNNING),
    Row("D-supply-extreme", Fault.SUPPLY_EXTREME, gas.supply_extreme, 100,
        reaction=Reaction.SAFE_ISOLATED, latch=Latch.ENGINEER),
    Row("D-flow-when-shut", Fault.FLOW_WHEN_SHUT, gas.flow_when_shut, 500, _THAWING,
        reaction=Reaction.SAFE_ISOLATED, latch=Latch.ENGINEER),
    Row("D-stays-cold", Fault.FLOW_WHEN_SHUT, tip.stays_cold, 100, _THAWING,
        reaction=Reaction.SAFE_ISOLATED, latch=Latch.ENGINEER),
    Row("D-leak", Fault.LEAK, gas.flow_when_shut, 1_000, _AT_REST,
        reaction=Reaction.SAFE_ISOLATED, latch=Latch.ENGINEER),
    Row("D-siphon", Fault.SIPHON, gas.siphon, 2_000, latch=Latch.ENGINEER),
    Row("D-siphon-flow", Fault.SIPHON, gas.too_much_flow, 1_000, _FREEZING,
        latch=Latch.ENGINEER),
    Row("D-probe-missing", Fault.PROBE_MISSING, link.probe_missing, 100, _IN_PATIENT,
        blocks=Blocks.BOTH),
    Row("D-probe-changed", Fault.PROBE_CHANGED, link.probe_changed, 100, _IN_PATIENT,
        blocks=Blocks.BOTH),
    Row("D-both-on", Fault.BOTH_ON, stimulator.both_on, latch=Latch.ENGINEER, blocks=Blocks.BOTH),
    Row("D-open-lead", Fault.STIMULATOR_OPEN_LEAD, stimulator.open_lead, 0, _CURRENT,
        Reaction.STIMULATION_OFF, blocks=Blocks.STIMULATOR),
    Row("D-over-current", Fault.STIMULATOR_OVER_CURRENT, stimulator.over_current, 0, _CURRENT,
        Reaction.STIMULATION_OFF, Latch.ENGINEER, Blocks.STIMULATOR),
    Row("D-stimulator-step", Fault.STIMULATOR_STEP, stimulator.stepped, 0, _STIMULATING,
        Reaction.STIMULATION_OFF, blocks=Blocks.STIMULATOR),
    Row("D-brown-out", Fault.BROWN_OUT, link.brown_out, blocks=Blocks.BOTH),
    Row("D-watchdog", Fault.WATCHDOG, link.restarted_by_watchdog, blocks=Blocks.BOTH),
)  # fmt: skip

ROWS_IN: Final = {
    state: tuple(
        (index, row.predicate)
        for index, row in enumerate(ROWS)
        if row.states is None or state in row.states
    )
    for state in DeviceState
}
"""(place in ROWS, predicate) of the rows that are watched in each state."""

"""docs/protocol.json is the one definition: what is made from it is fresh, and the application's
own tables, the simulator's firmware and the minimal device agree with it."""

import re

import pytest

from drivers.link import codes, device, host, messages
from simulator.firmware import calibration, facts, inputs, running, settings
from simulator.firmware.commands import console, freeze, maintenance, stimulate
from simulator.firmware.interlocks import gas, stimulator, tip
from simulator.firmware.interlocks.row import Blocks, Latch, Reaction
from simulator.firmware.interlocks.table import ROWS
from tests.link import definition
from tests.link.make_protocol import files
from tests.minimal_device import codes as minimal

KNOWN = definition.definition()
LIMITS = {one["name"]: one["value"] for one in KNOWN["limits"]}


def test_everything_made_from_it_is_fresh() -> None:
    for path, text in files().items():
        assert path.read_text(encoding="utf-8") == text, (
            f"{path.name} is stale: run python -m tests.link.make_protocol"
        )


def test_the_messages_are_the_drivers() -> None:
    known = messages.FROM_HOST + messages.FROM_DEVICE
    assert [(one["kind"], one["name"]) for one in KNOWN["messages"]] == [
        (message.KIND, message.__name__) for message in known
    ]
    assert definition.schema(KNOWN) == messages.schema()
    assert definition.schema_hash(KNOWN) == messages.SCHEMA_HASH
    for minor, known_hash in messages.SCHEMA_HASHES.items():
        assert definition.schema_hash(KNOWN, minor) == known_hash
    host_sends = set(messages.FROM_HOST) - {messages.SimulateInput}  # that is conformance's
    assert max(message.SINCE for message in host_sends) == messages.HOST_MINOR
    assert (KNOWN["major"], KNOWN["minor"]) == (messages.VERSION_MAJOR, messages.VERSION_MINOR)


def test_the_codes_are_the_drivers() -> None:
    for name, members in KNOWN["codes"].items():
        ours = {member.name: member.value for member in getattr(codes, name)}
        assert {one["name"]: one["value"] for one in members} == ours, name
    assert {one["name"]: 1 << one["bit"] for one in KNOWN["faults"]} == {
        fault.name: fault.value for fault in codes.Fault
    }


def test_the_constants_are_the_drivers() -> None:
    sides = {"host": host, "device": device}
    for one in KNOWN["constants"]:
        assert getattr(sides[one["of"]], one["name"]) == one["value"], one


# --- the simulator's firmware -----------------------------------------------------------------

# (limit, where the firmware has it, by what factor its unit is larger)
_FIRMWARE = [
    *((name, settings, name, 1) for name in (
        "LEASE_FREEZE_MS", "LEASE_STIMULATION_MS", "FROM_TARGET_CAP_MS", "STIMULATION_CAP_UA",
        "STIMULATION_CAP_MS", "BOOT_TELEMETRY_PER_SECOND", "LOWEST_TELEMETRY_TO_START",
        "WATCHDOG_MS", "WARMING_CAP_MS", "SIMULATE_CAP_MS", "ABSOLUTE_CAP_MS",
        "TIP_PRESSURE_CAP_KPA",
    )),
    ("WARMING_STOPS_CENTICELSIUS", settings, "WARMING_STOPS_CELSIUS", 100),
    ("OVER_WARM_CENTICELSIUS", tip, "OVER_WARM_CELSIUS", 100),
    ("FREEZE_CAP_MS", settings, "PLAN_CAP_MS", 1),
    ("WARMEST_TARGET_CENTICELSIUS", freeze, "WARMEST_TARGET_CELSIUS", 100),
    ("AT_TARGET_CENTIKELVIN", running, "AT_TARGET_K", 100),
    ("AT_TARGET_MS", running, "AT_TARGET_MS", 1),
    ("RELEASE_CENTICELSIUS", running, "RELEASE_CELSIUS", 100),
    ("RELEASE_MS", running, "RELEASE_MS", 1),
    ("LEAK_KPA", running, "LEAK_KPA", 1),
    ("PEDAL_FREEZE_MS", inputs, "PEDAL_FREEZE_MS", 1),
    ("PROBE_MS", inputs, "PROBE_MS", 1),
    *((name, console, name, 1) for name in ("SELF_TEST_MS", "LEAK_SETTLE_MS", "LEAK_MEASURE_MS")),
    *((name, maintenance, name, 1) for name in ("EXERCISE_CAP_MS", "EXERCISE_UA_PER_PERCENT")),
    ("OVER_COOL_CENTIKELVIN", tip, "OVER_COOL_K", 100),
    ("NOT_COOLING_CENTIKELVIN", tip, "NOT_COOLING_ABOVE_K", 100),
    ("FIRST_FALL_CENTIKELVIN", tip, "FIRST_FALL_K", 100),
    ("STARTED_WARM_CENTICELSIUS", tip, "STARTED_WARM_CELSIUS", 100),
    ("FAR_ABOVE_CENTIKELVIN", tip, "FAR_ABOVE_K", 100),
    ("STAYS_COLD_CENTICELSIUS", tip, "STAYS_COLD_CELSIUS", 100),
    ("STAYS_COLD_RISE_CENTIKELVIN", tip, "STAYS_COLD_RISE_K", 100),
    ("JUMP_CENTIKELVIN", tip, "JUMP_K", 100),
    *((name, tip, name, 1) for name in (
        "STUCK_LEAST_GAS_MS", "FIRST_FALL_MS",
        "FAR_ABOVE_MS", "STAYS_COLD_MS", "STAYS_COLD_UNTIL_MS", "STUCK_MS",
        "STUCK_WITHIN_MS",
    )),
    ("MOVED_CENTIKELVIN", facts, "MOVED_K", 100),
    ("OVERTIME_MS", gas, "OVERTIME_MS", 1),
    ("FLOW_GONE_MS", gas, "FLOW_GONE_MS", 1),
    ("ORIFICE_LEAST_DUTY_PERCENT", gas, "LEAST_DUTY", 100),
    ("BLOCKED_FLOW_PERCENT", gas, "BLOCKED_FLOW_SHARE", 100),
    ("SHUT_FLOW_PERCENT", gas, "SHUT_FLOW_SHARE", 100),
    ("SIPHON_CENTICELSIUS", gas, "SIPHON_CELSIUS", 100),
    ("LIQUID_LEAST_DUTY_PERCENT", gas, "LIQUID_LEAST_DUTY", 100),
    ("LIQUID_HOSE_CENTIKELVIN", gas, "LIQUID_HOSE_K", 100),
    ("OVER_CURRENT_PERCENT", stimulator, "OVER_SHARE", 100),
    ("DIFFERS_PERCENT", stimulator, "DIFFERS_SHARE", 100),
    *((name, stimulator, name, 1) for name in (
        "RESOLUTION_UA", "DIFFERS_UA", "STEP_UA", "COMPLIANCE_PULSES",
    )),
]  # fmt: skip
_NOT_ONE_NUMBER_THERE = {
    "RAMP_UA": running.RAMP_UA * 100 // settings.CONTROL_MS + 50,  # under it, by its step
    "SENSORY_SLOWEST_DECIHERTZ": stimulate.RATES[codes.StimulationKind.SENSORY][0],
    "SENSORY_FASTEST_DECIHERTZ": stimulate.RATES[codes.StimulationKind.SENSORY][1],
    "MOTOR_SLOWEST_DECIHERTZ": stimulate.RATES[codes.StimulationKind.MOTOR][0],
    "MOTOR_FASTEST_DECIHERTZ": stimulate.RATES[codes.StimulationKind.MOTOR][1],
    "SHORTEST_PULSE_US": stimulate.PULSE_US[0],
    "LONGEST_PULSE_US": stimulate.PULSE_US[1],
    "FASTEST_TELEMETRY_PER_SECOND": 50,
    "SUPPLY_EXTREME_KPA": settings.settings_for(codes.Gas.N2O).supply_extreme_kpa,
    "LIQUID_FLOW_LOW_PERCENT": 100 * gas.LIQUID_FLOW_SHARE[0],
    "LIQUID_FLOW_HIGH_PERCENT": 100 * gas.LIQUID_FLOW_SHARE[1],
}


@pytest.mark.parametrize(("limit", "module", "name", "factor"), _FIRMWARE, ids=str)
def test_a_limit_is_the_firmware_s(limit: str, module: object, name: str, factor: int) -> None:
    assert LIMITS[limit] == pytest.approx(getattr(module, name) * factor)


def test_no_limit_is_left_out() -> None:
    assert {one[0] for one in _FIRMWARE} | set(_NOT_ONE_NUMBER_THERE) == set(LIMITS)
    for name, value in _NOT_ONE_NUMBER_THERE.items():
        assert LIMITS[name] == pytest.approx(value), name


def test_the_gases_are_the_firmware_s() -> None:
    for one in KNOWN["gases"]:
        own = settings.settings_for(codes.Gas[one["gas"]])
        assert one == {
            "gas": own.gas.name,
            "coldest_target_centicelsius": 100 * own.coldest_target_celsius,
            "usual_target_centicelsius": 100 * own.usual_target_celsius,
            "lowest_tip_centicelsius": 100 * own.lowest_tip_celsius,
            "impossible_centicelsius": 100 * own.impossible_celsius,
            "supply_start_low_kpa": own.supply_start_kpa[0],
            "supply_start_high_kpa": own.supply_start_kpa[1],
            "supply_stop_low_kpa": own.supply_stop_kpa[0],
            "supply_stop_high_kpa": own.supply_stop_kpa[1],
        }


def test_the_calibration_records_are_the_firmware_s_and_the_minimal_device_s() -> None:
    largest = [one["largest"] for one in KNOWN["calibration"]]
    assert largest == list(calibration.LIMITS)
    assert largest[: len(minimal.CALIBRATION)] == list(minimal.CALIBRATION)  # it speaks 1.0


_LATCHES = {
    Latch.LATCHED: "RESET",
    Latch.ENGINEER: "engineer",
    Latch.WHILE_RUNNING: "by itself when IDLE and gone",
}
_REACTIONS = {
    Reaction.SAFE: "everything off",
    Reaction.SAFE_ISOLATED: "everything off, supply isolated",
    Reaction.STIMULATION_OFF: "stimulator off",
}


@pytest.mark.parametrize("one", KNOWN["faults"], ids=lambda one: one["name"])
def test_a_fault_s_rows_are_the_firmware_s(one: definition.Definition) -> None:
    rows = [row for row in ROWS if row.fault.name == one["name"]]
    assert one["rows"] == [
        {"states": row.states and [state.name for state in row.states], "hold_ms": row.hold_ms}
        for row in rows
    ]
    for row in rows:
        assert one["cleared_by"] == _LATCHES[row.latch]
        assert one["reaction"] == _REACTIONS[row.reaction]
        assert one["blocks"] == [
            block.name.lower() for block in (Blocks.GAS, Blocks.STIMULATOR) if row.blocks & block
        ]


def test_the_faults_of_the_minimal_device_are_these() -> None:
    bits = {one["name"]: one["bit"] for one in KNOWN["faults"]}
    assert {fault.name: int(fault) for fault in minimal.Fault}.items() <= bits.items()
    engineers = {one["name"] for one in KNOWN["faults"] if one["cleared_by"] == "engineer"}
    assert {fault.name for fault in minimal.ENGINEER} == engineers & {
        fault.name for fault in minimal.Fault
    }


# --- the definition in itself -----------------------------------------------------------------


def test_every_result_and_state_that_is_named_exists() -> None:
    results, states = codes.Result.__members__, codes.DeviceState.__members__
    assert {row["result"] for row in (*KNOWN["arm"], *KNOWN["start"])} - {"as above"} <= set(
        results
    )
    for row in KNOWN["states"]:
        for state in set(row) - {"message"}:
            assert state in states
            word = row[state].split(" (")[0]
            assert word in {"-", "no answer"} | set(results) | set(states), row


def test_names_and_numbers_are_given_once() -> None:
    for members in (*KNOWN["codes"].values(), KNOWN["limits"], KNOWN["constants"]):
        names = [one["name"] for one in members]
        assert len(set(names)) == len(names)
    for members in KNOWN["codes"].values():
        values = [one["value"] for one in members]
        assert len(set(values)) == len(values)
    macros = re.findall(r"^#define (\w+)", definition.header(KNOWN), re.M)
    assert len(set(macros)) == len(macros)

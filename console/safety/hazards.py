"""The hazard table as people read it: thresholds with their numbers, the tests of each row, and the
document docs/hazards.md, which is generated from here."""

import string
from typing import Any, Final

import msgspec

from console.safety.limits import Limits
from console.safety.rows import ROWS, Row

_ASKED: Final = "tests/safety/test_safety_rows.py::test_the_supervisor_asks_every_watch[{}]"
_TRIPS: Final = (
    "tests/safety/test_safety_supervisor.py::test_a_fault_of_the_device_trips_as_its_row_says[{}]"
)
_TABLE: Final = "tests/safety/test_safety_truth.py::test_every_input_alone_flips_its_row[{}]"
_INTERLOCKS: Final = "tests/simulator/test_firmware_interlocks.py::"
_AT_LIMIT: Final = _INTERLOCKS + "test_outside_it_trips_when_its_time_is_up[{}]"
_DEVICE_TABLES: Final = {
    "lease_lost": "tests/simulator/test_firmware_freeze.py::"
    "test_lease_counts_from_the_echo_to_the_millisecond",
    "over_cool": _AT_LIMIT.format("over-cool"),
    "cooled_past_limit": _AT_LIMIT.format("past-limit"),
    "fails_to_cool": _INTERLOCKS + "test_fails_to_cool",
    "freeze_too_long": _INTERLOCKS + "test_freeze_too_long_is_a_second_past_the_end_or_300_s",
    "flow_when_shut": _AT_LIMIT.format("flow-shut"),
    "temperature_impossible": _AT_LIMIT.format("impossible"),
    "thermocouple_open": _AT_LIMIT.format("open"),
    "thermocouple_short": _AT_LIMIT.format("short"),
    "over_warm": _AT_LIMIT.format("over-warm"),
    "thermocouple_stuck": _INTERLOCKS + "test_thermocouple_stuck_only_after_the_valve_has_moved",
    "supply_low": _AT_LIMIT.format("supply-low"),
    "supply_high": _AT_LIMIT.format("supply-high"),
    "supply_extreme": _AT_LIMIT.format("supply-extreme"),
    "exhaust_blocked": _AT_LIMIT.format("exhaust"),
    "orifice_blocked": _INTERLOCKS + "test_orifice_blocked",
    "leak": _AT_LIMIT.format("leak"),
    "siphon": _AT_LIMIT.format("siphon"),
    "probe_missing": _AT_LIMIT.format("missing"),
    "probe_changed": _AT_LIMIT.format("changed"),
    "both_on": _AT_LIMIT.format("both-on"),
    "stimulator_open_lead": _AT_LIMIT.format("open-lead"),
    "stimulator_over_current": _AT_LIMIT.format("over-current"),
    "stimulator_step": _INTERLOCKS + "test_stimulator_step",
    "brown_out": _AT_LIMIT.format("brown-out"),
    "watchdog": "tests/simulator/test_firmware_restart.py::"
    "test_the_watchdog_bites_at_half_a_second",
}
"""Of the simulated console's own interlock: its inputs, and its limit at, under and over."""
_END_TO_END: Final = (
    "tests/endtoend/test_e2e_rows.py::test_a_fault_is_one_alarm_a_safe_state_and_a_reset[{}]"
)
_OWN_END_TO_END: Final = {
    "stop": "tests/endtoend/test_e2e_rows.py::"
    "test_an_own_stop_is_no_alarm_and_shuts_the_gas_at_once",
    "watchdog": "tests/endtoend/test_e2e_rows.py::"
    "test_a_console_that_hangs_restarts_itself_and_is_one_alarm",
}
ELSEWHERE: Final = frozenset(
    {
        "stop",
        "control_lost",
        "second_application",
        "console_unfit",
        "release_early",
        "wrong_site",
    }
)
"""Rows that another part than the supervisor reacts to: no watch finds them, no fault bit tells
them, and their own `tests` are all their evidence."""
BY_REFUSAL: Final = ELSEWHERE | {"probe_unusable"}
"""Of the rows with the device as a detector: those where it refuses, and sets no fault bit."""


class _Numbers(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return str(format(value, format_spec or ("g" if isinstance(value, float) else "")))


class Hazard(msgspec.Struct, frozen=True):
    """One row as `cryoprobe hazards --json` prints it. `tests` are pytest ids; one without brackets
    stands for all its parameters."""

    id: str
    hazard: str
    cause: str
    detectors: tuple[str, ...]
    threshold: str
    reaction_ms: int | None
    state: str
    priority: str | None
    latch: str
    happened: str
    to_do: str
    residual: str
    tests: tuple[str, ...]
    not_injected: str


def hazards(limits: Limits) -> tuple[Hazard, ...]:
    """All rows, with the numbers of `limits`."""
    groups: dict[str, Any] = {name: getattr(limits, name) for name in limits.__struct_fields__}
    return tuple(
        Hazard(
            id=row.id,
            hazard=row.hazard,
            cause=row.cause,
            detectors=row.detectors,
            threshold=_Numbers().format(row.threshold, **groups),
            reaction_ms=row.reaction_ms,
            state=row.state.value,
            priority=row.priority.value if row.priority is not None else None,
            latch=row.latch.value,
            happened=row.happened,
            to_do=row.to_do,
            residual=row.residual,
            tests=tests(row),
            not_injected=row.not_injected,
        )
        for row in ROWS
    )


def tests(row: Row) -> tuple[str, ...]:
    """The evidence of a row: what every row of its kind has, then its own."""
    found: list[str] = []
    if "host" in row.detectors and row.id not in ELSEWHERE:
        found += [_TABLE.format(row.id), _ASKED.format(row.id)]
    if "device" in row.detectors and row.id not in BY_REFUSAL:
        found += [_DEVICE_TABLES[row.id], _TRIPS.format(row.id)]
    if not row.not_injected:
        found.append(_OWN_END_TO_END.get(row.id, _END_TO_END.format(row.id)))
    return (*found, *row.tests)


def as_text(table: tuple[Hazard, ...]) -> str:
    """For a terminal."""
    lines: list[str] = []
    for one in table:
        lines += [f"{one.id}: {one.hazard}", f"    {_facts(one)}", f"    when: {one.threshold}"]
        lines += [f"    {test}" for test in one.tests]
    return "\n".join(lines)


def as_markdown(table: tuple[Hazard, ...]) -> str:
    """docs/hazards.md."""
    out = [
        "# Hazards",
        "",
        "Generated by `make docs` from the rows in console/safety/rows; not to be edited.",
        "The thresholds are engineering proposals. SS1: gas shut, exhaust open, stimulation off,",
        "passive thaw. SS2: no start. SS3: stimulation off. Held: the probe is not called free.",
        "Reaction times are limits of the design; the evidence of a row says what is measured.",
        "Latched: until it is acknowledged, its cause gone. Engineer: kept by this computer with",
        "the console's serial number, through every restart, until `cryoprobe alarms release",
        "SERIAL`; it blocks a start alone. `cryoprobe alarms list` prints what is kept, and the",
        "history.",
        "For development, teaching and research; not a cleared medical device.",
        "",
        f"{len(table)} rows.",
        "",
        "## Rows and evidence",
        "",
        "Host: a truth table in which every input alone flips the watch, limits at, under and",
        "over; the supervisor asks that watch, and trips. Console: the same of the simulated",
        "console's own interlock; its fault bit trips the host. End to end: the fault is injected",
        "into the simulated console or the line, over real bytes; text, priority, reaction in",
        "device time, safe state, latch and reset are asserted.",
        "",
        "| row | host: table | trips | console: table | trips | end to end | further tests |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(_evidence(one) for one in table),
    ]
    for one in table:
        out += [
            "",
            f"## {one.id}",
            "",
            f"- Hazard: {one.hazard}",
            f"- Cause: {one.cause}",
            f"- Row: {_facts(one)}",
            f"- Threshold: {one.threshold}",
            f'- Says: "{one.happened.replace("{detail}", "…")}" · "{one.to_do}"',
            "- Evidence: " + ", ".join(f"`{test}`" for test in one.tests),
            f"- Residual risk: {one.residual}",
        ]
    return "\n".join(out) + "\n"


def _evidence(one: Hazard) -> str:
    """The row's line in the table of evidence."""
    known = [kind.format(one.id) for kind in (_TABLE, _ASKED)]
    known += [_DEVICE_TABLES.get(one.id, ""), _TRIPS.format(one.id)]
    end = {_END_TO_END.format(one.id), _OWN_END_TO_END.get(one.id, "")}
    cells = ["yes" if test in one.tests else "-" for test in known]
    injected = "yes" if end & set(one.tests) else f"no: {one.not_injected}"
    further = len(set(one.tests) - set(known) - end)
    return f"| [{one.id}](#{one.id}) | {' | '.join(cells)} | {injected} | {further or '-'} |"


def _facts(one: Hazard) -> str:
    within = f" within {one.reaction_ms:,} ms" if one.reaction_ms is not None else ""
    alarm = f"{one.priority} priority" if one.priority is not None else "no alarm of its own"
    latch = {"no": "not latched", "operator": "latched", "engineer": "latched, engineer"}[one.latch]
    state = "goes on" if one.state == "-" else one.state
    return f"{' and '.join(one.detectors)}; {state}{within}; {alarm}; {latch}"

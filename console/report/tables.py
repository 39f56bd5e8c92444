"""The session as tidy tables: a row an observation, a column a variable, its unit in its name.

An empty field is unknown. `manifest.json` says what each column holds, how many rows each table has
and the SHA-256 of each, and names the record that they come from by its head.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec

from console.model.quantities import milli_of
from console.model.stimulation import StimulationRecord, StimulationStep
from console.report import words
from console.report.account import Account, Estimated, Freeze, Reading, Told
from drivers.inputs.text import safe, shown

Cell = str | float | int | bool | None


class Column(msgspec.Struct, frozen=True):
    """A column: its name with its unit, what it holds, and how it is had of a row's source."""

    name: str
    unit: str
    meaning: str
    of: Callable[[Any], Cell]


def _seen(name: str, unit: str, meaning: str) -> Column:
    return Column(name, unit, meaning, lambda row: getattr(row.seen, name))


SAMPLES: Final[tuple[Column, ...]] = (
    Column("time_s", "s", "device time since the first reading", lambda row: row.at_s),
    Column("boot", "", "restarts of the console before this reading", lambda row: row.boot),
    _seen("at_ms", "ms", "device time as stamped, since the console's own start"),
    Column("state", "", "what the console said it was doing", lambda row: row.seen.state.value),
    _seen("valve_open", "", "supply valve, read back"),
    _seen("exhaust_open", "", "exhaust valve, read back"),
    _seen("warming", "", "active warming, read back"),
    _seen("stimulator_on", "", "stimulator, read back"),
    _seen("tip_celsius", "Cel", "tip temperature, measured"),
    Column("tip_quality", "", "quality of that reading", lambda row: row.seen.tip_quality.value),
    _seen("hose_celsius", "Cel", "hose temperature, measured"),
    _seen("room_celsius", "Cel", "room temperature, measured"),
    _seen("supply_kpa", "kPa", "supply pressure, absolute"),
    _seen("exhaust_kpa", "kPa", "exhaust pressure at the tip, absolute"),
    _seen("flow_mg_s", "mg/s", "flow of gas"),
    _seen("valve_percent", "%", "opening of the supply valve"),
    _seen("delivered_ua", "uA", "stimulation current, delivered"),
    _seen("impedance_ohm", "Ohm", "impedance of the electrode"),
    _seen("remaining_freeze_ms", "ms", "left of the freeze by the console's timer"),
    _seen("remaining_lease_ms", "ms", "left of the host's lease"),
    Column("faults", "", "faults that the console told", lambda row: " ".join(row.seen.faults)),
)


class _OfSession(msgspec.Struct, frozen=True):
    account: Account
    freeze: Freeze

    @property
    def side(self) -> str | None:
        site = self.account.site(self.freeze.record.site)
        return None if site is None else site.side.value

    @property
    def nerve(self) -> str | None:
        site = self.account.site(self.freeze.record.site)
        return None if site is None else site.nerve


def _record(name: str, unit: str, meaning: str) -> Column:
    return Column(name, unit, meaning, lambda row: getattr(row.freeze.record, name))


def _model(name: str, unit: str, meaning: str, part: str) -> Column:
    def of(row: _OfSession) -> Cell:
        model = row.freeze.model
        return None if model is None else float(getattr(getattr(model, name), part))

    suffix = "" if part == "value" else f"_{part}"
    return Column(f"model_{name}{suffix}", unit, f"{meaning} ({words.MODEL})", of)


_KEY: Final = (
    ("site", "number of the site in the plan", lambda key: key.site + 1),
    ("placement", "where the probe stood at the site, one more at each move",
     lambda key: key.placement),
    ("freeze", "number of the freeze in the site's plan", lambda key: key.number),
    ("run", "1, and one more each time that this freeze was repeated", lambda key: key.run),
)  # fmt: skip
"""What names a freeze."""


def _keyed(of: Callable[[Any], Any], names: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """Columns of the key that `of` finds in a row, or of those of its parts that are named."""

    def column(name: str, meaning: str, part: Callable[[Any], int]) -> Column:
        def value(row: Any) -> Cell:
            key = of(row)
            return None if key is None else part(key)

        return Column(name, "", meaning, value)

    return tuple(column(*each) for each in _KEY if not names or each[0] in names)


FREEZES: Final[tuple[Column, ...]] = (
    *_keyed(lambda row: row.freeze.key),
    Column("side", "", "side of the site", lambda row: row.side),
    Column("nerve", "", "nerve of the site", lambda row: row.nerve),
    Column("began_s", "s", "gas-on, since the first reading", lambda row: row.freeze.began_s),
    Column("ended_s", "s", "gas-off, since the first reading", lambda row: row.freeze.ended_s),
    _record("planned_freeze_s", "s", "planned length"),
    _record("extended_s", "s", "what it was extended by"),
    Column("state", "", "what became of it", lambda row: row.freeze.record.state.value),
    Column(
        "end", "", "what ended it",
        lambda row: None if row.freeze.record.end is None else row.freeze.record.end.value,
    ),
    _record("start_tip_celsius", "Cel", "tip at gas-on"),
    _record("lowest_tip_celsius", "Cel", "lowest tip"),
    _record("time_to_target_s", "s", "from gas-on to target"),
    _record("time_at_target_s", "s", "within 3 degrees of the target"),
    _record("gas_g", "g", "gas used, reckoned from the flow"),
    _record("thaw_s", "s", "thaw, to the next start or to free"),
    _record("highest_thaw_celsius", "Cel", "highest tip of the thaw"),
    *(
        _model(name, unit, meaning, part)
        for name, unit, meaning in (
            ("ice_edge_mm", "mm", "ice edge across, largest"),
            ("minus20_mm", "mm", "-20 Cel across, largest"),
            ("minus20_reach_mm", "mm", "-20 Cel from the probe's surface, largest"),
            ("nerve_below_s", "s", "time of the nerve below -20 Cel in this freeze and its thaw"),
            ("nerve_in_all_s", "s", "the same of all freezes at this place up to its end"),
        )
        for part in ("value", "low", "high")
    ),
)  # fmt: skip


def _told(name: str, unit: str, meaning: str) -> Column:
    return Column(name, unit, meaning, lambda row: getattr(row, name))


EVENTS: Final[tuple[Column, ...]] = (
    Column("time_s", "s", "device time since the first reading", lambda row: row.at_s),
    _told("wall", "", "local time, ISO 8601"),
    Column("kind", "", "what kind of event", lambda row: row.kind.value),
    *_keyed(lambda row: row.place, ("site", "placement")),
    *_keyed(lambda row: row.freeze, ("freeze", "run")),
    _told("text", "", "in words"),
)


def _band(name: str, unit: str, meaning: str, part: str) -> Column:
    suffix = "" if part == "value" else f"_{part}"
    told = f"{meaning} ({words.MODEL})"
    return Column(
        f"{name}{suffix}", unit, told, lambda row: getattr(getattr(row.estimate, name), part)
    )


ESTIMATES: Final[tuple[Column, ...]] = (
    Column("time_s", "s", "device time since the first reading", lambda row: row.at_s),
    *_keyed(lambda row: row.place, ("site", "placement")),
    *(
        _band(name, unit, meaning, part)
        for name, unit, meaning in (
            ("ice_edge_mm", "mm", "ice edge across"),
            ("minus20_mm", "mm", "-20 Cel across"),
            ("minus20_reach_mm", "mm", "-20 Cel from the probe's surface"),
            ("nerve_below_s", "s", "time of the nerve below -20 Cel since the model began here"),
        )
        for part in ("value", "low", "high")
    ),
    Column(
        "nerve_distance_mm", "mm", "assumed distance of the nerve from the probe's surface",
        lambda row: row.estimate.nerve_distance_mm,
    ),
)  # fmt: skip


class _Step(msgspec.Struct, frozen=True):
    number: int
    began_s: float
    test: StimulationRecord
    step: StimulationStep


def _test(name: str, unit: str, meaning: str, of: Callable[[StimulationRecord], Cell]) -> Column:
    return Column(name, unit, meaning, lambda row: of(row.test))


def _step(name: str, unit: str, meaning: str, of: Callable[[StimulationStep], Cell]) -> Column:
    return Column(name, unit, meaning, lambda row: of(row.step))


CHECK: Final[tuple[Column, ...]] = (
    Column("time_s", "s", "device time since the first reading", lambda row: row.at_s),
    Column("line", "", "line of the console check", lambda row: row.given.item.value),
    Column("standing", "", "what it came to", lambda row: row.given.standing.value),
    Column("measure", "", "what was measured, with units", lambda row: row.given.measure or None),
    Column("how", "", "empty: by hand and by measure; else who answered, or why it is open",
           lambda row: row.given.how or None),
)  # fmt: skip

TIME_OUT: Final[tuple[Column, ...]] = (
    Column("time_s", "s", "device time since the first reading", lambda row: row.at_s),
    Column("line", "", "line of the card", lambda row: row.given.item.value),
    Column("clear", "", "as it has to be", lambda row: row.given.clear),
    Column("how", "", "empty: the team; else who answered, or why it went on",
           lambda row: row.given.how or None),
)  # fmt: skip

STIMULATION: Final[tuple[Column, ...]] = (
    Column("test", "", "number of the test in the session", lambda row: row.number),
    Column("began_s", "s", "its start, since the first reading", lambda row: row.began_s),
    Column(
        "time_s", "s", "this step, since the first reading",
        lambda row: row.began_s + (row.step.at_ms - row.test.started_ms) / 1_000,
    ),
    _test("site", "", "number of the site", lambda test: test.site + 1),
    _test("placement", "", "where the probe stood", lambda test: test.placement),
    _test("kind", "", "sensory or motor", lambda test: test.kind.value),
    _test("rate_hz", "Hz", "rate of the pulses", lambda test: test.rate_hz),
    _test("pulse_ms", "ms", "length of a pulse", lambda test: test.pulse_ms),
    _test("amplitude_unit", "", "unit of the amplitudes: mA or V", lambda test: test.unit),
    _step("amplitude_set", "amplitude_unit", "set", lambda step: milli_of(step.set_ua)),
    _step(
        "amplitude_delivered", "amplitude_unit", "delivered, read back",
        lambda step: milli_of(step.delivered_ua),
    ),
    _step("impedance_ohm", "Ohm", "of the electrode", lambda step: step.impedance_ohm),
    _test(
        "answer", "", "marked for the test",
        lambda test: None if test.answer is None else test.answer.value,
    ),
    _test(
        "answered_by", "", "the operator, or on a simulated console its patient",
        lambda test: None if test.answer is None else test.by.value,
    ),
    _test(
        "answered_at", "amplitude_unit", "amplitude at which it was marked",
        lambda test: milli_of(test.answered_ua),
    ),
    _test("end", "", "what ended the test", lambda test: test.end.value if test.end else None),
)  # fmt: skip
"""A row a step of the amplitude."""

OVERRIDES: Final[tuple[Column, ...]] = (
    Column("time_s", "s", "device time since the first reading", lambda row: row.at_s),
    Column("site", "", "number of the site", lambda row: row.given.site + 1),
    Column("placement", "", "where the probe stood", lambda row: row.given.placement),
    Column("kind", "", "what was gone on without", lambda row: row.given.kind.value),
    Column("missing", "", "what was missing, in words", lambda row: row.given.what),
    Column("reason", "", "why", lambda row: row.given.reason),
)

PAIN: Final[tuple[Column, ...]] = (
    Column("time_s", "s", "device time since the first reading", lambda row: row.at_s),
    Column("site", "", "number of the site", lambda row: row.given.site + 1),
    Column("after", "", "freezes of the site that had run", lambda row: row.given.after),
    Column("score", "", "0 (none) to 10 (the worst)", lambda row: row.given.score),
)

AMENDMENTS: Final[tuple[Column, ...]] = (
    _told("wall", "", "local time, ISO 8601"),
    _told("who", "", "initials"),
    _told("why", "", "the reason"),
    _told("text", "", "what was added"),
)


def tables(account: Account, *, decimal_comma: bool = False) -> dict[str, bytes]:
    """The files by name, manifest included; the same account gives the same bytes.
    `decimal_comma`: 1,5 for 1.5, and semicolons between fields."""
    readings: Iterable[Reading] = account.readings
    events: Iterable[Told] = account.events
    estimates: Iterable[Estimated] = account.estimates
    freezes = [_OfSession(account, each) for each in account.freezes]
    steps = [
        _Step(number, each.began_s, each.record, step)
        for number, each in enumerate(account.tests, 1)
        for step in each.record.steps
    ]
    made = {
        "samples.csv": (SAMPLES, readings),
        "freezes.csv": (FREEZES, freezes),
        "events.csv": (EVENTS, events),
        "estimates.csv": (ESTIMATES, estimates),
        "check.csv": (CHECK, account.check),
        "time_out.csv": (TIME_OUT, account.time_out),
        "stimulation.csv": (STIMULATION, steps),
        "overrides.csv": (OVERRIDES, account.overrides),
        "pain.csv": (PAIN, account.pain),
        "amendments.csv": (AMENDMENTS, account.amendments),
    }
    files: dict[str, bytes] = {}
    listed = []
    for name, (columns, rows) in made.items():
        files[name], count = _written(columns, rows, decimal_comma)
        listed.append(
            {
                "file": name,
                "rows": count,
                "sha256": hashlib.sha256(files[name]).hexdigest(),
                "columns": [
                    {"name": each.name, "unit": each.unit, "meaning": each.meaning}
                    for each in columns
                ],
            }
        )
    manifest = {
        "session": account.session,
        "started": account.started,
        "simulated": account.simulated,
        "outcome": account.outcome,
        "case": account.case_number or None,
        "operator": account.operator or None,
        "device": msgspec.to_builtins(account.device),
        "plan": msgspec.to_builtins(account.plan),
        "record": msgspec.to_builtins(account.record),
        "entries_lost": account.lost,
        "note": words.NO_DEVICE,
        "units": "UCUM",
        "format": {
            "encoding": "UTF-8 with a byte-order mark",
            "separator": ";" if decimal_comma else ",",
            "decimal": "," if decimal_comma else ".",
            "text": "an apostrophe stands before a text that begins with = + - @, so that no "
            "spreadsheet takes it for a formula; control characters are written out (\\\\x1b)",
        },
        "tables": listed,
    }
    written = msgspec.json.format(msgspec.json.encode(safe(manifest)), indent=2)
    files["manifest.json"] = written + b"\n"
    return files


def _written(
    columns: tuple[Column, ...], rows: Iterable[Any], decimal_comma: bool
) -> tuple[bytes, int]:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", delimiter=";" if decimal_comma else ",")
    writer.writerow(each.name for each in columns)
    count = 0
    for row in rows:
        writer.writerow(_field(each.of(row), decimal_comma) for each in columns)
        count += 1
    return out.getvalue().encode("utf-8-sig"), count


_FORMULA: Final = ("=", "+", "-", "@")


def _field(value: Cell, decimal_comma: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        text = shown(value, keep="\n")
        return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
    if not isinstance(value, float):
        return str(value)
    number = f"{value:.10g}"
    return number.replace(".", ",") if decimal_comma else number

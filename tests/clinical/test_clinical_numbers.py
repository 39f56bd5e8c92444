"""One freeze, one set of numbers: whatever a session was like, its screen, report, tables, FHIR
bundle and `run --json` name each freeze alike, say the same of it, and say nothing of another."""

import csv
import io
import json
import random
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from core_kit import Bench, Console
from PySide6.QtWidgets import QApplication, QLabel
from report_kit import MADE, header, written

from console.control import core
from console.control.outputs import Feed, Output
from console.control.recorded import recorded
from console.estimate import Reckoner
from console.headless.result import cycle
from console.model.cycle import FreezeKey
from console.model.estimate import Estimate
from console.model.plan import Cycle, Plan, Side, Site
from console.model.request import (
    AfterStop,
    Decide,
    EndFreeze,
    ProbeMoved,
    ProbeOut,
    StartFreeze,
    Stop,
)
from console.model.snapshot import Phase
from console.records import AnyEntry, EstimateIn, read_session
from console.report import part_freezes
from console.report.account import Account
from console.report.document import Sheet, register
from console.report.fhir import bundle
from console.report.gathering import account
from console.report.tables import tables
from console.ui.kit.words import site_name
from console.ui.treatment.summary import Summary
from drivers.link.messages import Probe

SEEDS: Final = range(6)
CHOICES: Final = (AfterStop.REPEAT, AfterStop.REPEAT, AfterStop.COUNT, AfterStop.FINISH)
NERVES: Final = ("saphenous", "sural", "genicular", "intercostal")
Key = tuple[int, int, str]
"""Site from 1, placement, and the freeze as it is said."""
Numbers = dict[str, float | None]
"""Each number by its name; None where it is unknown."""


class Recorded(Bench):
    """A bench that keeps a record, and reckons the ice as the estimate's process does."""

    def __init__(self) -> None:
        self.entries: list[AnyEntry] = []
        self.estimates: list[Estimate] = []
        self._reckoner = Reckoner()
        console = Console()
        console.probe = Probe(1, 5, b"LT-14-6", b"P-0001", 1400, 6000, 25_000)
        super().__init__(console)

    def give(self, given: core.Input) -> list[Output]:
        self.entries.append(given)
        return super().give(given)

    def _done(self, out: list[Output]) -> list[Output]:
        made = [recorded(self.state, self.now_ms, each) for each in out]
        self.entries += [each for each in made if each is not None]
        super()._done(out)
        for each in out:
            told = self._reckoner.take(each.sample) if isinstance(each, Feed) else None
            if told is not None:
                self.estimates.append(told)
                self.give(EstimateIn(self.now_ms, told))
        return out


def session(seed: int) -> Recorded:
    """1 to 4 sites, each of 1 to 3 freezes; some are stopped, repeated, counted, ended early or
    left out, and now and then the probe is moved."""
    chance = random.Random(seed)
    sites = tuple(
        Site(nerve, side, tuple(Cycle(9.0, 1.0) for _ in range(chance.randint(1, 3))))
        for nerve, side in zip(
            NERVES[: 1 + seed % 4], (Side.LEFT, Side.RIGHT, Side.LEFT, Side.RIGHT), strict=False
        )
    )
    bench = Recorded().ready(Plan(sites, target_celsius=-70.0))
    assert isinstance(bench, Recorded)
    for _ in range(60):
        if bench.phase is Phase.OUT:
            break
        _go_on(bench, chance)
    if bench.phase is not Phase.OUT:
        for _ in sites:
            bench.run(3_000)
            bench.ask(ProbeOut("enough"))
    bench.run(1_500)
    return bench


def _go_on(bench: Recorded, chance: random.Random) -> None:
    match bench.phase:
        case Phase.READY | Phase.THAWING:
            if chance.random() < 0.35:
                bench.ask(ProbeMoved())
            bench.run(chance.choice((1_200, 2_500)))
            if chance.random() < 0.04:
                bench.ask(ProbeOut("left out"))
            elif bench.ask(StartFreeze()) is None:
                bench.run(2_000, lambda: bench.phase is not Phase.STARTING)
        case Phase.FREEZING:
            way = chance.choice(("whole", "stop", "stop", "end", "moved"))
            bench.run(chance.choice((2_000, 5_000)))
            if way == "stop":
                bench.ask(Stop("test"))
            elif way == "end":
                bench.ask(EndFreeze())
            elif way == "moved":
                bench.ask(ProbeMoved())
            bench.run(12_000, lambda: bench.phase is not Phase.FREEZING)
        case Phase.STOPPED:
            bench.run(1_500)
            assert bench.ask(Decide(chance.choice(CHOICES))) is None
        case _:
            bench.run(9_000)
            bench.ask(ProbeOut("" if bench.phase is Phase.FREE else "before it was free"))


# --- what each says -----------------------------------------------------------------------------

SHARED: Final = (
    "ran", "lowest", "to_target", "at_target", "gas", "edge", "minus20", "reach", "below",
)  # fmt: skip
"""The numbers of a freeze."""


def said(*values: float | None) -> Numbers:
    return dict(zip(SHARED, values, strict=True))


def differences(found: dict[Key, Numbers], expected: dict[Key, Numbers]) -> list[str]:
    """Where two accounts of a session differ by more than the last digit that is written."""
    wrong = [f"{key}: only one of them" for key in found.keys() ^ expected.keys()]
    for key in found.keys() & expected.keys():
        for name, value in expected[key].items():
            other = found[key][name]
            if (value is None) != (other is None) or abs((value or 0.0) - (other or 0.0)) > 0.002:
                wrong.append(f"{key} {name}: {other} and {value}")
    return wrong


def true(bench: Recorded) -> dict[Key, Numbers]:
    """By the case and the estimates themselves, each of which names its own place."""
    records = bench.state.procedure.records
    found: dict[Key, Numbers] = {}
    runs: dict[tuple[int, int], int] = {}
    for index, record in enumerate(records):
        before_ms = records[index + 1].started_ms if index + 1 < len(records) else float("inf")
        runs[record.site, record.number] = runs.get((record.site, record.number), 0) + 1
        run = runs[record.site, record.number]
        word = f"{record.number}" + ("", " repeat", f" repeat {run - 1}")[min(run, 3) - 1]
        out_ms = _out_ms(bench)
        here = [
            each for each in bench.estimates
            if (each.site, each.placement) == (record.site, record.placement)
            and each.at_ms <= out_ms
        ]  # fmt: skip
        own = [each for each in here if record.started_ms <= each.at_ms < before_ms]
        earlier = [each.nerve_below_s.value for each in here if each.at_ms < record.started_ms]
        model: tuple[float | None, ...] = (None,) * 4
        if own:
            model = (
                max(each.ice_edge_mm.value for each in own),
                max(each.minus20_mm.value for each in own),
                max(each.minus20_reach_mm.value for each in own),
                own[-1].nerve_below_s.value - (earlier[-1] if earlier else 0.0),
            )
        assert record.ended_ms is not None
        found[record.site + 1, record.placement, word] = said(
            (record.ended_ms - record.started_ms) / 1_000, record.lowest_tip_celsius,
            record.time_to_target_s, record.time_at_target_s, record.gas_g, *model,
        )  # fmt: skip
    assert len(found) == len(records), "a key names one freeze"
    return found


def _out_ms(bench: Recorded) -> float:
    return next(each.at_ms or 0 for each in bench.history[::-1] if each.kind == "session ended")


def word_of(key: FreezeKey | dict[str, Any]) -> str:
    number, run = (
        (key.number, key.run)
        if isinstance(key, FreezeKey)
        else (int(key["freeze"]), int(key["run"]))
    )
    return f"{number}" + ("", " repeat", f" repeat {run - 1}")[min(run, 3) - 1]


def by_table(told: Account) -> dict[Key, Numbers]:
    rows = csv.DictReader(io.StringIO(tables(told)["freezes.csv"].decode("utf-8-sig")))

    def value(row: dict[str, str], name: str) -> float | None:
        return float(row[name]) if row[name] else None

    found = {}
    for row in rows:
        ran = float(row["ended_s"]) - float(row["began_s"])
        names = (
            "lowest_tip_celsius", "time_to_target_s", "time_at_target_s", "gas_g",
            "model_ice_edge_mm", "model_minus20_mm", "model_minus20_reach_mm",
            "model_nerve_below_s",
        )  # fmt: skip
        key = (int(row["site"]), int(row["placement"]), word_of(row))
        found[key] = said(ran, *(value(row, name) for name in names))
    return found


def by_json(told: Account, plan: Plan) -> dict[Key, Numbers]:
    names = (
        "freeze_s", "lowest_tip_celsius", "time_to_target_s", "time_at_target_s", "gas_g",
        "ice_edge_mm", "minus20_mm", "minus20_reach_mm", "nerve_below_s",
    )  # fmt: skip
    made = [cycle(each, plan) for each in told.freezes]
    return {
        (each["site_number"], each["placement"], word_of(each)): said(
            *(each[name] for name in names)
        )
        for each in json.loads(json.dumps(made))
    }


def by_fhir(told: Account) -> dict[Key, Numbers]:
    found: dict[Key, dict[str, float]] = {}
    assert told.plan is not None
    sites = {f"{s.side.upper()} · {s.nerve.upper()}": at for at, s in enumerate(told.plan.sites, 1)}
    for entry in json.loads(bundle(told, MADE))["entry"]:
        one = entry["resource"]
        name = one.get("code", {}).get("text", "") if one["resourceType"] == "Observation" else ""
        for head, tail in (("Freeze ", ","), ("Estimate of the ice of freeze ", " (")):
            if name.startswith(head):
                site, _, placement = one["bodySite"]["text"].partition(", placement ")
                key = (sites[site], int(placement), name.removeprefix(head).partition(tail)[0])
                values = found.setdefault(key, {})
                for part in one["component"]:
                    values[part["code"]["text"].partition(" (")[0]] = part["valueQuantity"]["value"]
    names = (
        "Length", "Lowest tip", "Time to target", "Time at target", "Gas used",
        "Ice edge across, largest", "−20 °C across, largest", "−20 °C from the probe, largest",
        "Nerve below −20 °C",
    )  # fmt: skip
    return {key: said(*(each.get(name) for name in names)) for key, each in found.items()}


def printed(told: Account) -> dict[Key, dict[str, str]]:
    """What stands in the tables of the report, m:ss and all."""
    register()
    sheet = Sheet("a4", "", "", "", "", MADE)
    found: dict[Key, dict[str, str]] = {}
    for part, names in (
        (part_freezes.done, {"ran": 2, "lowest": 5, "to_target": 6, "at_target": 7, "gas": 8}),
        (part_freezes.estimates, {"edge": 2, "minus20": 3, "reach": 4, "below": 6}),
    ):
        site = 0
        for each in part(told, sheet):
            if type(each).__name__ == "Paragraph":
                heading = each.getPlainText()
                plan = told.plan
                assert plan is not None
                site = next(
                    (
                        at for at, one in enumerate(plan.sites, 1)
                        if heading == f"{one.side.upper()} · {one.nerve.upper()}"
                    ),
                    site,
                )  # fmt: skip
            elif type(each).__name__ == "Table":
                for row in each._cellvalues[1:]:
                    cells = [cell.getPlainText() for cell in row]
                    key = (site, int(cells[1]), cells[0])
                    values = found.setdefault(key, {})
                    values.update({name: cells[at].split(" ")[0] for name, at in names.items()})
    return found


def printable(name: str, value: float | None) -> set[str]:
    """How a number may be printed: a value on the edge between two digits may be either."""
    if value is None:
        return {"---"}
    edges = (value - 0.002, value + 0.002)
    if name in ("ran", "at_target", "below"):
        return {f"{round(one) // 60}:{round(one) % 60:02d}" for one in edges}
    return {f"{one:.1f}".replace("-", "−") for one in edges}


def on_screen(bench: Recorded) -> list[list[str]]:
    summary = Summary()
    summary.apply(bench.snapshot())
    grid = summary._grid
    rows: list[list[str]] = []
    for row in range(1, grid.rowCount()):
        cells = [grid.itemAtPosition(row, column) for column in range(grid.columnCount())]
        labels = [cell.widget() for cell in cells if cell is not None]
        rows.append([each.text() for each in labels if isinstance(each, QLabel)])
    summary.deleteLater()
    return rows


@pytest.fixture(scope="module", params=SEEDS)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    bench = session(request.param)
    folder: Path = tmp_path_factory.mktemp("numbers") / "s"
    first = msgspec.structs.replace(header(1, "10:00:00"), now_ms=5_000.0)
    written(folder / "001.journal", bench.entries, "ended", first)
    return bench, account(read_session(folder))


def test_all_say_the_same_of_each_freeze(case: tuple[Recorded, Account]) -> None:
    bench, told = case
    expected, plan = true(bench), bench.state.procedure.plan
    assert plan is not None
    for found in (by_table(told), by_json(told, plan), by_fhir(told)):
        assert differences(found, expected) == []


def test_the_report_and_the_screen_name_and_number_them_so_too(
    case: tuple[Recorded, Account], qapp: QApplication
) -> None:
    bench, told = case
    expected, found = true(bench), printed(told)
    assert found.keys() == expected.keys()
    wrong = [
        f"{key} {name}: {found[key][name]}, not {value}"
        for key, numbers in expected.items()
        for name, value in numbers.items()
        if found[key][name] not in printable(name, value)
    ]
    assert wrong == []
    plan = bench.state.procedure.plan
    assert plan is not None
    assert [row[:3] for row in on_screen(bench)] == [
        [site_name(plan.sites[site - 1]), f"{placement}", word]
        for site, placement, word in expected
    ]


def test_the_sessions_hold_what_is_hard() -> None:
    """Several sites, moves, repeats and stops: what these tests are worth hangs on that."""
    keys = [key for seed in SEEDS for key in true(session(seed))]
    assert max(site for site, _, _ in keys) >= 3
    assert any(placement > 1 for _, placement, _ in keys)
    assert any("repeat" in word for _, _, word in keys)

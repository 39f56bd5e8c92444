"""Runs the shipped cases and a healthy run, and writes their tables into docs/physics.md.

python -m simulator.physics.validate            prints the tables
python -m simulator.physics.validate --write    puts them between the marks in docs/physics.md,
                                                and draws docs/ice-ball.png
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from simulator.physics import checks, healthy
from simulator.physics.case import CaseResult, parse_case, run
from simulator.physics.case_file import Expected
from simulator.physics.cases import case_names, case_text
from simulator.physics.faults import KNOBS

_MARKS = "<!-- {name}: {where} -->"
DOCUMENT = Path(__file__).parents[2] / "docs" / "physics.md"
PICTURE = DOCUMENT.with_name("ice-ball.png")


class Row(msgspec.Struct, frozen=True):
    """One kind of number of a case: the largest error over its entries, against its tolerance.

    unit is that of error and within: %, K, or nothing.
    """

    what: str
    expected: str
    ours: str
    error: float
    within: float
    unit: str


def compare(expected: Expected, got: CaseResult) -> Iterator[Row]:
    """Rows for all that a case expects. Radii by share of the expected, temperatures in K."""
    if expected.frozen_radius_mm is not None:
        yield _radii("front", expected.frozen_radius_mm, got.frozen_radius_mm, expected)
    for level, radii in (expected.isotherm_radius_mm or {}).items():
        found = got.isotherm_radius_mm[level]
        yield _radii(f"{float(level):g} °C isotherm", radii, found, expected)
    wanted = [value for row in expected.temperature_celsius or [] for value in row]
    if wanted:
        found = [value for row in got.temperature_celsius for value in row]
        yield _kelvins("temperature", wanted, found, expected)
    if expected.tip_celsius is not None:
        yield _kelvins("tip", expected.tip_celsius, got.tip_celsius or [], expected)


def line(title: str, row: Row) -> str:
    """A row as a line of the table."""
    scale = 100.0 if row.unit == "%" else 1.0
    return (
        f"| {title} | {row.what} | {row.expected} | {row.ours} "
        f"| {scale * row.error:.2g} {row.unit}".rstrip()
        + f" | {scale * row.within:g} {row.unit}".rstrip()
        + " |"
    )


def beyond_cases() -> dict[str, list[Row]]:
    """Rows by title of the validations that are not case files: V8, V12, V13."""
    factors = checks.bessel_cosine_factors()
    wanted = checks.BESSEL_FACTOR
    worst = float(max(abs(factors / wanted - 1.0)))
    mode = Row("factor", f"{wanted:g}", f"{factors.mean():.5g}", worst, 0.005, "%")
    left = checks.ledger_run().energy_residual
    ledger = Row("relative residual", "0", f"{left:.1g}", left, 1e-9, "")
    gases = []
    for what, value, found, unit in checks.gas_points():
        kelvin = unit == "°C"
        error = abs(found - value) if kelvin else abs(found / value - 1.0)
        rule = (0.3, "K") if kelvin else (0.005, "%")
        gases.append(Row(what, f"{value:g} {unit}", f"{found:.5g} {unit}", error, *rule))
    return {
        "V8 Bessel-cosine mode, no freezing": [mode],
        "V12 energy ledger of a freeze and a thaw": [ledger],
        "V13 gas tables": gases,
    }


def table() -> tuple[str, bool]:
    """The table as Markdown, and whether every row is within its tolerance."""
    lines = [
        "| case | what | expected | ours | largest error | within |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    rows = beyond_cases()
    good = True
    for name in case_names():
        case = parse_case(case_text(name))
        if case.expected is None:
            continue
        got = run(case, backend="numpy")
        good = good and got.energy_residual < 1e-9
        rows[f"{case.title} (`{name}`)"] = list(compare(case.expected, got))
    for title in sorted(rows, key=_order):
        good = good and all(row.error <= row.within for row in rows[title])
        lines += [line(title, row) for row in rows[title]]
    return "\n".join(lines), good


def fault_table() -> str:
    """The plant's knobs as Markdown."""
    lines = ["| knob | size (usual) | what it looks like |", "| --- | --- | --- |"]
    for name, knob in KNOBS.items():
        span = f"{knob.low:g} to {knob.high:g} {knob.unit} ({knob.usual:g})"
        lines.append(f"| {name} | {span} | {knob.looks_like} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """0 when all is within its tolerance, 1 when not."""
    validation, good = table()
    tables = {
        "validation": validation,
        "healthy": healthy.table(),
        "faults": fault_table(),
    }
    if "--write" in arguments:
        page = DOCUMENT.read_text(encoding="utf-8")
        for name, text in tables.items():
            page = _put(page, name, text)
        DOCUMENT.write_text(page, encoding="utf-8")
        from simulator.physics import bracket_picture  # noqa: PLC0415  matplotlib, only to draw

        with PICTURE.open("wb") as out:
            bracket_picture.draw(out)
    else:
        sys.stdout.write("\n\n".join(tables.values()) + "\n")
    return 0 if good else 1


def _put(page: str, name: str, text: str) -> str:
    begin = _MARKS.format(name=name, where="begin")
    end = _MARKS.format(name=name, where="end")
    head, rest = page.split(begin)
    return f"{head}{begin}\n{text}\n{end}{rest.split(end)[1]}"


def _radii(what: str, wanted: list[float], found: list[float], expected: Expected) -> Row:
    errors = [abs(a / b - 1.0) for a, b in zip(found, wanted, strict=True)]
    words = ", ".join(f"{value:g}" for value in wanted) + " mm"
    ours = ", ".join(f"{value:.5g}" for value in found) + " mm"
    return Row(what, words, ours, max(errors), expected.within_share, "%")


def _kelvins(
    what: str, wanted: list[float | None] | list[float], found: list[float], expected: Expected
) -> Row:
    pairs = [
        (a, b)
        for a, b in zip(found, wanted, strict=True)
        if b is not None and not math.isnan(b)  # a file leaves open with nan
    ]
    words = ", ".join(f"{b:g}" for _, b in pairs) + " °C"
    ours = ", ".join(f"{a:.5g}" for a, _ in pairs) + " °C"
    error = max(abs(a - b) for a, b in pairs)
    return Row(what, words, ours, error, expected.within_kelvin, "K")


def _order(title: str) -> tuple[int, str]:
    return (int(title.split(maxsplit=1)[0].removeprefix("V")), title)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A case's answer as a table, for CSV and for the eye."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from simulator.physics.case_file import Case

if TYPE_CHECKING:
    from simulator.physics.case import CaseResult


def columns(case: Case, result: CaseResult) -> dict[str, list[float | None]]:
    """Columns by name, a row for each time; the time of a steady case is None.

    time_s, frozen_radius_mm, radius_at_<T>_c_mm for each isotherm, celsius_at_<x>_mm for each
    point, and tip_celsius for a probe. A radius is the depth for a plane.
    """
    out: dict[str, list[float | None]] = {
        "time_s": list(result.times_s),
        "frozen_radius_mm": list(result.frozen_radius_mm),
    }
    for level, radii in result.isotherm_radius_mm.items():
        out[f"radius_at_{float(level):g}_c_mm"] = list(radii)
    for index, point in enumerate(case.points_mm):
        out[f"celsius_at_{point:g}_mm"] = [row[index] for row in result.temperature_celsius]
    if result.tip_celsius is not None:
        out["tip_celsius"] = list(result.tip_celsius)
    return out


def as_csv(case: Case, result: CaseResult) -> str:
    """The table with a head line; full precision, and nothing where a time is None."""
    text = io.StringIO()
    table = columns(case, result)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    return text.getvalue()


def as_text(case: Case, result: CaseResult) -> str:
    """The table for a terminal, and how well the energy balances."""
    table = columns(case, result)
    lines = [case.title or f"{case.geometry}, {case.boundary.kind}"]
    for name, values in table.items():
        shown = "  ".join("  steady" if value is None else f"{value:8.3f}" for value in values)
        lines.append(f"{name:<24}{shown}")
    lines.append(f"energy residual {result.energy_residual:.1e}, {result.elapsed_s:.2f} s")
    return "\n".join(lines)

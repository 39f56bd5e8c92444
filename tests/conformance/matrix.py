"""Every mutant against every check: `python -m tests.conformance.matrix [NAME ...] [--jobs N]`.

A letter a check, `x` failed, `.` passed, `-` not made. Exit 1 when the healthy simulator fails a
check, a mutant passes everything, or passes a check that was made for it.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from drivers.conformance import CHECKS, Outcome
from tests.conformance.device import conform, console
from tests.conformance.mutants import MUTANTS

MARKS = {True: ".", False: "x", None: "-"}
JOBS = 6


class Row(NamedTuple):
    """One mutant and what came of every check."""

    name: str
    outcomes: list[Outcome]

    @property
    def failed(self) -> set[str]:
        """The checks that it failed."""
        return {one.check.id for one in self.outcomes if one.passed is False}

    @property
    def wrong(self) -> str:
        """Why this row is not as it should be; empty when it is."""
        if self.name == "healthy":
            return f"fails {', '.join(sorted(self.failed))}" if self.failed else ""
        passed = set(MUTANTS[self.name].checks) - self.failed
        if not self.failed:
            return "passes everything"
        return f"passes {', '.join(sorted(passed))}, made for it" if passed else ""


def rows(names: Sequence[str], jobs: int = JOBS) -> list[Row]:
    """The rows of the mutants `names`, several at a time: they mostly wait."""
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(_row, names))


def _row(name: str) -> Row:
    with tempfile.TemporaryDirectory() as folder, console(name, _pty(folder)) as port:
        row = Row(name, conform(port, tries=1))
    print(f"{name}: {len(row.failed)} failed {row.wrong}", file=sys.stderr, flush=True)
    return row


def _pty(folder: str) -> tuple[str, str]:
    return "--pty", str(Path(folder) / "port")


def table(found: Sequence[Row]) -> str:
    """The matrix as text."""
    lines = [f"{number:4} {check.id}" for number, check in enumerate(CHECKS, 1)]
    width = max(len(row.name) for row in found)
    tens = "".join(str(n // 10 % 10) if n % 10 == 0 else " " for n in range(1, len(CHECKS) + 1))
    lines += ["", f"{'':{width}} {tens}"]
    for row in found:
        marks = "".join(MARKS[one.passed] for one in row.outcomes)
        lines.append(f"{row.name:{width}} {marks} {len(row.failed):3} {row.wrong}")
    caught = dict.fromkeys((check.id for check in CHECKS), 0)
    for row in found:
        for one in row.failed:
            caught[one] += row.name != "healthy"
    uncaught = [check for check, times in caught.items() if not times]
    lines.append(f"\n{len(found)} rows, {len(CHECKS)} checks.")
    if uncaught:
        lines.append(f"No mutant here fails {', '.join(uncaught)}.")
    return "\n".join(lines)


def main() -> int:
    """Prints the matrix."""
    options = argparse.ArgumentParser(prog="python -m tests.conformance.matrix")
    options.add_argument("names", nargs="*", help="mutants, all without; healthy is one of them")
    options.add_argument("--jobs", type=int, default=JOBS)
    asked = options.parse_args()
    found = rows(asked.names or ["healthy", *MUTANTS], asked.jobs)
    print(table(found))
    return int(any(row.wrong for row in found))


if __name__ == "__main__":
    sys.exit(main())

"""Mutants of the reference core in C: each a changed line, caught by the checks made for it.

`python -m tests.firmware.core_mutants [NAME ...] [--jobs N]` builds each, lets conformance run its
checks, and prints a line a mutant; exit 1 when one of them passes.
"""

import argparse
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.conformance.device import conform
from tests.firmware.core_build import CORE, PLANT, POSIX

JOBS = 3


class Mutant(NamedTuple):
    """`old` stands once in core/`file`.c and becomes `new`."""

    name: str
    file: str
    old: str
    new: str
    checks: tuple[str, ...]


ROWS = Path(__file__).with_suffix(".toml")
MUTANTS = [
    Mutant(**{**row, "checks": tuple(row["checks"])})
    for row in tomllib.loads(ROWS.read_text(encoding="utf-8"))["mutant"]
]


def source_of(mutant: Mutant) -> str:
    """The changed file. Raises ValueError when its line stands not once there."""
    path = next(path for path in CORE if path.stem == mutant.file)
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        raise ValueError(f"{mutant.name}: its line stands {text.count(mutant.old)} times")
    return text.replace(mutant.old, mutant.new)


def survived(mutant: Mutant) -> dict[str, str]:
    """Checks made for the mutant that it passes, with what they saw."""
    with tempfile.TemporaryDirectory() as name:
        changed = Path(name) / f"{mutant.file}.c"
        changed.write_text(source_of(mutant), encoding="utf-8")
        others = [path for path in CORE if path.stem != mutant.file]
        command = ["gcc", "-std=c99", "-O1", f"-I{CORE[0].parent}", str(changed)]
        command += [*map(str, (*others, PLANT, POSIX)), "-o", f"{name}/device"]
        subprocess.run(command, check=True, capture_output=True, text=True)
        run = [f"{name}/device", "--tcp", "0", "--switch", "--speed", "4"]
        with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                url = f"socket://{process.stdout.readline().split()[-1]}"
                outcomes = conform(url, mutant.checks, tries=1)
            finally:
                process.kill()
    return {one.check.id: one.detail for one in outcomes if one.passed is not False}


def main() -> int:
    """Prints the list."""
    options = argparse.ArgumentParser(prog="python -m tests.firmware.core_mutants")
    options.add_argument("names", nargs="*", help="mutants, all without")
    options.add_argument("--jobs", type=int, default=JOBS)
    asked = options.parse_args()
    chosen = [one for one in MUTANTS if not asked.names or one.name in asked.names]
    alive = 0
    with ThreadPoolExecutor(asked.jobs) as pool:
        for mutant, left in zip(chosen, pool.map(survived, chosen), strict=True):
            caught = "passes " + ", ".join(left) if left else "fails " + ", ".join(mutant.checks)
            print(f"{mutant.name:42} {caught}", flush=True)
            alive += bool(left)
    print(f"\n{len(chosen)} mutants of the core, {alive} not caught.")
    return int(alive > 0)


if __name__ == "__main__":
    sys.exit(main())

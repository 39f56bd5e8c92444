"""All that can be found out about the reference device here: `python -m tests.firmware.report`.

Checks and fuzzes the C, compares it with the simulator's firmware, lets conformance and the
application run on the process and on the emulated board, and prints coverage and cost. --write
puts coverage and cost into docs/porting.md; --mutants also breaks the core in each of its ways.
Exit 1 when one of the steps fails.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.firmware import board, measure
from tests.firmware.core_build import CORE, FIRMWARE, FLAGS, HELD, PLANT, ROOT, SHIM

PYTHON = sys.executable
FUZZ_FRAMES = 200_000
EXCHANGES = 10_000
HEAD = "| file | lines | taken branches |"


def coverage() -> str:
    """A table of what the fuzzer and the cross-check together run through. Raises
    CalledProcessError."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        strict = [flag for flag in FLAGS if flag not in ("-O1", "-Werror")]
        objects = []
        for source in (*CORE, PLANT, SHIM, FIRMWARE / "fuzz" / "main.c"):
            target = folder / f"{source.parent.name}-{source.stem}.o"
            command = ["gcc", *strict, *HELD, "-O0", "--coverage", "-c", str(source)]
            subprocess.run([*command, "-o", str(target)], check=True, cwd=folder)
            objects.append(str(target))
        *core, shim, main = objects
        subprocess.run(["gcc", "--coverage", *core, main, "-o", "fuzz"], check=True, cwd=folder)
        held = ["gcc", "--coverage", "-shared", *core, shim, "-o", "core.so"]
        subprocess.run(held, check=True, cwd=folder)
        subprocess.run([folder / "fuzz", "1", str(FUZZ_FRAMES)], check=True, cwd=folder)
        environment = {**os.environ, "CRYO_CORE_LIBRARY": str(folder / "core.so")}
        compare = [PYTHON, "-m", "tests.firmware.crosscheck", "--exchanges", str(EXCHANGES)]
        subprocess.run(compare, check=True, cwd=ROOT, env=environment)
        said = subprocess.run(
            ["gcov", "-b", "-n", *core], check=True, cwd=folder, capture_output=True, text=True
        ).stdout
    found = re.findall(
        r"File '.*/core/(\w+\.c)'\nLines executed:([\d.]+)% of (\d+)\n"
        r"Branches executed:[\d.]+% of \d+\nTaken at least once:([\d.]+)% of (\d+)", said
    )  # fmt: skip
    rows = [HEAD, "| --- | --- | --- |"]
    sums = [0.0] * 4
    for file, lines, of_lines, branches, of_branches in sorted(found):
        rows.append(f"| {file} | {lines} % of {of_lines} | {branches} % of {of_branches} |")
        for place, (share, whole) in enumerate(((lines, of_lines), (branches, of_branches))):
            sums[2 * place] += float(share) * int(whole) / 100
            sums[2 * place + 1] += int(whole)
    rows.append(
        f"| all | {100 * sums[0] / sums[1]:.1f} % of {sums[1]:.0f} "
        f"| {100 * sums[2] / sums[3]:.1f} % of {sums[3]:.0f} |"
    )
    return "\n".join(rows) + "\n"


def _steps(mutants: bool) -> list[tuple[str, list[str]]]:
    pytest = [PYTHON, "-m", "pytest", "-p", "no:cacheprovider"]
    steps = [
        ("cppcheck and clang-tidy", ["make", "-s", "-C", str(FIRMWARE), "lint"]),
        ("noise under sanitizers",
         ["make", "-s", "-C", str(FIRMWARE), "fuzz", f"FRAMES={FUZZ_FRAMES}"]),
        ("vectors, the process, the emulated board, the application on both",
         [*pytest, "tests/firmware", "-m", "not seeds or firmware",
          "--deselect", "tests/firmware/test_core_crosscheck.py"]),
    ]  # fmt: skip
    steps.append((
        "10,000 exchanges with the minimal device, too", [PYTHON, "-m", "tests.firmware.three"],
    ))  # fmt: skip
    if mutants:
        steps.append(("mutants of the core", [PYTHON, "-m", "tests.firmware.core_mutants"]))
    return steps


def main() -> int:
    """Runs the steps, one after the other, and prints what each found."""
    options = argparse.ArgumentParser(prog="python -m tests.firmware.report")
    options.add_argument("--write", action="store_true", help="figures into docs/porting.md")
    options.add_argument("--mutants", action="store_true")
    asked = options.parse_args()
    lacking = measure.missing() or board.missing()
    if lacking:
        print(f"the board cannot be built or emulated here: {lacking}", file=sys.stderr)
        return 1
    failed = []
    for title, command in _steps(asked.mutants):
        print(f"\n== {title}", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(title)
    print("\n== coverage by the fuzzer and 10,000 exchanges", flush=True)
    covered = coverage()
    print(covered)
    print("== cost", flush=True)
    print(measure.table())
    if asked.write:
        measure.put(measure.HEAD, measure.table())
        measure.put(HEAD, covered)
    print(f"failed: {', '.join(failed)}" if failed else "all passed")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())

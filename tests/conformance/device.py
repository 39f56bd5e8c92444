"""A simulated console, healthy or a mutant, as a process of its own on a line."""

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from drivers.conformance import Outcome, Wire, chosen, run

ROOT = Path(__file__).resolve().parents[2]
SPEED = "4"
STDIO = f"sim://n2o?speed={SPEED}&cell_mm=1&fault=maintenance_switch"


@contextmanager
def console(name: str, line: Sequence[str], *, switch: bool = True) -> Iterator[str]:
    """The simulator `name` on `line` (arguments of simulate), with the maintenance switch on
    unless it is said otherwise; where it says that it listens."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.conformance.mutant", name, *line),
            *("--speed", SPEED, "--cell-mm", "1"),
            *("--fault", f"maintenance_switch={int(switch)}"),
        ],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    rest = threading.Thread(target=lambda: None)
    try:
        said = process.stderr.readline()
        assert " console on " in said, said
        rest = threading.Thread(target=process.stderr.read, daemon=True)
        rest.start()
        yield said.split(" on ", 1)[1].strip()
    finally:
        process.terminate()
        process.wait(10)
        if rest.ident is not None:
            rest.join(5)
        process.stderr.close()


def conform(
    url: str,
    ids: Sequence[str] = (),
    without: Sequence[str] = (),
    *,
    in_water: bool = False,
    tries: int = 3,
) -> list[Outcome]:
    """What comes of the checks `ids` (all) but `without` on the port `url`."""
    checks = [check for check in chosen(None, ids) if check.id not in without]
    wire = Wire(url)
    try:
        return run(wire, checks, probe_in_water=in_water, tries=tries)[1]
    finally:
        wire.close()


def bad(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """The checks that were not passed, skipped ones too."""
    return {one.check.id: one.detail for one in outcomes if one.passed is not True}

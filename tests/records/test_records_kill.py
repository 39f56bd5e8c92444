"""kill -9 of a recording process: everything that it called durable is there."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from records_kit import numbers

from console.records import read_journal

CHILD = Path(__file__).with_name("writer_child.py")


SHARE = 5
"""Of the fifty, in every run of the tests."""


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=pytest.mark.seeds if seed >= SHARE else ()) for seed in range(50)],
)
def test_everything_acknowledged_survives_kill_9(tmp_path: Path, seed: int) -> None:
    lines = random.Random(seed).randint(0, 200)
    child = subprocess.Popen(
        [sys.executable, str(CHILD), str(tmp_path), str(seed)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    with child, child.stdout:
        said = [child.stdout.readline() for _ in range(lines + 1)]
        child.kill()
        said += [line for line in child.stdout if line.endswith("\n")]
        child.wait()
    acknowledged = [int(line) for line in said]
    path = tmp_path / "001.journal"
    held = numbers(path.read_bytes())
    assert held == list(range(len(held)))
    assert set(acknowledged) <= set(held)
    journal = read_journal(path)
    assert journal.intact
    assert not journal.closed
    assert journal.header is not None

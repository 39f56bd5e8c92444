"""Eight hours at 20 Hz are at most 80 MB."""

import random
import subprocess
import sys
from pathlib import Path

from records_kit import header, one_of_each

from console.records import (
    EstimateIn,
    FrameIn,
    GuiTickIn,
    JournalWriter,
    Progress,
    TickIn,
    read_journal,
)

SECONDS = 30


def test_eight_hours_fit_into_80_megabytes(tmp_path: Path) -> None:
    """Telemetry frames of 55 bytes of pure noise at 20 Hz, the screen's ticks at 20 Hz, the loop's
    own at 50 Hz, five estimates and a checkpoint of 500 bytes every second; synced every second."""
    estimate = next(each for each in one_of_each() if isinstance(each, EstimateIn))
    writer = JournalWriter(tmp_path / "001.journal", header())
    rng, before = random.Random(1), writer.path.stat().st_size
    for second in range(SECONDS):
        start_ms = 3_600_000.125 + 1000 * second
        for number in range(20):
            writer.append(FrameIn(start_ms + 50.3 * number, rng.randbytes(55)))
            writer.append(GuiTickIn(start_ms + 50.7 * number, 400_000 + 20 * second + number))
        for number in range(50):
            writer.append(TickIn(start_ms + 20.1 * number))
        for _ in range(5):
            writer.append(estimate)
        writer.append(Progress(start_ms + 999.9, rng.randbytes(500)))
        writer.sync()
    per_second = (writer.path.stat().st_size - before) / SECONDS
    assert per_second * 8 * 3600 < 80_000_000
    writer.abandon()
    assert read_journal(writer.path).count == 1 + SECONDS * 96


def test_records_load_nothing_heavy() -> None:
    code = (
        "import sys, console.records\n"
        "heavy = {'PySide6', 'numpy', 'serial', 'drivers.link', 'simulator', 'typer', 'rich'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

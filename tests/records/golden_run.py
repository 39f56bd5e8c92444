"""Records the golden journal of the schema that is written now: two freezes of a headless run on
the simulator, in which the computer's clock is set and the alarm book is found damaged.

    python tests/records/golden_run.py
"""

import shutil
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from console import config
from console.control import opening
from console.headless import runner
from console.records import SCHEMA
from console.records.alarm_book import BOOK_NAME

PLAN = """
next_freeze = "auto"

[[sites]]
nerve = "saphenous"
side = "left"
cycles = [{ freeze_s = 10.0, thaw_s = 15.0 }, { freeze_s = 5.0 }]
"""


def main() -> int:
    """Runs it; 1 when it was not completed."""
    looked = 0

    def wall() -> datetime:
        nonlocal looked
        looked += 1
        return opening.wall_clock() + (timedelta(days=1) if looked > 1 else timedelta())

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "plan.toml").write_text(PLAN)
        records = folder / "records"
        records.mkdir()
        (records / BOOK_NAME).write_bytes(b"what a fault of the disk has left\n")
        runner.wall_clock = wall
        plan = config.plan(folder / "plan.toml")
        result = runner.run(plan, "sim://n2o?speed=20", records=records, initials="KJ")
        print(result["outcome"], result["reason"] or "")
        golden = Path(__file__).with_name("golden") / f"schema-{SCHEMA}.journal"
        shutil.copyfile(result["journal"], golden)
    return 0 if result["outcome"] == "completed" else 1


if __name__ == "__main__":
    sys.exit(main())

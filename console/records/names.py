"""How sessions and their journals are called on disk (see store.py)."""

import re
from pathlib import Path
from typing import Final

SESSION_ID: Final = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{4}")
SUFFIX: Final = ".journal"
JOURNAL: Final = re.compile(r"[0-9]{3,9}\.journal")


def journal_name(number: int) -> str:
    """The file name of the journal with this number in its session's folder."""
    return f"{number:03d}{SUFFIX}"


def journal_paths(folder: Path) -> list[Path]:
    """The journals in `folder` in the order of their numbers."""
    found = [each for each in folder.glob(f"*{SUFFIX}") if JOURNAL.fullmatch(each.name)]
    return sorted(found, key=lambda each: int(each.stem))

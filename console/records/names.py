"""How sessions and their journals are called on disk (see store.py)."""

import re
from pathlib import Path
from typing import Final

SESSION_ID: Final = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{4}")
SUFFIX: Final = ".journal"
JOURNAL: Final = re.compile(r"[0-9]{3,9}\.journal")
PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""Names that mean nothing to any file system."""
OWN_NAMES: Final = frozenset(
    {
        "index.sqlite",
        "writer.lock",
        "alarms.jsonl",
        "deleted.jsonl",
        "cylinders.json",
        "archive.json",
    }
)
"""Files of the store itself: never of a session."""


def journal_name(number: int) -> str:
    """The file name of the journal with this number in its session's folder."""
    return f"{number:03d}{SUFFIX}"


def journal_paths(folder: Path) -> list[Path]:
    """The journals in `folder` in the order of their numbers."""
    found = [each for each in folder.glob(f"*{SUFFIX}") if JOURNAL.fullmatch(each.name)]
    return sorted(found, key=lambda each: int(each.stem))

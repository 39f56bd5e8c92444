"""What is left in the cylinder of each console, on disk beside the sessions:

    <root>/cylinders.json     by the console's serial number; replaced as a whole

A file that cannot be read is as one that is not there: contents are then entered again.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from console.model.cylinder import Cylinder
from console.records.background import Background
from console.records.durable import write_whole
from console.records.loading import LONGEST_BOOK, load

NAME: Final = "cylinders.json"
_decoder = msgspec.json.Decoder(dict[str, Cylinder])


def read_cylinders(root: Path) -> dict[str, Cylinder]:
    """By the console's serial number; empty where nothing is known. OSError when the file is there
    and cannot be read."""
    try:
        return _decoder.decode(load(root / NAME, LONGEST_BOOK))
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


class CylinderBook:
    """Keeps the file in `root`. One process at a time, which holds the store's lock.

    `put` never blocks and never raises: a thread writes, the newest alone where several wait. What
    could not be read or written is told by `on_failed`, once.
    """

    def __init__(self, root: Path, on_failed: Callable[[str], None]) -> None:
        self._path = root / NAME
        self._on_failed = on_failed
        self._failed = False
        self._now: dict[str, Cylinder] = {}
        try:
            self._now = read_cylinders(root)
        except OSError as error:
            self._fail(error)
        self.known: Mapping[str, Cylinder] = dict(self._now)
        self._writer = Background("cylinder book", self._write)

    def put(self, console: str, cylinder: Cylinder) -> None:
        """Takes what is known now; it is on disk soon after."""
        self._now = {**self._now, console: cylinder}
        self._writer.put(self._now)

    def close(self, within_s: float = 5.0) -> bool:
        """Waits until what was put is on disk; whether it is."""
        return self._writer.close(within_s) and not self._failed

    def _write(self, wanted: list[dict[str, Cylinder]]) -> None:
        try:
            write_whole({self._path: msgspec.json.format(msgspec.json.encode(wanted[-1]))})
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        if not self._failed:
            self._failed = True
            self._on_failed(f"the cylinder's contents {self._path}: {error.strerror or error}")

"""The link file of the control channel: where it is made, whose it is, and when it may go.

Its name comes from a command line or a port string, so nothing else is ever replaced or removed: a
file of that name stays as it is, unless a simulator that has ended without tidying up has left it.
"""

import contextlib
import json
import os
import re
import socket
import stat
import sys
from pathlib import Path
from typing import Final

LONGEST: Final = 4_096
"""Bytes of a link file; ours have about 120."""
_KEY: Final = re.compile(r"[0-9a-f]{64}")


class ControlLink:
    """A link file at `path`, for its owner alone. `make` and `remove` are called once each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made: os.stat_result | None = None

    def make(self, address: object, key: str) -> None:
        """Writes it. FileExistsError, in words, when something else stands there; OSError."""
        if _left_behind(self._path):
            self._path.unlink()
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise FileExistsError(
                f"{self._path} is there already: name a control file that is not"
            ) from None
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            self._made = os.fstat(file.fileno())
            file.write(json.dumps({"address": address, "key": key}) + "\n")

    def remove(self) -> None:
        """Takes it away, if what stands there is the file that was made here."""
        made, self._made = self._made, None
        with contextlib.suppress(OSError):
            if made is not None and os.path.samestat(made, self._path.lstat()):
                self._path.unlink()


def _left_behind(path: Path) -> bool:
    """Whether at `path` stands the link of a simulator that no longer runs."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode) or path.lstat().st_size > LONGEST:
            return False
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    if not isinstance(said, dict) or said.keys() != {"address", "key"}:
        return False
    address, key = said["address"], said["key"]
    ours = isinstance(key, str) and _KEY.fullmatch(key) and isinstance(address, str)
    return bool(ours) and not _answers(address)


def _answers(address: str) -> bool:
    """Whether a simulator still listens at this address of a control channel."""
    if sys.platform == "win32":
        return os.path.exists(address)  # noqa: PTH110 - the name of a pipe
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(1.0)
        try:
            asking.connect(address)
        except TimeoutError:
            return True  # it is there, and busy
        except (OSError, ValueError):
            return False
    return True

"""Reading a file that may be anything: a regular file of a bounded size, or an error in words."""

import os
import stat
from errno import EFBIG, EINVAL
from pathlib import Path
from typing import Final

LONGEST_JOURNAL: Final = 1_000_000_000
"""Bytes; a session of an hour has a few million."""
LONGEST_BOOK: Final = 200_000_000


def opened(path: Path) -> int:
    """A descriptor of the regular file at `path`, for reading; never waits, as a pipe would.
    OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(EINVAL, "is no regular file", str(path))
    return descriptor


def load(path: Path, most: int) -> bytes:
    """The bytes of a regular file. OSError, in words where it has more than `most`."""
    with os.fdopen(opened(path), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise OSError(EFBIG, f"has {size} bytes, at most {most} are read", str(path))
        return file.read(most)

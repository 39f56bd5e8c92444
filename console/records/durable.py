"""A file whose bytes stay: created with its folder for its owner alone, appended to, synced."""

import os
import sys
from collections.abc import Mapping
from errno import EISDIR
from pathlib import Path
from tempfile import mkstemp
from typing import Protocol

from console.records.lock import lock_when_free

FOLDER_MODE = 0o700
FILE_MODE = 0o600


class JournalFile(Protocol):
    """What a journal needs of its file. Every method may raise OSError."""

    def write(self, data: bytes) -> None:
        """Appends all of `data`."""

    def sync(self) -> None:
        """Returns when everything written is on disk, in a file that stands where it was made."""

    def close(self) -> None:
        """Gives the file back; nothing is synced."""


class DiskFile:
    """A new file at `path`, open for appending and locked while it is open, so that others can see
    that it is being written. Missing folders are made. FileExistsError if it exists already."""

    def __init__(self, path: Path) -> None:
        make_folder(path.parent)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self._path = path
        self._fd = os.open(path, flags, FILE_MODE)
        try:
            lock_when_free(self._fd)
            sync_folder(path.parent)
        except OSError:
            os.close(self._fd)
            raise

    def write(self, data: bytes) -> None:
        """Appends all of `data`."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._fd, rest) :]

    def sync(self) -> None:
        """Syncs, then looks whether the file still is at its path: a file in a folder that was
        removed takes bytes without a word, and loses them when it is closed."""
        _sync(self._fd)
        if sys.platform != "win32" and not os.path.samestat(
            os.fstat(self._fd), self._path.stat(follow_symlinks=False)
        ):
            raise FileNotFoundError(f"{self._path} was replaced by another file")

    def close(self) -> None:
        """Gives the file and its lock back."""
        os.close(self._fd)


def make_folder(folder: Path) -> None:
    """Makes `folder` and what is missing above it, each on disk before this returns."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=FOLDER_MODE, exist_ok=True)
        sync_folder(each.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in `folder` durable. Windows has no call for it."""
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_file(path: Path) -> None:
    """Makes the bytes of a file durable that another process, perhaps killed, has written."""
    fd = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Writes all of these files for their owner alone, or none: each beside its place first, then
    all of them moved there. Missing folders are made. What stood there is replaced. OSError."""
    ready: list[tuple[Path, Path]] = []
    try:
        for path, data in files.items():
            if path.is_dir():
                raise IsADirectoryError(EISDIR, "is a folder", str(path))
            try:
                make_folder(path.parent)
                fd, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)
                ready.append((Path(name), path))
                with os.fdopen(fd, "wb") as out:
                    out.write(data)
                    out.flush()
                    os.fsync(out.fileno())
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(path)) from error
        for written, path in ready:
            written.replace(path)
        for folder in {path.parent for path in files}:
            sync_folder(folder)
    finally:
        for written, _ in ready:
            written.unlink(missing_ok=True)


def _sync(fd: int) -> None:
    if sys.platform == "linux":
        os.fdatasync(fd)
    elif sys.platform == "darwin":
        import fcntl  # noqa: PLC0415

        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)  # fsync there leaves the bytes in the drive's cache
    else:
        os.fsync(fd)

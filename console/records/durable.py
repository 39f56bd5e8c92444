"""A file whose bytes stay: created with its folder for its owner alone, appended to, synced."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from errno import EISDIR
from pathlib import Path
from tempfile import mkstemp
from typing import Final, Protocol

from console.records.lock import lock_when_free

FOLDER_MODE = 0o700
FILE_MODE = 0o600
PART: Final = ".part"
"""How the name of a file ends that is being written beside its place. It begins with a dot; one
that a kill has left is nothing."""


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
            remove_begun(path)
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


def make_folder(folder: Path) -> list[Path]:
    """Makes `folder` and what is missing above it, each on disk before this returns; which were
    made, the outermost first."""
    missing: list[Path] = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    made = missing[::-1]
    try:
        for each in made:
            each.mkdir(mode=FOLDER_MODE, exist_ok=True)
            sync_folder(each.parent)
    except OSError:
        _remove_empty(made)
        raise
    return made


def _remove_empty(folders: Sequence[Path]) -> None:
    """Takes away folders, the outermost first, that hold nothing."""
    for each in reversed(folders):
        with suppress(OSError):
            each.rmdir()


def remove_begun(path: Path) -> None:
    """Takes away a file that was made here and is not to stay, and its folder if that is empty;
    what cannot be removed stays."""
    with suppress(OSError):
        path.unlink()
        path.parent.rmdir()


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
    all of them moved there. Missing folders are made. What stood there is replaced; after an error
    it stands there again. OSError."""
    with ExitStack() as held:
        ready = []
        for path, data in files.items():
            file = held.enter_context(beside(path))
            with _named(path):
                file.write(data)
            ready.append(file)
        place(ready)


class Beside:
    """A file that is being written beside its place `path`, where `place` moves it."""

    def __init__(self, path: Path) -> None:
        descriptor, name = mkstemp(prefix=f".{path.name}.", suffix=PART, dir=path.parent)
        self.path = path
        self.part, self.before = Path(name), Path(f"{name.removesuffix(PART)}.old{PART}")
        self.file = os.fdopen(descriptor, "w+b")

    def write(self, data: bytes) -> None:
        """Appends `data`; OSError."""
        self.file.write(data)

    def sync(self) -> None:
        """What was written is on disk when this returns; OSError."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def drop(self) -> None:
        """Takes away what was not moved to its place, and what stood there before."""
        with suppress(OSError):
            self.file.close()
        for left in (self.part, self.before):
            with suppress(OSError):
                left.unlink(missing_ok=True)


@contextmanager
def beside(path: Path) -> Iterator[Beside]:
    """A new file for the place `path`, for its owner alone. Unless it was given to `place`, it goes
    at the end, and so do the folders that were made for it. OSError."""
    if path.is_dir():
        raise IsADirectoryError(EISDIR, "is a folder", str(path))
    folders: list[Path] = []
    made = None
    try:
        with _named(path):
            folders = make_folder(path.parent)
            made = Beside(path)
        yield made
    finally:
        if made is not None:
            made.drop()
        _remove_empty(folders)


def place(files: Sequence[Beside]) -> None:
    """Syncs them all and moves them to their places, or none; what stood there is replaced.
    OSError: it says so where the disk did not even let them be put back. A process that is killed
    in between has moved some of them, each whole, in the order given."""
    moved: list[Beside] = []
    try:
        for each in files:
            with _named(each.path):
                each.sync()
                each.file.close()
        for each in files:
            with _named(each.path):
                if each.path.exists():
                    _keep_old(each)
                moved.append(each)
                each.part.replace(each.path)
        for folder in {each.path.parent for each in files}:
            sync_folder(folder)
    except OSError as error:
        stuck = [each.path.name for each in reversed(moved) if not _put_back(each)]
        if not stuck:
            raise
        words = f"{error.strerror}; already replaced: {', '.join(stuck)}"
        raise OSError(error.errno, words, error.filename) from error


def _keep_old(each: Beside) -> None:
    try:
        os.link(each.path, each.before)
    except OSError:  # a file system without them
        shutil.copy2(each.path, each.before)


def _put_back(each: Beside) -> bool:
    """Whether what stood at its place, or nothing, stands there again."""
    try:
        if each.before.exists():
            each.before.replace(each.path)
        elif not each.part.exists():
            each.path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Errors of files beside it are told of the file that was asked for."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def _sync(fd: int) -> None:
    if sys.platform == "linux":
        os.fdatasync(fd)
    elif sys.platform == "darwin":
        import fcntl  # noqa: PLC0415

        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)  # fsync there leaves the bytes in the drive's cache
    else:
        os.fsync(fd)

"""One writer only. The operating system holds the locks, so that none outlives its process."""

import os
import sys
from pathlib import Path
from types import TracebackType

import msgspec

from console.records.loading import opened

LOCK_NAME = "writer.lock"


class StoreError(Exception):
    """No session can be recorded or changed there; one line that says why."""


class StoreBusyError(StoreError):
    """Another process writes to this store. `pid` is its number, None when it cannot be told."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        who = "another process" if pid is None else f"process {pid}"
        super().__init__(f"{who} is already recording to {folder}: close it first")
        self.pid = pid


class _Holder(msgspec.Struct):
    pid: int


class StoreLock:
    """Held from its making until `release()` or the end of the process. `folder` must exist.
    Raises StoreBusyError when another process (or another StoreLock) holds it."""

    def __init__(self, folder: Path) -> None:
        path = folder / LOCK_NAME
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not _try_lock(self._fd):
                raise StoreBusyError(folder, _holder(path))
            os.ftruncate(self._fd, 0)
            os.write(self._fd, msgspec.json.encode(_Holder(os.getpid())))
        except (OSError, StoreBusyError):
            os.close(self._fd)
            raise

    def release(self) -> None:
        """Lets the next one in; does nothing the second time."""
        if self._fd != -1:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> "StoreLock":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def is_locked(path: Path) -> bool:
    """Whether a living process is writing the journal at `path`. OSError if it cannot be opened
    or is no file."""
    fd = opened(path)
    try:
        return not _try_lock(fd)
    finally:
        os.close(fd)


def _holder(path: Path) -> int | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Holder).pid
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 40  # a byte that is never written: locks there are mandatory, and readers must read

    def _try_lock(fd: int) -> bool:
        os.lseek(fd, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(fd, 0, os.SEEK_SET)
        return True

    def lock_when_free(fd: int) -> None:
        """Locks an open file, after whoever only looks whether it is locked."""
        os.lseek(fd, _FAR, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_LOCK, 1)
        os.lseek(fd, 0, os.SEEK_SET)

else:
    import fcntl

    def _try_lock(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def lock_when_free(fd: int) -> None:
        """Locks an open file, after whoever only looks whether it is locked."""
        fcntl.flock(fd, fcntl.LOCK_EX)

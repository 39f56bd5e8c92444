"""A disk on which one chosen step fails: every write, sync, rename, link and making of a file or
folder below a root, those of SQLite too, is counted, and the chosen one does what it is told."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw
import pytest

KILLED = 137


class Faults:
    """`at`: the step that fails, counted from 1 (0: none); `how`: "one" fails it alone, "rest" all
    that follow too, "torn" ends the process there, a write half done."""

    def __init__(self, root: Path, at: int, how: str) -> None:
        self.root, self.at, self.how = str(root), at, how
        self.count = 0

    def step(self, half: Callable[[], None] = lambda: None) -> None:
        """One more step; OSError when it is to fail."""
        self.count += 1
        if not self.at or self.count < self.at or (self.count > self.at and self.how == "one"):
            return
        if self.how == "torn":
            half()
            os._exit(KILLED)
        if self.count == self.at:
            half()
        raise OSError(errno.ENOSPC, "No space left on device")

    def concerns(self, where: Any) -> bool:
        """Whether a path or an open file is below the root."""
        if isinstance(where, int):
            try:
                where = Path(f"/proc/self/fd/{where}").readlink()
            except OSError:
                return False
        return os.fspath(where).startswith(self.root)


@contextmanager
def failing(faults: Faults) -> Iterator[None]:
    """Every step below the root is counted inside."""
    with pytest.MonkeyPatch.context() as patch:
        real_write, real_open, real_fdopen = os.write, os.open, os.fdopen

        def write(fd: int, data: Any) -> int:
            if faults.concerns(fd):
                faults.step(lambda: _ignored(real_write(fd, bytes(data)[: len(data) // 2])))
            return real_write(fd, data)

        def opened(path: Any, flags: int, *rest: Any, **named: Any) -> int:
            if flags & os.O_CREAT and faults.concerns(path) and not Path(path).exists():
                faults.step()
            return real_open(path, flags, *rest, **named)

        def fdopened(fd: int, mode: str = "r", *rest: Any, **named: Any) -> Any:
            file = real_fdopen(fd, mode, *rest, **named)
            return _File(file, faults) if "b" in mode and faults.concerns(fd) else file

        patch.setattr(os, "write", write)
        patch.setattr(os, "open", opened)
        patch.setattr(os, "fdopen", fdopened)
        for name in ("fsync", "fdatasync", "mkdir", "rename", "replace", "link"):
            patch.setattr(os, name, _counted(getattr(os, name), faults))
        vfs = _Vfs(faults)
        try:
            yield
        finally:
            vfs.unregister()


def _counted(real: Callable[..., Any], faults: Faults) -> Callable[..., Any]:
    def call(where: Any, *rest: Any, **named: Any) -> Any:
        if faults.concerns(where):
            faults.step()
        return real(where, *rest, **named)

    return call


def _ignored(_: object) -> None:
    pass


class _File:
    """An open file whose writes are steps."""

    def __init__(self, file: Any, faults: Faults) -> None:
        self._file, self._faults = file, faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> int:
        self._faults.step(lambda: _ignored(self._file.write(bytes(data)[: len(data) // 2])))
        return int(self._file.write(data))


class _Vfs(apsw.VFS):
    """SQLite's door to the disk."""

    def __init__(self, faults: Faults) -> None:
        self.faults, self.real = faults, apsw.vfs_names()[0]
        super().__init__("failing", self.real, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> "_VfsFile":  # noqa: N802 - SQLite's names
        return _VfsFile(self.faults, self.real, name, flags)


class _VfsFile(apsw.VFSFile):
    def __init__(self, faults: Faults, real: str, name: Any, flags: list[int]) -> None:
        self._faults = faults
        super().__init__(real, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._step()
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._step()
        super().xSync(flags)

    def _step(self) -> None:
        try:
            self._faults.step()
        except OSError:
            raise apsw.FullError("database or disk is full") from None

"""Files that people name: each is a regular file of limited size, read whole, then decoded.

A device like /dev/zero, a pipe and a folder are none, and are never waited for.
"""

import errno
import os
import stat
import tomllib
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

T = TypeVar("T")

PLAN_BYTES: Final = 262_144
SCENARIO_BYTES: Final = 262_144
CASE_BYTES: Final = 262_144
CONTROL_LINK_BYTES: Final = 4_096
PREFERENCES_BYTES: Final = 65_536


class FileError(OSError):
    """A file cannot be used. `filename` and `strerror` say which and what is wrong, and so does the
    message, in one line."""

    def __init__(self, path: Path | str, words: str) -> None:
        super().__init__(errno.EINVAL, words, str(path))

    def __str__(self) -> str:
        return f"{self.filename}: {self.strerror}"


class MissingError(FileError, FileNotFoundError):
    """There is no such file."""


def opened(path: Path) -> int:
    """A descriptor to read the regular file at `path`, to be closed by the caller. Raises
    FileError."""
    try:
        # A pipe without a writer would be waited for.
        descriptor = os.open(path, os.O_RDONLY | _NO_WAIT | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise MissingError(path, error.strerror or "is not there") from None
    except OSError as error:
        raise FileError(path, error.strerror or str(error)) from None
    except ValueError:  # a null character
        raise FileError(path, "this is no file's name") from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        what = os.strerror(errno.EISDIR) if stat.S_ISDIR(mode) else "Is not a regular file"
        raise FileError(path, what)
    return descriptor


_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0)


def read(path: Path, most_bytes: int) -> bytes:
    """The whole of a file. Raises FileError, as for one of more than `most_bytes`."""
    with os.fdopen(opened(path), "rb") as file:
        try:
            data = file.read(most_bytes + 1)
        except OSError as error:
            raise FileError(path, error.strerror or str(error)) from None
    if len(data) > most_bytes:
        raise FileError(path, f"larger than {most_bytes:,} bytes, the most for its kind")
    return data


def toml(path: Path, most_bytes: int, kind: type[T]) -> T:
    """What a TOML file holds, as `kind`. Raises FileError."""
    return parsed_toml(read(path, most_bytes), str(path), kind)


def parsed_toml(data: bytes | str, where: str, kind: type[T]) -> T:
    """The same of what was read; `where` is for messages. Raises FileError."""
    try:
        return msgspec.convert(toml_table(data), kind)
    except ValueError as error:  # a ValidationError is one
        raise FileError(where, str(error)) from None


def toml_table(data: bytes | str) -> dict[str, Any]:
    """The table of a TOML document in UTF-8, with a byte-order mark or without. Raises ValueError
    with one line."""
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        wrong = f"byte 0x{error.object[error.start]:02x} in line {line} is not UTF-8"
        raise ValueError(f"not a text file: {wrong}") from None
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("not TOML: nested too deep") from None
    except ValueError as error:  # also a number of thousands of digits
        first, _, _ = str(error).partition(";")
        raise ValueError(f"not TOML: {first}") from None


def json(path: Path, most_bytes: int, kind: type[T]) -> T:
    """What a JSON file holds, as `kind`. Raises FileError."""
    try:
        return msgspec.json.decode(read(path, most_bytes), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FileError(path, str(error)) from None

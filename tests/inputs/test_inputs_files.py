"""Files that people name: regular, of a size, and otherwise refused at once and in one line."""

import os
import sys
from pathlib import Path

import msgspec
import pytest

from drivers.inputs import files


class Kind(msgspec.Struct, forbid_unknown_fields=True):
    a: int = 0


def refusal(path: Path, most: int = 100) -> str:
    with pytest.raises(files.FileError) as caught:
        files.toml(path, most, Kind)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_a_file_in_utf_8_is_read_with_and_without_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for mark in (b"", b"\xef\xbb\xbf"):
        path.write_bytes(mark + b"a = 3")
        assert files.toml(path, 100, Kind) == Kind(3)


@pytest.mark.skipif(sys.platform == "win32", reason="there are none on Windows")
def test_devices_and_pipes_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "Is not a regular file" in refusal(tmp_path / "pipe")
    assert "Is not a regular file" in refusal(Path("/dev/zero"))
    assert "Is a directory" in refusal(tmp_path)


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"#" * 100)
    assert files.toml(path, 100, Kind) == Kind()
    path.write_bytes(b"#" * 101)
    assert "larger than 100 bytes" in refusal(path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a = " + b"9" * 5_000, "not TOML: Exceeds the limit"),
        (b"a = " + b"[" * 50_000, "nested too deep"),
        (b"a = ", "not TOML"),
        (b"x\n\xff", "byte 0xff in line 2 is not UTF-8"),
        (b"b = 1", "unknown field `b`"),
        (b"a = 'x'", "Expected `int`"),
    ],
)
def test_what_is_no_such_file_is_told(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert said in refusal(path, 100_000)


def test_one_that_is_not_there_and_a_name_that_is_none() -> None:
    with pytest.raises(files.MissingError):
        files.read(Path("nowhere"), 10)
    with pytest.raises(files.FileError, match="no file"):
        files.read(Path("a\x00b"), 10)

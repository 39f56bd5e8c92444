"""The link file is made where nothing stands, and nothing else is ever replaced or removed."""

import json
import os
import socket
import sys
from pathlib import Path

import pytest
from serve_bed import controlled, listening, simulator

from console.cli import main
from simulator.control_link import ControlLink

KEY = "ab" * 32
PLAN = Path(__file__).parents[2] / "examples" / "three-by-two.toml"
unix = pytest.mark.skipif(sys.platform == "win32", reason="sockets in the file system")


def made(path: Path, address: object = "/nowhere/control") -> ControlLink:
    link = ControlLink(path)
    link.make(address, KEY)
    return link


def left(path: Path, address: object = "/nowhere/control", **more: object) -> bytes:
    """A link file as a killed simulator leaves it."""
    path.write_text(json.dumps({"address": address, "key": KEY, **more}))
    return path.read_bytes()


def test_it_is_made_for_its_owner_and_goes_with_its_maker(tmp_path: Path) -> None:
    link = made(tmp_path / "control")
    assert (tmp_path / "control").stat().st_mode & 0o777 == 0o600
    link.remove()
    assert not (tmp_path / "control").exists()
    link.remove()


@unix
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'target_celsius = -70\n',
        b"[" * 5_000,
        b'{"address": "/nowhere/control", "key": "short"}',
        b'{"address": ["10.0.0.1", 80], "key": "' + KEY.encode() + b'"}',
        b'{"address": "/nowhere/control", "key": "' + KEY.encode() + b'", "more": 1}',
        b'{"address": "/nowhere/control", "key": "' + KEY.encode() + b'"}' + b" " * 5_000,
    ],
)  # fmt: skip
def test_a_file_that_is_no_link_of_a_dead_simulator_stays(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(content)
    link = ControlLink(path)
    with pytest.raises(FileExistsError, match="is there already"):
        link.make("/nowhere/control", KEY)
    link.remove()
    assert path.read_bytes() == content


@unix
def test_folders_pipes_and_links_stay(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    left(tmp_path / "old")
    (tmp_path / "link").symlink_to(tmp_path / "old")
    for name in ("folder", "pipe", "link"):
        with pytest.raises(FileExistsError):
            made(tmp_path / name)
        assert os.path.lexists(tmp_path / name)


@unix
def test_the_link_of_a_simulator_that_runs_stays_and_of_one_that_was_killed_goes(
    tmp_path: Path,
) -> None:
    path, address = tmp_path / "control", str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX) as running:
        running.bind(address)
        running.listen()
        content = left(path, address)
        with pytest.raises(FileExistsError):
            made(path)
        assert path.read_bytes() == content
    made(path).remove()
    assert not path.exists()


def test_what_was_put_there_since_stays(tmp_path: Path) -> None:
    path = tmp_path / "control"
    link = made(path)
    path.rename(tmp_path / "elsewhere")
    path.write_text("mine")
    link.remove()
    assert path.read_text() == "mine"


@pytest.mark.parametrize("name", ["plan.toml", "folder"])
@pytest.mark.parametrize("option", ["--control", "--pty"])
def test_the_simulator_says_so_and_touches_nothing(
    option: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    if name == "folder":
        path.mkdir()
    else:
        path.write_text("precious")
    line = ["--tcp", "0"] if option == "--control" else []
    with pytest.raises(SystemExit) as ended:
        main(["simulate", *line, option, str(path)])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert str(path) in said and "is there already" in said and said.count("\n") == 1
    assert path.is_dir() if name == "folder" else path.read_text() == "precious"


@unix
def test_a_link_that_leads_to_no_terminal_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").symlink_to(tmp_path / "target")
    with simulator("--pty", str(tmp_path / "mine")) as process:
        assert process.wait(20) == 2
    assert (tmp_path / "mine").readlink() == tmp_path / "target"


@unix
def test_after_a_kill_the_same_command_runs_again(tmp_path: Path) -> None:
    line = ("--pty", str(tmp_path / "port"), "--control", str(tmp_path / "control"))
    with simulator(*line) as first:
        listening(first)
        first.kill()
        first.wait(10)
    assert (tmp_path / "control").exists()
    with simulator(*line) as second:
        listening(second)
        controlled(tmp_path / "control").close()
    assert not (tmp_path / "control").exists()


def test_a_port_cannot_delete(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    victim = tmp_path / "victim.toml"
    victim.write_text("precious")
    port = f"sim://n2o?control={victim}"
    with pytest.raises(SystemExit) as ended:
        main(["run", str(PLAN), "--port", port, "--records", str(tmp_path / "records")])
    assert ended.value.code == 2
    assert "is there already" in capsys.readouterr().err
    assert victim.read_text() == "precious"

"""The manners of the command line, as somebody meets them who types it."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from console.cli import main
from simulator import options

PLAN = Path(__file__).parents[2] / "examples" / "three-by-two.toml"
ROOT = Path(__file__).parents[2]


class Done:
    def __init__(self, capture: pytest.CaptureFixture[str], *given: str | Path) -> None:
        capture.readouterr()
        with pytest.raises(SystemExit) as end:
            main([str(each) for each in given])
        self.code = end.value.code
        self.out, self.err = capture.readouterr()

    def refused(self) -> str:
        assert self.code == 2
        assert self.out == ""
        (line,) = self.err.splitlines()
        assert line.startswith("cryoprobe")
        return line


@pytest.mark.parametrize("given", [("-h",), ("run", "-h"), ("records", "-h"), ("simulate", "-h")])
def test_short_help_is_help(given: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    if given[0] == "simulate":
        with pytest.raises(SystemExit) as end:
            main(list(given))
        assert end.value.code == 0
        assert "usage" in capsys.readouterr().out
        return
    done = Done(capsys, *given)
    assert (done.code, done.err) == (0, "")
    assert "Usage: cryoprobe" in done.out


@pytest.mark.parametrize("group", ["records", "alarms"])
def test_a_group_alone_prints_its_help(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = Done(capsys, group)
    assert (done.code, done.err) == (0, "")
    assert "list" in done.out


def test_help_is_whole_on_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    done = Done(capsys, "-h")
    assert "..." not in done.out.replace("[ARGS]...", "")
    assert "no rule may break." in " ".join(done.out.split())


def test_the_version_and_a_completion(capsys: pytest.CaptureFixture[str]) -> None:
    assert Done(capsys, "--version").out.startswith("cryoprobe-console ")
    asked = {**os.environ, "_CRYOPROBE_COMPLETE": "complete_bash", "COMP_WORDS": "cryoprobe rec",
             "COMP_CWORD": "1"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "console"], env=asked, capture_output=True, text=True, check=False
    )
    assert "records" in done.stdout.split(), done.stderr


def test_the_page_for_man_is_that_of_today(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    page = Done(capsys, "manual").out
    assert page == (ROOT / "docs" / "cryoprobe.1").read_text("utf-8"), "run make docs"
    for words in ("cryoprobe records amend", "listen\\-everywhere", "\\-\\-decimal\\-comma"):
        assert words in page


def test_hazards_are_a_table_first(capsys: pytest.CaptureFixture[str]) -> None:
    short = Done(capsys, "hazards").out.splitlines()
    assert short[0].split()[:2] == ["row", "detected"]
    assert not any("tests/" in line for line in short)
    full = Done(capsys, "hazards", "--full").out
    assert "tests/" in full
    assert len(full.splitlines()) > 3 * len(short)


def test_columns_survive_long_words(capsys: pytest.CaptureFixture[str]) -> None:
    from console.answers import print_columns

    print_columns([("a", "短い", "x"), ("a very long word", "b\x1b", "y")])
    first, second = capsys.readouterr().out.splitlines()
    assert first == "a                 短い   x"
    assert second == "a very long word  b\\x1b  y"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("run", PLAN, "--operator", "x" * 950), "--operator has 950 letters: at most 20"),
        (("run", PLAN, "--case", "a\x1b[31m"), "--case has U+001B"),
        (("run", PLAN, "--case", "a\udcff"), "argument 4, a\\udcff: this is not text in UTF-8"),
        (("run", "\udcff.toml"), "argument 2"),
        (("records", "amend", "x", "a\x9b", "--who", "K", "--why", "y"), "the text has U+009B"),
        (("records", "amend", "x", "a", "--who", "K" * 950, "--why", "y"), "--who has 950 letters"),
        (("alarms", "release", "S", "--by", "K", "--reason", "r" * 2_400), "--reason has 2400"),
        (("alarms", "release", "S", "--by", "K\n", "--reason", "r"), "--by has U+000A"),
        (("run", "/dev/zero"), "Is not a regular file"),
        (("monitor", "--file", "/dev/zero"), "Is not a regular file"),
        (("tissue", "/dev/zero"), "Is not a regular file"),
        (("simulate", "--scenario", "/dev/zero"), "Is not a regular file"),
        (("knob", "/dev/zero"), "Is not a regular file"),
        (("simulate", "--tcp", "0.0.0.0:0"), "add --listen-everywhere"),
        (("simulate", "--tcp", ""), "write PORT"),
        (("simulate", "--listen-everywhere"), "belongs to --tcp"),
        (("export", "x", "--pdf", "x.pdf", "--decimal-comma"), "belongs to --csv"),
    ],
)
def test_what_may_not_enter_is_refused(
    given: tuple[str | Path, ...], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert said in Done(capsys, *given).refused()


def test_a_plan_of_any_size_but_ours_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    site = '[[sites]]\nnerve = "n"\nside = "left"\n'
    cycle = "[[sites.cycles]]\nfreeze_s = 30\n"
    path = tmp_path / "plan.toml"
    for text, said in (
        ((site + cycle) * 5, "sites: 5 are too many, at most 4"),
        (site + cycle * 9, "sites[0].cycles: 9 are too many, at most 8"),
        (site.replace('"n"', f'"{"x" * 1_000}"') + cycle, "nerve has 1000 letters: at most 40"),
        (site.replace('"n"', '"\\u001b[31mOutcome"') + cycle, "nerve has U+001B as letter 1"),
        (site.replace('"n"', '"a\\nOutcome: faked"') + cycle, "nerve has U+000A as letter 2"),
    ):
        path.write_text(text, "utf-8")
        assert said in Done(capsys, "run", path).refused()


def test_a_plan_with_a_byte_order_mark_is_a_plan(tmp_path: Path) -> None:
    from console import config

    path = tmp_path / "plan.toml"
    path.write_bytes(b"\xef\xbb\xbf" + PLAN.read_bytes())
    assert config.plan(path) == config.plan(PLAN)


def test_garbage_that_is_shown_is_bad(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "001.journal"
    path.write_bytes(b"no journal" * 50)
    assert Done(capsys, "records", "show", path).code == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_no_terminal_is_too_old(encoding: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "console", "records", "show",
         ROOT / "tests/records/golden/schema-2.journal"],
        env={**os.environ, "PYTHONIOENCODING": encoding}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout.decode(encoding).startswith(("SIMULATED", "Session"))


def test_a_reader_that_has_enough_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m console hazards --full | head -1",
        shell=True, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_a_simulator_listens_on_this_computer(host: str) -> None:
    from simulator.serve import Mailbox
    from simulator.serve.tcp_door import TcpDoor

    door = TcpDoor(*options.host_and_port(f"{host}:0"))
    door.open(Mailbox())
    try:
        import serial

        assert door.where.startswith(f"socket://{host}:")
        serial.serial_for_url(door.where).close()
    finally:
        door.close()


def test_progress_shows_a_title_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    from console import progress

    shown = io.StringIO()
    bar = progress._bar()
    bar.live.console = Console(file=shown, force_terminal=True)
    bar.disable = False
    with bar:
        bar.add_task("[/red] not markup", total=1)
        bar.refresh()
    assert "[/red] not markup" in shown.getvalue()

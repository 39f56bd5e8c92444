"""`cryoprobe knob` reads and turns the knobs of a running simulator."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from serve_bed import controlled, listening, simulator

from console.cli import main


@pytest.fixture
def link(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "control"
    with simulator("--tcp", ":0", "--control", str(path)) as process:
        listening(process)
        controlled(path).close()
        yield path


def knob(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["knob", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_knobs_are_set_read_and_taken_back(link: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert knob(str(link)) == 0
    assert capsys.readouterr().out == "no knob is turned\n"
    assert knob(str(link), "exhaust_blocked=0.5", "siphon", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"exhaust_blocked": 0.5, "siphon": 0.0}
    assert knob(str(link), "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"exhaust_blocked": 0.5}
    assert knob(str(link), "exhaust_blocked=0") == 0
    assert capsys.readouterr().out == "exhaust_blocked = 0\n"


def test_a_knob_can_go_to_its_value_slowly(link: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert knob(str(link), "exhaust_blocked=0.9", "--ramp", "1000", "--json") == 0
    assert 0.0 <= json.loads(capsys.readouterr().out)["exhaust_blocked"] < 0.1
    assert knob(str(link), "impedance", "cylinder_cold", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"impedance": 480.0, "cylinder_cold": 20.0}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["siphon=1", "--ramp", "5"], "siphon: comes at once, it takes no ramp"),
        (["exhaust_blocked=0.5", "--ramp", "-5"], "exhaust_blocked: a ramp of -5 s"),
        (["gremlins"], "gremlins: no such knob; known: "),
        (["gremlins=1"], "gremlins: no such knob; known: "),
        (["siphon=1", "exhaust_blocked=3"], "exhaust_blocked: 3 is outside 0 to 0.99 share"),
        (["siphon=1", "exhaust_blocked=much"], "exhaust_blocked: 'much' is not a number"),
        (["exhaust_blocked=nan"], "exhaust_blocked: nan is outside"),
        (["siphon=1", "siphon=0"], "siphon: named twice"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_bad_names_and_values_are_one_line_and_turn_nothing(
    asked: list[str], said: str, link: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert knob(str(link), *asked) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"cryoprobe: {said}")
    assert error.count("\n") == 1
    assert knob(str(link)) == 0
    assert capsys.readouterr().out == "no knob is turned\n"


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"address": "/x", "key": "zz"}'])
def test_a_file_that_is_no_link_is_refused_in_one_line(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "control"
    if content is not None:
        path.write_text(content)
    assert knob(str(path)) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"cryoprobe: {path}: ")
    assert error.count("\n") == 1


def test_a_simulator_that_has_gone_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "control"
    path.write_text(json.dumps({"address": str(tmp_path / "gone"), "key": "00"}))
    assert knob(str(path)) == 2
    assert "no simulator answers there" in capsys.readouterr().err


def test_a_knob_that_acts_at_once_is_told_as_it_was_set(
    link: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert knob(str(link), "reboot=1") == 0
    assert capsys.readouterr().out == "reboot = 1\n"
    assert knob(str(link), "reboot") == 0
    assert capsys.readouterr().out == "reboot = 0\n"

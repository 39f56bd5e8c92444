"""The command model-check: its words, its JSON, its exit code."""

import json

import pytest

from console import cli


def ended(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as end:
        cli.main(["model-check", *arguments])
    return end.value.code


def test_the_command_tells_the_way_to_a_broken_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--without", "lease") == 1
    said = capsys.readouterr().out
    assert "BROKEN: no stimulation without a live lease" in said
    assert "the operator asks for" in said
    assert "the device hears StartStimulation" in said


def test_the_command_answers_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--frames", "1", "--starts", "0", "--json") == 0
    (answer,) = json.loads(capsys.readouterr().out)
    assert answer["bounds"] == {"frames": 1, "starts": 0, "crashes": 0, "reboots": 0}
    assert answer["found"]["complete"] is True
    assert answer["found"]["broken"] is None
    assert answer["found"]["states"] > 100


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--without", "care"), "care"),
        (("--frames", "0"), "--frames"),
        (("--crashes", "2"), "--frames"),
    ],
)
def test_a_bad_argument_is_one_line(
    arguments: tuple[str, ...], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(*arguments) == 2
    said = capsys.readouterr().err
    assert word in said
    assert said.count("\n") == 1

"""How the screen looked last: kept, and never in the way."""

from pathlib import Path

import pytest

from console import cli
from console.preferences import Preferences, load, save


@pytest.fixture
def told() -> list[str]:
    return []


def test_a_new_computer_shows_the_dark_screen(tmp_path: Path, told: list[str]) -> None:
    assert load(tmp_path / "none" / "screen.json", told.append).theme == "dark"
    assert told == []


def test_what_was_chosen_is_there_the_next_time(tmp_path: Path, told: list[str]) -> None:
    path = tmp_path / "new" / "screen.json"
    save(path, Preferences(theme="light"), told.append)
    assert load(path, told.append) == Preferences(theme="light")
    save(path, Preferences(theme="dark"), told.append)
    assert load(path, told.append) == Preferences(theme="dark")
    assert told == []


@pytest.mark.parametrize("text", ["", "{", '{"theme": "pink"}', '{"them": "light"}', "[]", "\0"])
def test_a_file_that_cannot_be_used_is_told_of_and_passed_over(
    text: str, tmp_path: Path, told: list[str]
) -> None:
    path = tmp_path / "screen.json"
    path.write_text(text)
    assert load(path, told.append) == Preferences()
    assert len(told) == 1 and str(path) in told[0] and "\n" not in told[0]


def test_a_place_that_cannot_be_read_or_written_is_told_of(tmp_path: Path, told: list[str]) -> None:
    save(tmp_path, Preferences(), told.append)
    assert load(tmp_path, told.append) == Preferences()
    assert len(told) == 2 and all(str(tmp_path) in line for line in told)


def test_a_theme_that_is_none_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--theme", "pink"])
    assert end.value.code == 2
    assert "--theme pink" in capsys.readouterr().err

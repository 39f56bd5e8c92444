"""`make run`: the window where there is a display, the same plan headless where there is none."""

import pytest

from console import cli, demonstration


def asked(monkeypatch: pytest.MonkeyPatch, missing: str | None) -> list[str]:
    def ended(arguments: list[str]) -> None:
        found.extend(arguments)
        raise SystemExit(0)

    found: list[str] = []
    monkeypatch.setattr(demonstration, "missing_display", lambda: missing)
    monkeypatch.setattr(cli, "main", ended)
    with pytest.raises(SystemExit):
        demonstration.main()
    return found


def test_with_a_display_the_window_opens_on_the_simulator(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(monkeypatch, None) == ["--port", "sim://n2o"]


def test_without_one_it_says_so_and_leaves_journal_and_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = asked(monkeypatch, "no display here")
    assert command[0] == "run"
    assert "--report" in command
    assert command[command.index("--port") + 1] == "sim://n2o?speed=20"
    said = capsys.readouterr().out
    assert "no display here" in said
    assert "20 times life speed" in said

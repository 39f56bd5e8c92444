"""Plans and folders that cannot be used: one line that says which, what and where; no traceback."""

import os
from pathlib import Path

import pytest
from e2e_command import cryoprobe, cryoprobe_here, plan_file

SITE = '[[sites]]\nnerve = "saphenous"\nside = "left"\n[[sites.cycles]]\nfreeze_s = 30\n'
MALFORMED = {
    "not TOML": ("target_celsius = = -70", "not TOML"),
    "no sites": ("target_celsius = -70.0", "sites"),
    "an empty list of sites": ("sites = []", "sites"),
    "an unknown key": (f"colour = 1\n{SITE}", "colour"),
    "an unknown key in a site": (SITE.replace("nerve", "colour = 1\nnerve"), "colour"),
    "a side that is none": (SITE.replace("left", "L"), "side"),
    "a number that is none": (SITE.replace("30", "nan"), "freeze_s"),
    "a freeze too long": (SITE.replace("30", "241"), "freeze_s"),
    "a target too warm": (f"target_celsius = 5\n{SITE}", "target_celsius"),
    "a target that is none": (f"target_celsius = nan\n{SITE}", "target_celsius"),
    "words where a number belongs": (SITE.replace("30", '"long"'), "freeze_s"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_plan_is_one_line_and_exit_2(
    case: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text, key = MALFORMED[case]
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    store = tmp_path / "records"
    done = cryoprobe_here(capfd, "run", path, "--port", "sim://n2o", "--records", store)
    assert done.code == 2
    assert done.out == ""
    assert str(path) in done.one_line()
    assert key in done.one_line()
    assert not store.exists()


def test_a_plan_that_is_not_there_or_no_text(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for path in (tmp_path / "missing.toml", tmp_path):
        done = cryoprobe_here(capfd, "run", path, "--port", "sim://n2o")
        assert done.code == 2
        assert str(path) in done.one_line()
    binary = tmp_path / "binary.toml"
    binary.write_bytes(os.urandom(200) + b"\xff\xfe")
    done = cryoprobe_here(capfd, "run", binary, "--port", "sim://n2o")
    assert done.code == 2
    assert str(binary) in done.one_line()


@pytest.mark.parametrize(
    "arguments",
    [
        ("run",),
        ("freeze",),
        ("run", "--frob", "x.toml"),
        ("records", "show", "nothing-like-it"),
        ("records", "verify", "nothing-like-it"),
        ("simulate", "--speed", "many"),
        ("simulate", "--pty", "/nowhere/at/all"),
        ("simulate", "--frob"),
    ],
)
def test_a_command_that_cannot_run_is_one_line_and_exit_2(
    arguments: tuple[str, ...], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = (*arguments, "--records", tmp_path) if arguments[0] == "records" else arguments
    done = cryoprobe_here(capfd, *told)
    assert done.code == 2
    assert done.out == ""
    done.one_line()


def test_a_store_that_is_a_file_is_one_line_and_exit_2(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.write_text("no folder")
    done = cryoprobe(
        "run", plan_file(tmp_path, [(5, 0)]), "--port", "sim://n2o", "--records", store
    )
    assert done.code == 2
    assert str(store) in done.one_line()


def test_the_window_without_a_display_is_one_line_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    done = cryoprobe("--port", "sim://n2o", "--records", tmp_path)
    assert done.code == 2
    assert "display" in done.one_line()

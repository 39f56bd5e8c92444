"""`cryoprobe tissue` as it is typed."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result as Ran
from typer.testing import CliRunner

from console.cli import app
from simulator.physics.case import case_grid, parse_case, run
from simulator.physics.case_history import History
from simulator.physics.cases import case_text

_QUICK = """
geometry = "probe"
radius_mm = 0.7
times_s = [2.0, 5.0]
points_mm = [1.5]
isotherms_celsius = [-20.0]
cell_mm = 0.35
"""


def typed(*arguments: str) -> Ran:
    return CliRunner().invoke(app, arguments)


def cannot(ran: Ran, *words: str) -> None:
    assert ran.exit_code == 2
    assert len(ran.stderr.splitlines()) == 1, ran.stderr
    assert ran.stdout == ""
    for word in words:
        assert word in ran.stderr


@pytest.fixture
def quick(tmp_path: Path) -> Path:
    path = tmp_path / "quick.toml"
    path.write_text(_QUICK, encoding="utf-8")
    return path


def test_a_shipped_case_runs_by_its_name() -> None:
    ran = typed("tissue", "v6-sphere-wall", "--json")
    assert ran.exit_code == 0
    said = json.loads(ran.stdout)
    assert said["temperature_celsius"][0] == pytest.approx([26.8526], abs=0.1)
    assert said["energy_residual"] < 1e-9
    assert ran.stderr == ""


def test_the_json_has_what_the_commands_page_lists(quick: Path) -> None:
    said = json.loads(typed("tissue", str(quick), "--json").stdout)
    assert said.keys() == {
        "times_s",
        "frozen_radius_mm",
        "isotherm_radius_mm",
        "temperature_celsius",
        "energy_residual",
        "elapsed_s",
        "tip_celsius",
    }
    assert said["times_s"] == [2.0, 5.0]
    assert said["isotherm_radius_mm"].keys() == {"-20.0"}
    assert [len(row) for row in said["temperature_celsius"]] == [1, 1]
    assert said["tip_celsius"] == pytest.approx([-70.0, -70.0])


def test_the_csv_holds_the_numbers_of_the_json(quick: Path, tmp_path: Path) -> None:
    out = tmp_path / "answer.csv"
    said = json.loads(typed("tissue", str(quick), "--csv", str(out), "--json").stdout)
    with out.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for index, row in enumerate(rows):
        assert {name: float(value) for name, value in row.items()} == {
            "time_s": said["times_s"][index],
            "frozen_radius_mm": said["frozen_radius_mm"][index],
            "radius_at_-20_c_mm": said["isotherm_radius_mm"]["-20.0"][index],
            "celsius_at_1.5_mm": said["temperature_celsius"][index][0],
            "tip_celsius": said["tip_celsius"][index],
        }
    assert len(rows) == 2


@pytest.mark.parametrize("name", ["quick", "v4-perfused-sphere"])
def test_the_picture_is_drawn_and_changes_no_number(name: str, quick: Path, tmp_path: Path) -> None:
    case = str(quick) if name == "quick" else name
    out = tmp_path / "picture.png"
    drawn = json.loads(typed("tissue", case, "--png", str(out), "--json").stdout)
    plain = json.loads(typed("tissue", case, "--json").stdout)
    assert out.read_bytes().startswith(b"\x89PNG\r\n")
    assert out.stat().st_size > 20_000
    assert drawn | {"elapsed_s": 0.0} == plain | {"elapsed_s": 0.0}


def test_the_history_between_the_answers_ends_at_the_answer() -> None:
    history, case = History(), parse_case(_QUICK)
    answer = run(case, backend="numpy", history=history)
    assert history.times_s[-1] == pytest.approx(5.0, abs=0.05)
    assert len(history.times_s) > 50
    assert history.times_s == sorted(history.times_s)
    assert history.radii_mm["ice"][-1] == pytest.approx(answer.frozen_radius_mm[-1], rel=0.01)
    assert history.radii_mm["-20.0"][0] < history.radii_mm["-20.0"][-1]
    time, distances, celsius = history.profiles[-1]
    assert time == 5.0
    assert distances[0] == case.wall_mm
    assert len(distances) == len(celsius) == 1 + (case_grid(case).radius > 0.7e-3).sum()
    assert celsius[0] == pytest.approx(-70.0)
    assert celsius[-1] == pytest.approx(37.0)


def test_in_a_pipe_there_is_the_answer_and_no_progress(quick: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "console", "tissue", str(quick), "--json"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == b""
    assert json.loads(done.stdout)["frozen_radius_mm"][1] > 1.0


def test_people_get_a_table(quick: Path) -> None:
    said = typed("tissue", str(quick)).stdout
    assert "frozen_radius_mm" in said
    assert "energy residual" in said


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("radius_mm = 0.7", "radius_mm = -0.7", "radius_mm"),
        ("times_s = [2.0, 5.0]", "times_s = [nan]", "times_s"),
        ("cell_mm = 0.35", "[tissue]\nliquidus_celsius = -9.0", "tissue.liquidus_celsius"),
        ("cell_mm = 0.35", "colour = 3", "colour"),
        ("cell_mm = 0.35", "= 3", "not TOML"),
    ],
)
def test_nonsense_is_refused_by_file_and_key(quick: Path, old: str, new: str, key: str) -> None:
    quick.write_text(_QUICK.replace(old, new), encoding="utf-8")
    cannot(typed("tissue", str(quick)), "quick.toml: ", f"{key}: " if "." not in key else key)


def test_a_case_that_is_not_there_is_said_with_the_shipped_names(tmp_path: Path) -> None:
    cannot(typed("tissue", "v99"), "v99: No such file", "v10-long-tip")
    cannot(typed("tissue", str(tmp_path / "none.toml")), "none.toml: No such file")


@pytest.mark.parametrize("option", ["--csv", "--png"])
def test_a_file_that_cannot_be_written_is_said_in_one_line(
    quick: Path, tmp_path: Path, option: str
) -> None:
    cannot(typed("tissue", str(quick), option, str(tmp_path / "no" / "x")), "No such file")


def test_the_command_imports_no_picture_library_unless_asked(quick: Path) -> None:
    code = (
        "import sys; from console.cli import main\n"
        "try: main(['tissue', sys.argv[1]])\n"
        "finally: assert not {'matplotlib', 'PySide6'} & set(sys.modules), 'imported'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(quick)], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_shipped_text_is_what_the_name_stands_for() -> None:
    assert parse_case(case_text("v6-sphere-wall")).title.startswith("V6")

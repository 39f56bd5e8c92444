"""`cryoprobe export`: all that is asked for, or nothing and one line."""

from pathlib import Path

import pytest
from report_kit import bare_case, hard_case

from console.cli import main
from console.commands.records import leave_report

ID = "20261121-090000-00aa"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    hard_case(tmp_path / "records" / ID)
    return tmp_path / "records"


def ran(capture: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main([str(each) for each in ("export", *arguments)])
    said = capture.readouterr()
    assert isinstance(end.value.code, int)
    return end.value.code, said.out, said.err


def refused(capture: pytest.CaptureFixture[str], *arguments: object) -> str:
    code, out, err = ran(capture, *arguments)
    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    return line


def everything(folder: Path) -> list[object]:
    return [
        "--pdf", folder / "r.pdf", "--csv", folder / "csv", "--fhir", folder / "b.json",
        "--handout", folder / "h.pdf",
    ]  # fmt: skip


def files(folder: Path) -> set[str]:
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}


def test_everything_at_once_and_for_the_owner_alone(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    code, said, _ = ran(
        capsys, "20261121", "--records", store, "--page", "letter", *everything(out)
    )
    assert code == 0
    assert {line.removeprefix(f"{out}/") for line in said.splitlines()} == files(out)
    for each in out.rglob("*"):
        assert each.stat().st_mode & 0o077 == 0, each
    assert (out / "r.pdf").read_bytes().startswith(b"%PDF")


def test_an_older_export_is_replaced(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "r.pdf"
    path.write_bytes(b"old")
    assert ran(capsys, ID, "--records", store, "--pdf", path)[0] == 0
    assert path.read_bytes().startswith(b"%PDF")
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing", "--pdf", "r.pdf"), "no session 'nothing'"),
        ((ID,), "say what to export"),
        ((ID, "--pdf", "r.pdf", "--page", "a5"), "--page a5"),
        ((ID, "--pdf", "r.pdf", "--handout", "r.pdf"), "a file of its own"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(
    store: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words in refused(capsys, *arguments, "--records", store)
    assert files(tmp_path) == files(tmp_path) & {f"records/{each}" for each in files(store)}


@pytest.mark.parametrize("spoilt", ["r.pdf", "csv", "b.json", "h.pdf"])
def test_one_place_that_cannot_be_written_leaves_nothing_of_the_others(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoilt: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    if spoilt == "csv":
        (out / "csv").write_text("a file where the folder would be")
    else:
        (out / spoilt).mkdir()
    before = files(out)
    line = refused(capsys, ID, "--records", store, *everything(out))
    assert str(out / spoilt) in line
    assert files(out) == before


def test_a_session_without_a_freeze_has_a_report_but_no_handout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare_case(tmp_path / "records" / ID)
    line = refused(capsys, ID, "--records", tmp_path / "records", *everything(tmp_path / "out"))
    assert "nothing was frozen" in line
    assert not (tmp_path / "out").exists()
    done = ran(capsys, ID, "--records", tmp_path / "records", "--pdf", tmp_path / "r.pdf")
    assert done[0] == 0


def test_a_run_whose_record_is_gone_says_that_it_left_no_report(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leave_report(store / ID) == str(store / ID / "report.pdf")
    assert (store / ID / "report.pdf").read_bytes().startswith(b"%PDF")
    assert leave_report(tmp_path / "gone") is None
    (line,) = capsys.readouterr().err.splitlines()
    assert "there is no report" in line
    (tmp_path / "spoilt").mkdir()
    (tmp_path / "spoilt" / "001.journal").write_text("hello")
    assert leave_report(tmp_path / "spoilt") is None
    assert "not a journal" in capsys.readouterr().err


def test_what_is_no_journal_cannot_be_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notes.journal"
    path.write_text("hello")
    line = refused(capsys, path, "--pdf", tmp_path / "r.pdf")
    assert "not a journal" in line
    assert not (tmp_path / "r.pdf").exists()

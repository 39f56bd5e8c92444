"""A mapping visit: a session of its own, listed, verified, printed, and named by a treatment."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console import config
from console.control.replay import ReplayError, check
from console.model.mapping import Guidance, MappingVisit, problems
from console.model.plan import Side
from console.records import Store, amend, listed, read_session, verify
from console.records.lock import StoreLock
from console.records.mapping import CannotMapError, mappings, save_mapping
from console.records.show import as_text
from console.report.exports import Wanted, exported

NOW = datetime(2026, 11, 7, 9, 30, tzinfo=UTC)
VISIT = MappingVisit(
    nerve="saphenous", side=Side.LEFT, relief_percent=95.0, drug="lidocaine 1 %", volume_ml=1.5,
    depth_mm=12.0, guidance=Guidance.ULTRASOUND, landmark="adductor canal", duration_h=3.0,
)  # fmt: skip
FIELDS = ("LEFT · SAPHENOUS", "95 %, successful", "3 hours", "lidocaine 1 %", "1.5 mL", "12 mm",
          "ultrasound", "adductor canal")  # fmt: skip


def _saved(root: Path, visit: MappingVisit = VISIT) -> Path:
    return save_mapping(Store(root), visit, " A-17 ", "KJ", now=NOW, program="test")


def test_it_is_a_closed_and_whole_session_that_is_found_by_its_words(tmp_path: Path) -> None:
    folder = _saved(tmp_path)
    assert verify(folder).ok
    (row,) = listed(Store(tmp_path), "adductor lidocaine left")
    assert (row["id"], row["outcome"], row["case"]) == (folder.name, "mapping visit", "A-17")
    assert (row["nerves"], row["simulated"]) == (["saphenous"], False)


def test_a_treatment_can_name_it_with_all_of_its_fields(tmp_path: Path) -> None:
    folder = _saved(tmp_path)
    (found,) = mappings(Store(tmp_path))
    assert (found.session, found.day, found.case) == (folder.name, "2026-11-07", "A-17")
    assert found.visit == VISIT and found.visit.successful


@pytest.mark.parametrize(("percent", "successful"), [(90.0, True), (89.9, False), (0.0, False)])
def test_from_ninety_percent_on_it_counts_as_successful(percent: float, successful: bool) -> None:
    assert MappingVisit("sural", Side.LEFT, percent).successful is successful


def test_it_can_be_saved_while_a_session_is_recorded(tmp_path: Path) -> None:
    lock = StoreLock(tmp_path)
    try:
        _saved(tmp_path)
    finally:
        lock.release()
    assert len(mappings(Store(tmp_path))) == 1


def test_it_is_amended_as_any_other(tmp_path: Path) -> None:
    folder = _saved(tmp_path)
    amend(Store(tmp_path), folder, "KJ", "called", "Relief lasted 5 h.", now=NOW, program="test")
    assert verify(folder).ok
    assert read_session(folder).outcome == "mapping visit"
    assert [each.session for each in mappings(Store(tmp_path))] == [folder.name]


def test_every_field_is_printed_shown_and_exported(tmp_path: Path) -> None:
    session = read_session(_saved(tmp_path / "store"))
    pdf, fhir = tmp_path / "r.pdf", tmp_path / "r.json"
    for path, data in exported(session, Wanted(pdf=pdf, fhir=fhir), NOW.isoformat()).items():
        path.write_bytes(data)
    read = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    notes = json.dumps(json.loads(fhir.read_text()), ensure_ascii=False)
    for words in (*FIELDS, "A-17", "KJ"):
        assert words in read, words
        assert words in notes, words
    assert "Diagnostic block" in notes and "No freeze was begun" not in read
    shown = as_text(session)
    for words in ("saphenous LEFT: relief 95 %", "lidocaine 1 %, 1.5 mL, depth 12 mm", "A-17"):
        assert words in shown


def test_there_is_nothing_to_replay_and_it_says_so(tmp_path: Path) -> None:
    session = read_session(_saved(tmp_path))
    with pytest.raises(ReplayError, match="nothing ran in a mapping visit"):
        check(session.ran, config.limits())


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"relief_percent": 101.0}, "relief_percent: 101, from 0 to 100"),
        ({"volume_ml": -1.0}, "volume_ml: −1, from 0 to 50"),
        ({"depth_mm": 201.0}, "depth_mm: 201, from 0 to 200"),
        ({"duration_h": float("nan")}, "duration_h: nan, from 0 to 720"),
        ({"nerve": "  "}, "nerve: a name is needed"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    tmp_path: Path, changed: dict[str, float | str], words: str
) -> None:
    fields = {"nerve": "sural", "side": Side.LEFT, "relief_percent": 95.0} | changed
    visit = MappingVisit(**fields)  # type: ignore[arg-type]
    assert problems(visit) == [words]
    with pytest.raises(CannotMapError, match=words.split(":", maxsplit=1)[0]):
        _saved(tmp_path, visit)
    assert mappings(Store(tmp_path)) == []

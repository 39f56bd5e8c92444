"""The page that a patient takes home."""

from pathlib import Path

import pytest
from report_kit import bare_case, hard_case, plain, text_of, told

from console.records import read_session
from console.report.gathering import account
from console.report.handout import CALL, NothingDoneError, handout

MADE = "2026-11-22T09:00:00+13:00"


def test_it_says_what_was_treated_and_when_to_call_on_one_page(tmp_path: Path) -> None:
    text = text_of(handout(account(hard_case(tmp_path / "s")), MADE), tmp_path)
    assert text.count("\f") == 1
    found = plain(text)
    assert "2026-11-21: saphenous, left; genicular <lateral> & more, right" in found
    for each in CALL:
        assert each in found
    for promise in ("permanent", "cure", "guarantee"):
        assert promise not in found.lower()
    for private in ("A-17", "KJ"):
        assert private not in found


def test_a_simulated_one_is_marked(tmp_path: Path) -> None:
    assert "SIMULATED" in text_of(handout(told(), MADE, "letter"), tmp_path)


def test_a_session_without_a_freeze_has_none(tmp_path: Path) -> None:
    with pytest.raises(NothingDoneError, match="nothing was frozen"):
        handout(account(read_session(bare_case(tmp_path / "s"))), MADE)

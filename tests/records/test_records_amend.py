"""Amendments: added, never overwritten, and under the same chain."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from records_kit import DEVICE, PLAN, header, wrote

from console.cli import main
from console.model.request import ChoosePlan
from console.records import (
    CannotAmendError,
    Connected,
    ReplyOut,
    RequestIn,
    Store,
    StoreBusyError,
    amend,
    as_text,
    described,
    listed,
    read_session,
    verify,
)

NAME = "20261121-094210-7f3a"
NOW = datetime(2026, 12, 5, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "records")
    chose = [Connected(1.0, DEVICE), RequestIn(1.0, 1, ChoosePlan(PLAN)), ReplyOut(1, None)]
    wrote(store.root / NAME / "001.journal", [chose], "completed", header(session=NAME))
    return store


def amended(store: Store, text: str = "Relief 90 %.", who: str = "KJ", why: str = "visit") -> Path:
    return amend(store, store.root / NAME, who, why, text, now=NOW, program="test")


def test_what_was_there_stays_byte_for_byte_and_the_chain_goes_on(store: Store) -> None:
    before = (store.root / NAME / "001.journal").read_bytes()
    assert amended(store).name == "002.journal"
    assert amended(store, "Sore for a week.").name == "003.journal"
    assert (store.root / NAME / "001.journal").read_bytes() == before
    found = verify(store.root / NAME)
    assert (found.ok, found.problem) == (True, None)
    session = read_session(store.root / NAME)
    assert [(each.who, each.why, each.text) for each in session.amendments] == [
        ("KJ", "visit", "Relief 90 %."),
        ("KJ", "visit", "Sore for a week."),
    ]
    assert session.amendments[0].wall == "2026-12-05T09:30:00+00:00"


def test_the_session_keeps_its_outcome_and_plan(store: Store) -> None:
    amended(store)
    session = read_session(store.root / NAME)
    assert session.outcome == "completed"
    assert session.chosen is not None
    assert len(session.ran) == 1


def test_a_changed_amendment_is_found(store: Store) -> None:
    path = amended(store)
    amended(store, "More.")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    assert not verify(store.root / NAME).ok


def test_list_and_text_show_it(store: Store) -> None:
    amended(store, "Numb heel.")
    (row,) = listed(store, "numb")
    assert row["amendments"] == 1
    assert "by KJ (visit): Numb heel." in as_text(read_session(store.root / NAME))


@pytest.mark.parametrize("empty", ["who", "why", "text"])
def test_who_why_and_what_are_needed(store: Store, empty: str) -> None:
    with pytest.raises(CannotAmendError, match="empty"):
        amended(store, **{empty: "  "})
    assert not (store.root / NAME / "002.journal").exists()


@pytest.mark.parametrize(("name", "most"), [("who", 40), ("why", 200), ("text", 10_000)])
def test_what_is_too_long_is_refused(store: Store, name: str, most: int) -> None:
    with pytest.raises(CannotAmendError, match=f"at most {most}"):
        amended(store, **{name: "x" * (most + 1)})
    amended(store, **{name: "x" * most})


@pytest.mark.parametrize("name", ["who", "why", "text"])
def test_bytes_that_are_no_text_are_refused(store: Store, name: str) -> None:
    with pytest.raises(CannotAmendError, match="no text"):
        amended(store, **{name: "KJ \udcff"})
    assert [each.name for each in (store.root / NAME).iterdir()] == ["001.journal"]


def test_nothing_is_added_while_something_is_recorded(store: Store) -> None:
    with store.lock(), pytest.raises(StoreBusyError):
        amended(store)
    assert not (store.root / NAME / "002.journal").exists()


def test_one_that_is_dated_before_its_session_is_marked(store: Store, tmp_path: Path) -> None:
    amended(store)
    early = datetime(2020, 1, 1, 9, 30, tzinfo=UTC)
    amend(store, store.root / NAME, "KJ", "visit", "Early.", now=early, program="test")
    session = read_session(store.root / NAME)
    lines = [line for line in as_text(session).splitlines() if "by KJ" in line]
    marked = "(dated before the session ended: a clock was wrong)"
    assert [marked in line for line in lines] == [False, True]
    assert [each["dated_before"] for each in described(session)["amendments"]] == [False, True]


def test_the_command_says_where_it_stands_or_why_not(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    def ran(what: str, text: str) -> int:
        with pytest.raises(SystemExit) as end:
            main(
                ["records", "amend", what, text, "--who", "KJ", "--why", "visit",
                 "--records", str(store.root)]
            )  # fmt: skip
        assert isinstance(end.value.code, int)
        return end.value.code

    assert ran("20261121", "Relief 90 %.") == 0
    assert capsys.readouterr().out.strip().endswith("002.journal")
    for what, text, words in (
        ("20261121", " ", "empty"),
        ("nothing", "Relief.", "no session"),
        (str(store.root / NAME / "001.journal"), "Relief.", "a journal alone"),
    ):
        assert ran(what, text) == 2
        err = capsys.readouterr().err
        assert words in err
        assert err.count("\n") == 1

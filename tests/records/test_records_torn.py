"""Journals whose writer was interrupted before they held anything: passed over, for ever, and what
earlier versions made of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from records_kit import DEVICE, PLAN, header, wrote

from console.model.request import ChoosePlan
from console.records import (
    Connected,
    Header,
    JournalWriter,
    ReplyOut,
    RequestIn,
    Store,
    amend,
    listed,
    read_session,
    verify,
)
from console.records.entries import AMENDMENT, Amended
from console.records.format import PREAMBLE, first_chain

NAME = "20261121-094210-7f3a"
NOW = datetime(2026, 12, 5, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "records")
    chose = [Connected(1.0, DEVICE), RequestIn(1.0, 1, ChoosePlan(PLAN)), ReplyOut(1, None)]
    wrote(store.root / NAME / "001.journal", [chose], "completed", header(session=NAME))
    return store


def begun(previous: str, head: str) -> Header:
    return header(
        session=NAME, number=3, reason=AMENDMENT, previous=previous, previous_head=head
    )  # fmt: skip


TORN = [b"", PREAMBLE[:4], PREAMBLE, PREAMBLE + b"\x40half a group", b"\0" * 600]


@pytest.mark.parametrize("left", TORN)
def test_a_torn_leftover_is_passed_over_and_the_chain_goes_on_behind_it(
    left: bytes, store: Store
) -> None:
    (store.root / NAME / "002.journal").write_bytes(left)
    found = verify(store.root / NAME)
    assert (found.ok, found.problem) == (True, None)
    assert found.notes and found.notes[0].startswith("002.journal holds nothing: ")
    assert read_session(store.root / NAME).outcome == "completed"
    path = amend(store, store.root / NAME, "KJ", "visit", "Well.", now=NOW, program="test")
    assert path.name == "003.journal"
    session = read_session(store.root / NAME)
    assert session.journals[-1].header is not None
    assert session.journals[-1].header.previous == "001.journal"
    assert session.journals[-1].header.previous_head == session.journals[0].head
    assert verify(store.root / NAME).ok
    (row,) = listed(store)
    assert (row["outcome"], row["amendments"]) == ("completed", 1)


@pytest.mark.parametrize("left", TORN)
def test_an_amendment_that_an_earlier_version_put_behind_one_is_good_again(
    left: bytes, store: Store
) -> None:
    folder = store.root / NAME
    (folder / "002.journal").write_bytes(left)
    writer = JournalWriter(folder / "003.journal", begun("002.journal", first_chain().hex()))
    writer.append(Amended("2026-12-05T09:30:00+00:00", "KJ", "visit", "Well."))
    writer.close(AMENDMENT)
    assert verify(folder).problem is None
    assert verify(folder).ok


def test_what_held_something_is_never_passed_over(store: Store) -> None:
    folder = store.root / NAME
    amend(store, folder, "KJ", "visit", "Well.", now=NOW, program="test")
    amend(store, folder, "KJ", "visit", "Better.", now=NOW, program="test")
    (folder / "002.journal").write_bytes(b"")
    assert "003.journal: it goes on from 002.journal" in (verify(folder).problem or "")
    (folder / "001.journal").write_bytes(b"")
    assert not verify(folder).ok


def test_a_session_of_nothing_else_stays_unfinished(tmp_path: Path) -> None:
    store = Store(tmp_path)
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "001.journal").write_bytes(b"")
    assert [row["outcome"] for row in listed(store)] == ["unfinished"]
    assert not verify(tmp_path / NAME).ok
    assert store.after(tmp_path / NAME).previous is None

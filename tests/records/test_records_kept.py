"""What is kept beside the index: reckoned once, and again when its journals changed."""

from pathlib import Path

import apsw
import pytest
from records_kit import header, wrote

from console.records import Session, Store, reindex
from console.records.index import NAME
from console.records.kept import kept


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "records")


@pytest.fixture
def made() -> list[str]:
    return []


def session(store: Store, number: int, end: str = "completed") -> str:
    name = f"20261121-0900{number:02d}-{number:04x}"
    (store.root / name / "001.journal").unlink(missing_ok=True)
    wrote(store.root / name / "001.journal", [], end, header(session=name))
    return name


def outcomes(store: Store, made: list[str], name: str = "outcome 1") -> dict[str, str]:
    def make(session: Session) -> str:
        made.append(session.id)
        return session.outcome

    return kept(store, name, make, str)


def test_it_is_made_again_only_when_a_journal_changed(store: Store, made: list[str]) -> None:
    one, two = session(store, 1), session(store, 2)
    assert outcomes(store, made) == {one: "completed", two: "completed"}
    assert sorted(made) == [one, two]
    session(store, 1, "ended early")
    assert outcomes(store, made) == {one: "ended early", two: "completed"}
    assert made[2:] == [one]


def test_another_name_is_made_anew(store: Store, made: list[str]) -> None:
    one = session(store, 1)
    outcomes(store, made)
    assert outcomes(store, made, "outcome 2") == {one: "completed"}
    assert made == [one, one]


def test_a_session_that_is_gone_is_forgotten(store: Store, made: list[str]) -> None:
    one, two = session(store, 1), session(store, 2)
    outcomes(store, made)
    (store.root / two / "001.journal").unlink()
    assert outcomes(store, made) == {one: "completed"}


def test_work_that_is_broken_off_goes_on_where_it_was(store: Store, made: list[str]) -> None:
    names = [session(store, number) for number in range(15)]

    def until_three_quarters(share: float) -> None:
        if share > 0.75:
            raise KeyboardInterrupt

    def make(session: Session) -> str:
        made.append(session.id)
        return session.outcome

    with pytest.raises(KeyboardInterrupt):
        kept(store, "outcome 1", make, str, until_three_quarters)
    assert len(made) == 12
    assert outcomes(store, made).keys() == set(names)
    assert len(made) == 12 + 5


def test_what_was_spoilt_in_the_index_is_made_anew(store: Store, made: list[str]) -> None:
    one = session(store, 1)
    outcomes(store, made)
    with apsw.Connection(str(store.root / NAME)) as table:
        table.execute("update kept set data = x'00ff'")
    table.close()
    assert outcomes(store, made) == {one: "completed"}
    assert outcomes(store, made) == {one: "completed"}
    made.clear()
    assert outcomes(store, made) == {one: "completed"}
    assert made == []


def test_reindexing_throws_it_away(store: Store, made: list[str]) -> None:
    one = session(store, 1)
    outcomes(store, made)
    reindex(store)
    assert outcomes(store, made) == {one: "completed"}
    assert made == [one, one]


def test_where_no_index_can_be_written_it_is_made_without(store: Store, made: list[str]) -> None:
    one = session(store, 1)
    (store.root / NAME).mkdir()
    assert outcomes(store, made) == {one: "completed"}


def test_a_file_is_no_store(store: Store, made: list[str]) -> None:
    store.root.write_text("no folder")
    with pytest.raises(NotADirectoryError):
        outcomes(store, made)

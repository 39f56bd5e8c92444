"""The index: what it finds, and that nothing hangs on it."""

import random
from pathlib import Path

import apsw
import pytest
from records_kit import DEVICE, PLAN, happened, header, wrote

from console.cli import main
from console.model.event import EventKind
from console.model.plan import Cycle, Side, Site
from console.model.request import ChoosePlan
from console.records import (
    Connected,
    JournalWriter,
    ReplyOut,
    RequestIn,
    Store,
    index,
    listed,
    reindex,
)
from console.records.index import NAME


def kept(store: Store, number: int, nerve: str = "saphenous", alarm: str = "") -> str:
    name = f"20261121-09{number // 60:02d}{number % 60:02d}-{number:04x}"
    plan = PLAN.__class__(sites=(Site(nerve, Side.LEFT, (Cycle(60.0),)),))
    asked = ChoosePlan(plan, f"case-{number}", "AB" if number % 2 else "KJ")
    entries = [
        Connected(1.0, DEVICE),
        RequestIn(1.0, 1, asked),
        ReplyOut(1, None),
        *([happened(2.0, EventKind.ALARM, f"high: {alarm}")] if alarm else []),
    ]
    wrote(store.root / name / "001.journal", [entries], first=header(session=name))
    return name


def ids(store: Store, search: str = "") -> list[str]:
    return [row["id"] for row in listed(store, search)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "records")


@pytest.mark.parametrize("held", ["nervus suralis é", "nervus suralis e\u0301"])
@pytest.mark.parametrize("typed", ["É", "E\u0301", "e\u0301", "ｓｕｒａｌｉｓ"])
def test_a_search_finds_every_spelling(held: str, typed: str, store: Store) -> None:
    one = kept(store, 1, held)
    assert ids(store, typed) == [one]


def test_all_words_of_a_search_must_occur_in_any_case(store: Store) -> None:
    one = kept(store, 1, "saphenous")
    two = kept(store, 2, "genicular", "The probe's exhaust is blocked")
    assert ids(store) == [two, one]
    assert ids(store, "SAPHENOUS") == [one]
    assert ids(store, "exhaust kj") == [two]
    assert ids(store, "exhaust ab") == []
    assert ids(store, "case-2 left CP-0007") == [two]
    assert ids(store, "20261121-0900") == [two, one]


def test_signs_of_the_search_language_are_letters_like_any(store: Store) -> None:
    one = kept(store, 1, "odd %_\\ name")
    kept(store, 2, "odd name")
    for search in ("%", "_\\", "%_\\"):
        assert ids(store, search) == [one]


def test_a_session_is_read_again_only_when_its_journals_changed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def noted(path: Path) -> object:
        read.append(path.name)
        return read_session(path)

    read_session = index.read_session
    monkeypatch.setattr(index, "read_session", noted)
    one = kept(store, 1)
    two = kept(store, 2)
    listed(store)
    assert sorted(read) == [one, two]
    read.clear()
    listed(store)
    assert read == []
    (store.root / one / "001.journal").unlink()
    wrote(store.root / one / "001.journal", [], "no procedure", header(session=one))
    assert {row["id"]: row["outcome"] for row in listed(store)} == {
        one: "no procedure",
        two: "completed",
    }
    assert read == [one]


def test_a_session_that_is_gone_is_not_listed(store: Store) -> None:
    one, two = kept(store, 1), kept(store, 2)
    assert ids(store) == [two, one]
    (store.root / two / "001.journal").unlink()
    (store.root / two).rmdir()
    assert ids(store) == [one]


def test_running_and_unfinished_are_told_apart_though_no_byte_changes(store: Store) -> None:
    name = kept(store, 1)
    (store.root / name / "001.journal").unlink()
    writer = JournalWriter(store.root / name / "001.journal", header(session=name))
    assert listed(store)[0]["outcome"] == "running"
    writer.abandon()
    assert listed(store)[0]["outcome"] == "unfinished"


@pytest.mark.parametrize("seed", range(5))
def test_a_spoilt_index_is_made_anew(store: Store, seed: int) -> None:
    names = [kept(store, number) for number in range(3)]
    listed(store)
    path = store.root / NAME
    rng = random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(2_000):
        data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(bytes(data[: rng.randrange(100, len(data))]))
    assert ids(store) == names[::-1]
    assert ids(store, "saphenous") == names[::-1]


def test_an_index_of_another_version_is_made_anew(store: Store) -> None:
    name = kept(store, 1)
    with apsw.Connection(str(store.root / NAME)) as table:
        table.execute("create table sessions (other text)")
        table.pragma("user_version", 99)
    table.close()
    assert ids(store) == [name]


def test_where_no_index_can_be_written_the_list_is_made_without(store: Store) -> None:
    names = [kept(store, number) for number in range(2)]
    (store.root / NAME).mkdir()
    assert ids(store) == names[::-1]
    assert ids(store, "case-1") == [names[1]]
    with pytest.raises(OSError, match="is a folder"):
        reindex(store)


def test_a_file_is_no_store(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    store.root.write_text("no folder")
    with pytest.raises(NotADirectoryError):
        listed(store)
    with pytest.raises(SystemExit) as end:
        main(["records", "list", "--records", str(store.root)])
    assert end.value.code == 2
    assert "is not a folder" in capsys.readouterr().err


def test_another_process_that_holds_the_index_does_not_keep_the_list_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "BUSY_MS", 1)
    one = kept(store, 1)
    listed(store)
    two = kept(store, 2)
    other = apsw.Connection(str(store.root / NAME))
    other.execute("begin exclusive")
    assert ids(store) == [two, one]
    other.close()


def test_the_index_is_for_its_owner_alone_and_listing_an_empty_folder_makes_none(
    store: Store,
) -> None:
    assert listed(store) == []
    assert not store.root.exists()
    kept(store, 1)
    listed(store)
    assert (store.root / NAME).stat().st_mode & 0o777 == 0o600


def test_reindex_tells_its_progress_and_how_many(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(4):
        kept(store, number)
    shares: list[float] = []
    assert reindex(store, shares.append) == 4
    assert shares == [0.25, 0.5, 0.75, 1.0]
    with pytest.raises(SystemExit) as end:
        main(["records", "reindex", "--records", str(store.root)])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"4 sessions in {store.root}\n"
    with pytest.raises(SystemExit) as end:
        main(["records", "reindex", "--records", str(store.root / "none")])
    assert end.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_list_command_searches(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    name = kept(store, 1, "saphenous")
    kept(store, 2, "genicular")
    with pytest.raises(SystemExit):
        main(["records", "list", "--search", "saphenous", "--records", str(store.root)])
    (line,) = capsys.readouterr().out.splitlines()
    assert name in line
    with pytest.raises(SystemExit):
        main(["records", "list", "--search", "femoral", "--records", str(store.root)])
    assert "No sessions" in capsys.readouterr().out

"""A journal can be read while it is written."""

from pathlib import Path

from records_kit import frame, header

from console.records import Following, JournalWriter, Store
from console.records.entries import End


def place(root: Path, session: str = "20261121-094210-7f3a") -> Path:
    (root / session).mkdir(parents=True)
    return root / session / "001.journal"


def test_each_entry_is_told_once_when_its_group_is_on_disk(tmp_path: Path) -> None:
    writer = JournalWriter(place(tmp_path), header())
    following = Following(writer.path)
    assert following.new() == [header()]
    writer.append(frame(1))
    writer.append(frame(2))
    assert following.new() == []
    writer.sync()
    assert following.new() == [frame(1), frame(2)]
    assert following.new() == []
    assert not following.over()
    writer.append(frame(3))
    writer.close("completed")
    *frames, end = following.new()
    assert frames == [frame(3)]
    assert isinstance(end, End)
    assert following.over()
    following.close()


def test_a_group_that_is_half_there_waits_for_its_rest(tmp_path: Path) -> None:
    path = place(tmp_path)
    writer = JournalWriter(path, header())
    writer.append(frame(1))
    writer.sync()
    writer.abandon()
    whole = path.read_bytes()
    growing = tmp_path / "growing"
    growing.write_bytes(b"")
    following = Following(growing)
    told = []
    for cut in range(len(whole)):
        with growing.open("ab") as file:
            file.write(whole[cut : cut + 1])
        told += following.new()
    assert told == [header(), frame(1)]
    assert following.over()  # nobody writes it
    following.close()


def test_the_journal_that_is_being_written_is_found_among_the_others(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.live() is None
    older = JournalWriter(place(tmp_path), header())
    newer = JournalWriter(place(tmp_path, "20261122-094210-7f3a"), header())
    newer.close("completed")
    assert store.live() == older.path
    older.close("completed")
    assert store.live() is None

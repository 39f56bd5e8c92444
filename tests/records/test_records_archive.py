"""Archive and restore: every byte comes back, or nothing is touched."""

import zipfile
from pathlib import Path

import pytest
from records_kit import frame, header, wrote

from console.cli import main
from console.records import Store, StoreBusyError, read_session, verify
from console.records.archive import MANIFEST, ArchiveError, archive, restore

ONE, TWO = "20261121-094210-7f3a", "20261120-180000-00aa"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "records")
    for name in (ONE, TWO):
        path = store.root / name / "001.journal"
        day = f"{name[:4]}-{name[4:6]}-{name[6:8]}"
        first = header(session=name, started=f"{day}T10:42:10+01:00")
        wrote(path, [[frame(number) for number in range(30)]], first=first)
    head = read_session(store.root / ONE).journals[-1].head
    second = header(session=ONE, number=2, previous="001.journal", previous_head=head)
    wrote(store.root / ONE / "002.journal", [[frame(3)]], first=second)
    (store.root / ONE / "report.pdf").write_bytes(b"%PDF")
    return store


def contents(root: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(root)): each.read_bytes()
        for each in root.rglob("*")
        if each.is_file() and each.parent != root
    }


def packed(store: Store, path: Path, *, remove: bool = False) -> Path:
    archive(store, store.folders(), path, remove=remove)
    return path


def test_sessions_come_back_byte_for_byte_and_verified(store: Store, tmp_path: Path) -> None:
    before = contents(store.root)
    path = packed(store, tmp_path / "old.zip", remove=True)
    assert store.folders() == []
    assert path.stat().st_mode & 0o777 == 0o600
    found = restore(store, path)
    assert [(name, verdict.ok) for name, verdict in found] == [(ONE, True), (TWO, True)]
    assert contents(store.root) == before
    assert all(verify(folder).ok for folder in store.folders())
    for each in store.root.rglob("*"):
        assert each.stat().st_mode & 0o077 == 0, each


def test_without_remove_the_store_stays(store: Store, tmp_path: Path) -> None:
    before = contents(store.root)
    packed(store, tmp_path / "old.zip")
    assert contents(store.root) == before


def test_the_same_sessions_give_the_same_file(store: Store, tmp_path: Path) -> None:
    one, two = packed(store, tmp_path / "1.zip"), packed(store, tmp_path / "2.zip")
    assert one.read_bytes() == two.read_bytes()


def test_an_archive_is_not_overwritten(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "old.zip"
    path.write_text("something else")
    with pytest.raises(ArchiveError, match="not overwritten"):
        packed(store, path)
    assert path.read_text() == "something else"


def test_what_is_there_already_stops_the_whole_restore(store: Store, tmp_path: Path) -> None:
    path = packed(store, tmp_path / "old.zip")
    (store.root / TWO / "001.journal").unlink()
    (store.root / TWO).rmdir()
    before = contents(store.root)
    with pytest.raises(ArchiveError, match="already"):
        restore(store, path)
    assert contents(store.root) == before


def test_a_changed_byte_in_the_archive_restores_nothing(store: Store, tmp_path: Path) -> None:
    path = packed(store, tmp_path / "old.zip", remove=True)
    whole = path.read_bytes()
    for at in range(0, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        other = Store(tmp_path / f"other-{at}")
        try:
            found = restore(other, path)
        except ArchiveError:
            assert other.folders() == []
        else:  # a byte of the zip's own bookkeeping that says nothing: all is there
            assert [verdict.ok for _, verdict in found] == [True, True]
        assert not list(other.root.glob(".restoring*"))


def test_a_file_that_was_put_in_the_place_of_another_restores_nothing(
    store: Store, tmp_path: Path
) -> None:
    path, other = packed(store, tmp_path / "old.zip"), tmp_path / "other.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, old.read(f"{TWO}/001.journal") if "002" in name else data)
    with pytest.raises(ArchiveError, match=f"{ONE}/002.journal was changed"):
        restore(Store(tmp_path / "elsewhere"), other)


def test_a_truncated_archive_is_refused(store: Store, tmp_path: Path) -> None:
    path = packed(store, tmp_path / "old.zip")
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ArchiveError, match="no archive"):
        restore(Store(tmp_path / "other"), path)


@pytest.mark.parametrize(
    ("session", "name"),
    [("../../evil", "001.journal"), (ONE, "../001.journal"), (ONE, "/etc/001.journal")],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, session: str, name: str) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(
            MANIFEST,
            f'{{"version":1,"sessions":[{{"id":"{session}","head":"","files":{{"{name}":""}}}}]}}',
        )
    with pytest.raises(ArchiveError, match="no session"):
        restore(Store(tmp_path / "other"), path)


def test_nothing_is_archived_or_restored_while_something_is_recorded(
    store: Store, tmp_path: Path
) -> None:
    path = packed(store, tmp_path / "old.zip")
    with store.lock():
        with pytest.raises(StoreBusyError):
            packed(store, tmp_path / "new.zip", remove=True)
        with pytest.raises(StoreBusyError):
            restore(store, path)
    assert len(store.folders()) == 2


def test_the_commands_say_what_they_did_or_why_not(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def ran(*arguments: object) -> int:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(["records", *map(str, arguments), "--records", str(store.root)])
        assert isinstance(end.value.code, int)
        return end.value.code

    path = tmp_path / "old.zip"
    assert ran("archive", path, "--before", "2026-11-21", "--remove") == 0
    assert "1 session in" in capsys.readouterr().out
    assert [each.name for each in store.folders()] == [ONE]
    assert ran("restore", path) == 0
    assert f"{TWO}  ok" in capsys.readouterr().out
    for arguments, words in (
        (("archive", path, ONE), "not overwritten"),
        (("archive", tmp_path / "n.zip"), "name some"),
        (("archive", tmp_path / "n.zip", "--before", "soon"), "2026-11-21"),
        (("restore", tmp_path / "missing.zip"), "missing.zip"),
        (("restore", store.root / ONE / "001.journal"), "no archive"),
    ):
        assert ran(*arguments) == 2
        err = capsys.readouterr().err
        assert words in err
        assert err.count("\n") == 1

"""Archives that are not what they say, and folders that an archive cannot hold: one line says why,
and nothing is touched."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from records_kit import frame, header, wrote

from console.cli import main
from console.records import Store
from console.records.archive import MANIFEST, ArchiveError, archive, restore

ONE, TWO = "20261121-094210-7f3a", "20261120-180000-00aa"
Manifest = dict[str, object]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "records")
    for name in (ONE, TWO):
        path = store.root / name / "001.journal"
        wrote(path, [[frame(number) for number in range(30)]], first=header(session=name))
    return store


@pytest.fixture
def packed(store: Store, tmp_path: Path) -> Path:
    archive(store, store.folders(), tmp_path / "old.zip", remove=False)
    return tmp_path / "old.zip"


def changed(
    path: Path,
    manifest: Callable[[list[Manifest]], object] = lambda _: None,
    files: Callable[[dict[str, bytes]], object] = lambda _: None,
    compress: int = zipfile.ZIP_STORED,
) -> Path:
    """The archive with another manifest or other files."""
    with zipfile.ZipFile(path) as old:
        there = {name: old.read(name) for name in old.namelist()}
    told = json.loads(there.pop(MANIFEST))
    manifest(told["sessions"])
    files(there)
    with zipfile.ZipFile(path.with_name("changed.zip"), "w", compress) as new:
        for name, data in {**there, MANIFEST: json.dumps(told).encode()}.items():
            new.writestr(name, data)
    return path.with_name("changed.zip")


def nothing_is_restored(path: Path, words: str) -> None:
    other = Store(path.parent / "other")
    with pytest.raises(ArchiveError, match=words):
        restore(other, path)
    assert other.folders() == []
    assert {each.name for each in other.root.iterdir()} <= {"writer.lock"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda found: found[0].update(head="0" * 64), "has the head"),
        (lambda found: found.append(found[0]), "twice"),
        (lambda found: found[0].update(id="２０２６１１２１-094210-7f3a"), "no session"),
        (lambda found: found[0].update(id="../../escape"), "no session"),
        (lambda found: found[0]["files"].update({"index.sqlite": "00"}), "no session"),
        (lambda found: found[0]["files"].update({"writer.lock": "00"}), "no session"),
        (lambda found: found[0]["files"].update({"002.journal": "00"}), "does not hold"),
        (lambda found: found[0]["sizes"].update({"001.journal": 10}), "was changed"),
        (lambda found: found[0]["sizes"].update({"001.journal": 10**9}), "was changed"),
        (lambda found: found[0]["sizes"].update({"other": 10}), "no session"),
        (lambda found: found.pop(), "does not hold"),
    ],
)
def test_a_manifest_that_says_other_than_is_there_restores_nothing(
    change: Callable[[list[Manifest]], object], words: str, packed: Path
) -> None:
    nothing_is_restored(changed(packed, change), words)


def test_files_that_the_manifest_does_not_name_restore_nothing(packed: Path) -> None:
    for name in ("index.sqlite", f"{ONE}/writer.lock", "../evil"):
        more = changed(packed, files=lambda there, name=name: there.update({name: b"x"}))  # type: ignore[misc]
        nothing_is_restored(more, "does not hold what")


def test_sessions_that_are_exchanged_restore_nothing(packed: Path) -> None:
    def exchange(found: list[Manifest]) -> None:
        found[0]["id"], found[1]["id"] = found[1]["id"], found[0]["id"]

    def files(there: dict[str, bytes]) -> None:
        one, two = f"{ONE}/001.journal", f"{TWO}/001.journal"
        there[one], there[two] = there[two], there[one]

    nothing_is_restored(changed(packed, exchange, files), "it is of session")


def test_an_archive_of_an_earlier_version_that_tells_no_sizes_is_restored(
    packed: Path, tmp_path: Path
) -> None:
    old = changed(packed, lambda found: [each.pop("sizes") for each in found])
    assert [verdict.ok for _, verdict in restore(Store(tmp_path / "other"), old)] == [True, True]


def test_a_bomb_is_refused_before_it_is_opened(packed: Path) -> None:
    """Ten megabytes of nothing in some ten kilobytes: nothing that is compressed is read."""
    bomb = changed(
        packed,
        lambda found: found[0]["sizes"].update({"001.journal": 10_000_000}),  # type: ignore[attr-defined]
        lambda there: there.update({f"{ONE}/001.journal": bytes(10_000_000)}),
        zipfile.ZIP_DEFLATED,
    )
    assert bomb.stat().st_size < 100_000
    nothing_is_restored(bomb, "is compressed")


def test_what_is_no_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        with pytest.raises(SystemExit) as ended:
            main(["records", "restore", str(path), "--records", str(tmp_path / "other")])
        assert ended.value.code == 2
        assert capsys.readouterr().err.count("\n") == 1


# --- what an archive cannot hold --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [("link", "is a link"), ("folder", "is no file"), ("pipe", "is no file"),
     ("index.sqlite", "not of a session"), ("my notes", "not of a session"),
     (".hidden", "not of a session"), ("x.journal", "not of a session")],
)  # fmt: skip
def test_a_session_with_anything_else_in_it_is_not_archived_and_stays(
    name: str, words: str, store: Store, tmp_path: Path
) -> None:
    path = store.root / ONE / name
    if name == "link":
        path.symlink_to("/etc/passwd")
    elif name == "folder":
        path.mkdir()
    elif name == "pipe":
        os.mkfifo(path)
    else:
        path.write_text("x")
    with pytest.raises(ArchiveError, match=words):
        archive(store, store.folders(), tmp_path / "new.zip", remove=True)
    assert not (tmp_path / "new.zip").exists()
    assert [each.name for each in store.folders()] == [ONE, TWO]
    assert os.path.lexists(path)


def test_a_session_behind_a_link_is_not_archived(store: Store, tmp_path: Path) -> None:
    (store.root / ONE).rename(tmp_path / ONE)
    (store.root / ONE).symlink_to(tmp_path / ONE)
    with pytest.raises(ArchiveError, match="is a link"):
        archive(store, store.folders(), tmp_path / "new.zip", remove=True)
    assert (tmp_path / ONE / "001.journal").exists()


def test_what_an_interrupted_write_has_left_is_passed_over(store: Store, tmp_path: Path) -> None:
    (store.root / ONE / ".report.pdf.abc.part").write_text("half")
    archive(store, store.folders(), tmp_path / "new.zip", remove=True)
    assert store.folders() == []


def test_a_session_in_the_folder_of_another_is_not_archived(store: Store, tmp_path: Path) -> None:
    journal = store.root / ONE / "001.journal"
    journal.write_bytes((store.root / TWO / "001.journal").read_bytes())
    with pytest.raises(ArchiveError, match=f"of session {TWO}"):
        archive(store, [store.root / ONE], tmp_path / "new.zip", remove=True)
    assert journal.exists()

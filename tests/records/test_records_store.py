"""The folder of sessions: names, the list, finding one, and the one writer."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from records_kit import DEVICE, PLAN, frame, happened, header, wrote

from console.cli import main
from console.model.event import EventKind
from console.model.request import ChoosePlan
from console.records import (
    CannotAmendError,
    Connected,
    JournalWriter,
    NotFoundError,
    ReplyOut,
    RequestIn,
    Store,
    StoreBusyError,
    amend,
    as_text,
    default_root,
    listed,
    read_session,
    reindex,
    verify,
)

NOW = datetime(2026, 12, 5, 9, 30, tzinfo=UTC)
NEWER, OLDER = "20261121-094210-7f3a", "20261120-180000-00aa"


def chose(refused: str | None = None, number: int = 1) -> list[RequestIn | ReplyOut]:
    request = RequestIn(1.0, number, ChoosePlan(PLAN, "case 12", "AB"))
    return [request, ReplyOut(number, refused)]


def session(store: Store, name: str, **how: object) -> Path:
    first = header(session=name, started=f"{name[:4]}-{name[4:6]}-{name[6:8]}T09:42:10+00:00")
    return wrote(store.root / name / "001.journal", [chose()], first=first, **how)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "records")


def test_the_default_is_the_platforms_folder() -> None:
    assert default_root().name == "records"
    assert default_root().parent.name == "cryoprobe-console"
    assert Store().root == default_root()


def test_a_session_is_named_by_its_start_in_utc(store: Store) -> None:
    noon = datetime(2026, 11, 21, 12, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    place = store.new_session(noon)
    assert place.session.startswith("20261121-100005-")
    assert place.directory == store.root / place.session
    assert (place.number, place.previous, place.previous_head) == (1, None, None)
    assert not store.root.exists()  # a name costs nothing on disk
    assert listed(store) == []


def test_a_name_that_is_taken_is_not_given_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = iter(["7f3a", "7f3a", "7f3b"])
    monkeypatch.setattr("secrets.token_hex", lambda _: next(digits))
    now = datetime(2026, 11, 21, 9, 42, 10, tzinfo=UTC)
    store.new_session(now).directory.mkdir(parents=True)
    assert store.new_session(now).session == "20261121-094210-7f3b"


def test_the_list_has_the_newest_first(store: Store) -> None:
    session(store, OLDER, end="aborted")
    session(store, NEWER)
    (store.root / "notes").mkdir()
    (store.root / "20261122-000000-aaaa").mkdir()  # empty: nothing was recorded
    rows = listed(store)
    assert rows == [
        {
            "id": NEWER,
            "started": "2026-11-21T09:42:10+00:00",
            "simulated": True,
            "outcome": "completed",
            "nerves": ["saphenous", "genicular"],
            "sites": [("left", "saphenous"), ("right", "genicular")],
            "path": str(store.root / NEWER),
            "case": "case 12",
            "operator": "AB",
            "amendments": 0,
            "problem": None,
        },
        {**rows[0], "id": OLDER, "started": "2026-11-20T09:42:10+00:00", "outcome": "aborted",
         "path": str(store.root / OLDER)},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("end", "change", "outcome"),
    [
        ("completed", None, "completed"),
        (None, None, "unfinished"),
        ("completed", 300, "damaged"),
        ("completed", 3, "not readable"),
    ],
)
def test_the_outcome_says_what_became_of_it(
    store: Store, end: str | None, change: int | None, outcome: str
) -> None:
    path = session(store, NEWER, end=end)
    if change is not None:
        data = bytearray(path.read_bytes())
        data[change] ^= 1
        path.write_bytes(data)
    assert [row["outcome"] for row in listed(store)] == [outcome]


def test_a_session_that_is_being_written_is_running(store: Store) -> None:
    writer = JournalWriter(store.root / NEWER / "001.journal", header())
    assert listed(store)[0]["outcome"] == "running"
    writer.abandon()
    assert listed(store)[0]["outcome"] == "unfinished"


def test_a_journal_cut_before_its_header_is_listed(store: Store) -> None:
    (store.root / NEWER).mkdir(parents=True)
    (store.root / NEWER / "001.journal").write_bytes(b"\x89CP")
    row = listed(store)[0]
    assert (row["started"], row["outcome"], row["nerves"]) == (None, "unfinished", [])


def a_folder(path: Path) -> None:
    path.mkdir()


def a_dangling_link(path: Path) -> None:
    path.symlink_to("nowhere")


def a_huge_one(path: Path) -> None:
    path.touch()
    os.truncate(path, 5_000_000_000)  # sparse: it takes no space


def a_link_that_leads_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


BAD = [a_folder, a_dangling_link, a_huge_one, a_link_that_leads_to_itself]


@pytest.mark.parametrize(
    "made", [*BAD, *([os.mkfifo] if hasattr(os, "mkfifo") else [])], ids=lambda each: each.__name__
)
def test_a_journal_that_cannot_be_read_is_listed_with_why_and_hides_no_other(
    made: Callable[[Path], None], store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    session(store, OLDER)
    (store.root / NEWER).mkdir(parents=True)
    made(store.root / NEWER / "001.journal")
    bad, good = listed(store)
    assert (bad["id"], bad["outcome"], good["outcome"]) == (NEWER, "not readable", "completed")
    assert bad["problem"]
    assert reindex(store) == 2
    assert [row["id"] for row in listed(store)] == [NEWER, OLDER]
    with pytest.raises(SystemExit) as ended:
        main(["records", "list", "--records", str(store.root)])
    assert ended.value.code == 0
    assert f"{bad['problem']}" in capsys.readouterr().out


def test_a_copied_folder_and_exchanged_journals_say_that_they_are_of_another_session(
    store: Store,
) -> None:
    for name in (NEWER, OLDER):
        session(store, name)
    copy = store.root / "20261121-094210-ffff"
    shutil.copytree(store.root / NEWER, copy)
    (row,) = [row for row in listed(store) if row["id"] == copy.name]
    assert row["outcome"] == "damaged"
    assert f"of session {NEWER}" in (row["problem"] or "")
    assert not verify(copy).ok
    first, second = (store.root / name / "001.journal" for name in (NEWER, OLDER))
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    for name in (NEWER, OLDER):
        assert not verify(store.root / name).ok
        shown = as_text(read_session(store.root / name))
        assert shown.split("NOT THIS SESSION: ")[1].startswith("001.journal: it is of session ")
    assert [row["outcome"] for row in listed(store)] == ["damaged", "damaged", "damaged"]
    with pytest.raises(CannotAmendError, match="of session"):
        amend(store, store.root / NEWER, "KJ", "visit", "Well.", now=NOW, program="test")


def test_a_folder_of_another_name_is_read_by_what_its_journals_say(store: Store) -> None:
    session(store, NEWER)
    copy = store.root.parent / "for review"
    shutil.copytree(store.root / NEWER, copy)
    assert verify(copy).ok
    assert read_session(copy).id == NEWER


def test_a_refused_plan_is_not_the_sessions_plan(store: Store) -> None:
    wrote(store.root / NEWER / "001.journal", [chose("colder than the console can")])
    assert listed(store)[0]["nerves"] == []


def test_whether_it_was_simulated_is_what_the_console_said(store: Store) -> None:
    first = header(port="/dev/ttyUSB0")
    wrote(store.root / NEWER / "001.journal", [], first=first)
    assert listed(store)[0]["simulated"] is False
    (store.root / NEWER / "001.journal").unlink()
    wrote(store.root / NEWER / "001.journal", [[Connected(2.0, DEVICE)]], first=first)
    assert listed(store)[0]["simulated"] is True


def test_a_session_is_found_by_id_prefix_or_path(store: Store) -> None:
    journal = session(store, NEWER)
    session(store, OLDER)
    for what in (NEWER, NEWER[:10], "20261121", str(store.root / NEWER)):
        assert store.find(what) == store.root / NEWER
    assert store.find(str(journal)) == journal
    with pytest.raises(NotFoundError, match="2 sessions begin with '2026'"):
        store.find("2026")
    for what in ("1999", "", str(store.root / "gone")):
        with pytest.raises(NotFoundError, match="no session"):
            store.find(what)


def test_the_next_journal_goes_on_from_the_last_whole_group(store: Store) -> None:
    path = session(store, NEWER, end=None)
    head = Store(store.root).after(path.parent).previous_head
    with path.open("ab") as file:
        file.write(b"torn")
    place = store.after(path.parent)
    assert (place.session, place.directory, place.number) == (NEWER, path.parent, 2)
    assert (place.previous, place.previous_head) == ("001.journal", head)
    with pytest.raises(FileNotFoundError, match="no journal"):
        store.after(store.root)


@pytest.mark.hazard("second_application", "truth")
def test_one_writer_only(store: Store) -> None:
    with store.lock() as held:
        with pytest.raises(
            StoreBusyError, match=f"process {os.getpid()} is already recording"
        ) as e:
            store.lock()
        assert e.value.pid == os.getpid()
        held.release()
        store.lock().release()
    with store.lock():
        pass


def test_a_second_process_is_told_who_writes_and_follows_when_it_dies(store: Store) -> None:
    code = (
        "import sys; from pathlib import Path; from console.records import Store\n"
        "lock = Store(Path(sys.argv[1])).lock(); print('held', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(store.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    with child, child.stdout, child.stdin:
        assert child.stdout.readline() == "held\n"
        with pytest.raises(StoreBusyError, match=f"process {child.pid} is"):
            store.lock()
        child.kill()
        child.wait()
    store.lock().release()


def test_a_lock_file_that_says_nothing_still_locks(store: Store) -> None:
    with store.lock():
        (store.root / "writer.lock").write_bytes(b"")
        with pytest.raises(StoreBusyError, match="another process is") as busy:
            store.lock()
        assert busy.value.pid is None


def test_events_alone_make_no_plan(store: Store) -> None:
    wrote(store.root / NEWER / "001.journal", [[frame(1), happened(2.0, EventKind.CONNECTED)]])
    assert listed(store)[0]["nerves"] == []

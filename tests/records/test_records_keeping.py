"""Verifying all, heads that are kept elsewhere, deleting with a trace, archives under a passphrase,
and days as they were where a session was begun."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from records_kit import DEVICE, frame, header, wrote

from console.cli import main
from console.model.alarm import Alarm, Priority
from console.records import AnyEntry, Connected, FrameIn, Store, amend, verify
from console.records.alarm_book import BOOK_NAME
from console.records.archive import is_sealed
from console.records.entries import Lost, Raised
from console.records.tombstones import BOOK_NAME as DELETED
from console.records.tombstones import read_tombstones
from drivers.link.codes import Actuator
from drivers.link.frame import Frame, encode
from drivers.link.messages import Telemetry, pack

ONE, TWO = "20261121-094210-7f3a", "20261120-180000-00aa"
NOW = datetime(2026, 12, 5, 9, 30, tzinfo=UTC)
REAL = msgspec.structs.replace(DEVICE, simulated=False)
Ran = Callable[..., tuple[int, str, str]]


def telemetry(actuators: int) -> FrameIn:
    quiet = dict.fromkeys(Telemetry.__struct_fields__, 0) | {"actuators": actuators}
    raw = encode(Frame(Telemetry.KIND, 1, 1, 1, pack(Telemetry(**quiet))))
    return FrameIn(2.0, raw[:-1])


def session(store: Store, name: str, *entries: AnyEntry, **first: object) -> Path:
    path = store.root / name / "001.journal"
    opening = header(session=name, port="/dev/ttyACM0", **first)
    wrote(path, [[*entries, *(frame(number) for number in range(9))]], first=opening)
    return path.parent


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "records")
    session(store, ONE, Connected(1.0, DEVICE))
    session(store, TWO, Connected(1.0, REAL), telemetry(0))
    return store


@pytest.fixture
def ran(store: Store, capsys: pytest.CaptureFixture[str]) -> Ran:
    def command(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["records", *map(str, words), "--records", str(store.root)])
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        assert said.err.count("\n") <= 1
        return ended.value.code, said.out, said.err

    return command


# --- verify -----------------------------------------------------------------------------------


def test_all_are_verified_and_one_bad_one_hides_no_other(store: Store, ran: Ran) -> None:
    assert ran("verify", "--all")[:2] == (0, f"{ONE}  ok\n{TWO}  ok\n2 sessions, 0 not ok\n")
    (store.root / TWO / "001.journal").unlink()
    (store.root / TWO / "001.journal").mkdir()
    code, out, _ = ran("verify", "--all")
    assert code == 1 and f"{ONE}  ok\n{TWO}  NOT ok: it cannot be read" in out
    (store.root / BOOK_NAME).write_text("{}\n")
    code, out, _ = ran("verify", "--all", "--json")
    found = json.loads(out)
    assert found["damaged_lines"] == {BOOK_NAME: 1, DELETED: 0}
    assert [each["record"]["ok"] for each in found["sessions"]] == [True, False]
    for words in (("verify",), ("verify", ONE, "--all")):
        assert ran(*words)[0] == 2


# --- heads ------------------------------------------------------------------------------------


def test_heads_are_kept_elsewhere_and_tell_what_has_become_of_each(
    store: Store, ran: Ran, tmp_path: Path
) -> None:
    kept = tmp_path / "heads.txt"
    assert ran("heads", "--into", kept)[0] == 0
    code, out, _ = ran("heads")
    assert (code, out) == (0, kept.read_text())
    assert out == f"{TWO} {verify(store.root / TWO).head}\n{ONE} {verify(store.root / ONE).head}\n"
    assert ran("heads", "--into", kept)[0] == 2  # it is there already

    def since() -> tuple[int, list[str]]:
        code, out, _ = ran("heads", "--check", kept)
        return code, [line.split(" ", 2)[2] for line in out.splitlines()]

    assert since() == (0, ["same", "same"])
    amend(store, store.root / TWO, "KJ", "visit", "Well.", now=NOW, program="test")
    assert since() == (0, ["went on", "same"])
    ran("delete", ONE, "--who", "KJ", "--why", "a lesson")
    assert since() == (0, ["went on", "deleted"])
    (store.root / DELETED).unlink()
    assert since() == (1, ["went on", "missing"])
    (store.root / TWO / "002.journal").unlink()
    journal = store.root / TWO / "001.journal"
    wrote_again = header(session=TWO, program="another")
    journal.unlink()
    wrote(journal, [[frame(1)]], first=wrote_again)
    assert verify(store.root / TWO).ok  # whoever rewrites it all makes a chain that fits
    assert since() == (1, ["changed", "missing"])


@pytest.mark.parametrize("text", ["no heads", f"{ONE} abc", "\u00e9", "\0"])
def test_a_file_that_holds_no_heads_is_told(text: str, ran: Ran, tmp_path: Path) -> None:
    (tmp_path / "heads.txt").write_text(text)
    code, _, err = ran("heads", "--check", tmp_path / "heads.txt")
    assert code == 2 and "heads.txt" in err


# --- delete -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [ONE, TWO])
def test_a_session_in_which_nobody_was_treated_is_deleted_with_a_trace(
    name: str, store: Store, ran: Ran
) -> None:
    head = verify(store.root / name).head
    code, out, _ = ran("delete", name, "--who", "KJ", "--why", "a lesson")
    assert code == 0 and head in out
    assert [each.name for each in store.folders()] == [{ONE: TWO, TWO: ONE}[name]]
    (stone,) = read_tombstones(store.root).found
    assert (stone.id, stone.who, stone.why, stone.head) == (name, "KJ", "a lesson", head)
    code, _, err = ran("show", name)
    assert code == 2 and f"{name} was deleted " in err and "by KJ: a lesson" in err
    assert {each.name for each in store.root.iterdir() if each.name.startswith(".")} == set()


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ((Connected(1.0, REAL), telemetry(Actuator.VALVE_OPEN)), "was on in it"),
        ((Connected(1.0, REAL), telemetry(Actuator.STIMULATOR_ON)), "was on in it"),
        ((telemetry(Actuator.VALVE_OPEN | Actuator.EXHAUST_OPEN),), "was on in it"),
        ((Connected(1.0, REAL), Lost(2.0, 3)), "entries were lost"),
        (
            (
                Connected(1.0, DEVICE),
                Raised(2.0, "2026-11-21T10:00:00+01:00", "CC-1", Alarm(
                    "leak", Priority.HIGH, "Gas leaks", "", "", None, engineer=True)),
            ),
            "must release that console first",
        ),
    ],
)  # fmt: skip
def test_every_other_session_is_kept(
    entries: tuple[AnyEntry, ...], words: str, store: Store, ran: Ran, tmp_path: Path
) -> None:
    name = "20261122-094210-7f3a"
    session(store, name, *entries)
    code, _, err = ran("delete", name, "--who", "KJ", "--why", "a lesson")
    assert code == 2 and words in err
    assert verify(store.root / name).ok
    assert read_tombstones(store.root).found == ()
    if "release" in words:
        code, _, err = ran("archive", tmp_path / "a.zip", name, "--remove")
        assert code == 2 and words[:20] in err and not (tmp_path / "a.zip").exists()


def test_a_damaged_session_is_kept_and_so_is_one_of_another_store(
    store: Store, ran: Ran, tmp_path: Path
) -> None:
    journal = store.root / TWO / "001.journal"
    journal.write_bytes(journal.read_bytes()[:-20])
    assert "cannot be told" in ran("delete", TWO, "--who", "KJ", "--why", "a lesson")[2]
    other = Store(tmp_path / "other")
    elsewhere = session(other, ONE, Connected(1.0, DEVICE))
    assert ran("delete", elsewhere, "--who", "KJ", "--why", "a lesson")[0] == 2
    assert elsewhere.exists()
    for who, why in ((" ", "x"), ("KJ", ""), ("x" * 41, "x"), ("KJ", "x" * 201)):
        assert ran("delete", ONE, "--who", who, "--why", why)[0] == 2
    assert len(store.folders()) == 2


# --- a passphrase -----------------------------------------------------------------------------


def test_an_archive_under_a_passphrase_says_nothing_without_it(
    store: Store, ran: Ran, tmp_path: Path
) -> None:
    right, wrong, short = (tmp_path / name for name in ("right", "wrong", "short"))
    right.write_text("correct horse battery\n")
    wrong.write_text("incorrect horse battery\n")
    short.write_text("horse\n")
    path = tmp_path / "a.age"
    assert "at least 12" in ran("archive", path, ONE, TWO, "--passphrase-file", short)[2]
    assert not path.exists()
    done = ran("archive", path, ONE, TWO, "--remove", "--passphrase-file", right)
    assert done[0] == 0 and store.folders() == []
    assert is_sealed(path) and ONE.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "passphrase is another" in ran("restore", path, "--passphrase-file", wrong)[2]
    assert store.folders() == []
    code, out, _ = ran("restore", path, "--passphrase-file", right)
    assert (code, out.count("  ok")) == (0, 2)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    assert ran("restore", path, "--passphrase-file", right)[0] == 2
    for bad in (tmp_path / "none", tmp_path, tmp_path / "empty"):
        (tmp_path / "empty").touch()
        assert ran("restore", path, "--passphrase-file", bad)[0] == 2


# --- days -------------------------------------------------------------------------------------


def test_a_day_is_that_of_the_clock_where_the_session_was_begun(
    store: Store, ran: Ran, tmp_path: Path
) -> None:
    """In Auckland the 22nd began while in Greenwich it still was the 21st."""
    for name in (ONE, TWO):
        ran("delete", name, "--who", "KJ", "--why", "not of this test")
    early, late = "20261121-105900-0001", "20261121-190000-0002"
    session(store, early, started="2026-11-21T23:59:00.250+13:00")
    session(store, late, started="2026-11-22T08:00:00.250+13:00")
    _, out, _ = ran("list")
    assert f"{late}  2026-11-22 08:00 +13:00" in out and f"{early}  2026-11-21 23:59 +13:00" in out
    assert late in ran("list", "--search", "2026-11-22")[1]
    assert late not in ran("list", "--search", "2026-11-21")[1]
    assert ran("archive", tmp_path / "a.zip", "--before", "2026-11-22", "--remove")[0] == 0
    assert [each.name for each in store.folders()] == [late]
    assert ran("archive", tmp_path / "b.zip", "--before", "2026-11-22")[0] == 2
    assert ran("archive", tmp_path / "b.zip", "--before", "2026-11-23", "--remove")[0] == 0
    assert store.folders() == []


def test_a_session_whose_beginning_cannot_be_read_is_left_out_and_told(
    store: Store, ran: Ran, tmp_path: Path
) -> None:
    (store.root / TWO / "001.journal").write_bytes(b"")
    code, _, err = ran("archive", tmp_path / "a.zip", "--before", "2027-01-01", "--remove")
    assert code == 0 and TWO in err
    assert [each.name for each in store.folders()] == [TWO]

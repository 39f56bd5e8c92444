"""The alarm book: over a thousand entries that survive power-down, torn lines, and what stays with
a console until an engineer releases it."""

import json
import os
import shutil
from pathlib import Path

import pytest

from console import cli
from console.model.alarm import Alarm, AlarmTurn, Kept, Priority
from console.records.alarm_book import BOOK_NAME, AlarmBook, read_book
from console.records.store import Store

WALL = "2026-01-05T10:00:00.000+00:00"
RAISED, RELEASED = AlarmTurn.RAISED, AlarmTurn.RELEASED


def alarm(row: str = "leak", *, engineer: bool = True, count: int = 1) -> Alarm:
    words = ("Gas leaks from the supply", "Close the cylinder valve now.")
    return Alarm(row, Priority.HIGH, *words, "10:00:00", 1, count, engineer=engineer)


def told(words: str) -> None:
    raise AssertionError(words)


def written(root: Path, entries: int = 3) -> bytes:
    book = AlarmBook(root, told)
    for count in range(entries):
        book.put(WALL, "CC-0001", RAISED, alarm(engineer=False, count=count + 1))
    assert book.close()
    return (root / BOOK_NAME).read_bytes()


def test_a_thousand_entries_come_back_at_the_next_start_in_order(tmp_path: Path) -> None:
    written(tmp_path, 1_200)
    again = AlarmBook(tmp_path, told)
    first = again.put(WALL, "CC-0001", AlarmTurn.CLEARED, alarm())
    found = again.fresh()
    assert [entry.number for entry in found] == list(range(1, 1_202))
    assert found[-1] == first and found[0].alarm.count == 1
    assert again.fresh() == ()
    again.put(WALL, "", RAISED, alarm())
    assert [entry.number for entry in again.fresh()] == [1_202]
    assert again.close()
    assert len(read_book(tmp_path).entries) == 1_202


def test_its_owner_alone_can_read_it(tmp_path: Path) -> None:
    root = tmp_path / "deep" / "records"
    written(root)
    assert (root / BOOK_NAME).stat().st_mode & 0o777 == 0o600
    assert root.stat().st_mode & 0o777 == 0o700


def test_cut_at_every_byte_it_loses_the_torn_line_alone_and_goes_on(tmp_path: Path) -> None:
    whole = written(tmp_path)
    ends = [n + 1 for n, byte in enumerate(whole) if byte == 10]
    path = tmp_path / BOOK_NAME
    for cut in range(0, len(whole), 29):
        path.write_bytes(whole[:cut])
        lines = sum(end <= cut for end in ends) + any(end == cut + 1 for end in ends)
        assert len(read_book(tmp_path).entries) == lines
        book = AlarmBook(tmp_path, told)
        book.put(WALL, "CC-0001", RAISED, alarm())
        assert book.close()
        after = read_book(tmp_path)
        assert len(after.entries) == lines + 1
        assert after.kept == (Kept("CC-0001", alarm()),)


@pytest.mark.parametrize(
    "garbage", [b"\0" * 40 + b"\n", b"{}\n", b"\xff\xfe\n\n", b'{"number":1}\n']
)
def test_damaged_lines_are_left_out_and_counted(garbage: bytes, tmp_path: Path) -> None:
    whole = written(tmp_path)
    (tmp_path / BOOK_NAME).write_bytes(garbage + whole + garbage)
    found = read_book(tmp_path)
    # The first whole line no longer goes on from what stands before it.
    assert (len(found.entries), found.damaged) == (3, 3)


def test_only_an_engineers_alarm_of_a_named_console_stays_until_it_is_released(
    tmp_path: Path,
) -> None:
    book = AlarmBook(tmp_path, told)
    for console in ("A", "B", ""):
        book.put(WALL, console, RAISED, alarm())
        book.put(WALL, console, RAISED, alarm("siphon"))
        book.put(WALL, console, RAISED, alarm("host_error", engineer=False))
        book.put(WALL, console, AlarmTurn.CLEARED, alarm("host_error", engineer=False))
    book.put(WALL, "A", RELEASED, alarm(), "BE: hose changed")
    book.put(WALL, "B", RELEASED, alarm("siphon"))
    book.put(WALL, "B", RAISED, alarm(count=2))
    assert book.close()
    kept = AlarmBook(tmp_path, told).kept
    assert {(k.console, k.alarm.id, k.alarm.count) for k in kept} == {
        ("A", "siphon", 1),
        ("B", "leak", 2),
    }


def test_a_book_that_cannot_be_kept_is_told_and_goes_on_in_memory(tmp_path: Path) -> None:
    (tmp_path / BOOK_NAME).mkdir()
    said: list[str] = []
    book = AlarmBook(tmp_path, said.append)
    book.put(WALL, "A", RAISED, alarm())
    assert len(book.fresh()) == 1
    assert not book.close()
    assert len(said) == 1 and str(tmp_path / BOOK_NAME) in said[0]


def test_a_folder_removed_under_it_is_told_once(tmp_path: Path) -> None:
    root = tmp_path / "records"
    said: list[str] = []
    book = AlarmBook(root, said.append)
    shutil.rmtree(root)
    for _ in range(3):
        book.put(WALL, "A", RAISED, alarm())
    assert not book.close()
    assert len(said) == 1


# --- commands ----------------------------------------------------------------------------------


def command(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main([str(word) for word in words])
    said = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, said.out, said.err


def test_an_engineer_sees_what_stays_and_releases_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = AlarmBook(tmp_path, told)
    book.put(WALL, "CC-0001", RAISED, alarm())
    book.close()
    where = ("--records", tmp_path)
    code, out, _ = command(capsys, "alarms", "list", *where)
    assert code == 0 and out.startswith("CONSOLE CC-0001 must be released: Gas leaks")
    asked = ("alarms", "release", "CC-0001", "--by", "BE", "--reason", "hose changed", *where)
    code, out, _ = command(capsys, *asked)
    assert (code, out) == (0, "Released: CC-0001, Gas leaks from the supply\n")
    code, out, _ = command(capsys, "alarms", "list", "--json", *where)
    found = json.loads(out)
    assert found["kept"] == [] and found["entries"][0]["words"] == "BE: hose changed"
    code, out, _ = command(capsys, "alarms", "list", "--last", "1", *where)
    assert out.count("\n") == 1 and "released" in out and "BE: hose changed" in out
    code, _, err = command(capsys, *asked)
    assert code == 2 and err == "cryoprobe: nothing waits for a release of console 'CC-0001'\n"


def test_a_release_that_cannot_be_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = AlarmBook(tmp_path, told)
    book.put(WALL, "CC-0001", RAISED, alarm())
    book.close()
    asked = ["alarms", "release", "CC-0001", "--records", tmp_path, "--by", "BE", "--reason"]
    with Store(tmp_path).lock():
        code, _, err = command(capsys, *asked, "x")
        assert code == 2 and f"process {os.getpid()} is already recording" in err
    code, _, err = command(capsys, *asked, " ")
    assert code == 2 and "must say something" in err and err.count("\n") == 1
    assert read_book(tmp_path).kept != ()
    (tmp_path / BOOK_NAME).unlink()
    (tmp_path / BOOK_NAME).mkdir()
    code, _, err = command(capsys, "alarms", "list", "--records", tmp_path)
    assert code == 2 and err.startswith("cryoprobe: ") and err.count("\n") == 1


def test_no_book_is_an_empty_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = command(capsys, "alarms", "list", "--records", tmp_path / "none")
    assert (code, out) == (0, "No alarms yet\n")
    assert not (tmp_path / "none").exists()

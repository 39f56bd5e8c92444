"""What an engineer must release stands, whatever becomes of the alarm book; nothing else does."""

import json
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from records_kit import DEVICE, happened, header, wrote

from console.cli import main
from console.model.alarm import Alarm, AlarmEntry, AlarmTurn, Priority
from console.model.event import EventKind
from console.records import AnyEntry, Connected, Store
from console.records.alarm_book import BOOK_NAME, AlarmBook, read_book
from console.records.chained import chained_lines, read_lines
from console.records.entries import Raised
from console.records.standing import NothingStandsError, release, standing, witnesses

ONE, TWO = "20261121-094210-7f3a", "20261122-094210-7f3b"
WALL = "2026-11-21T10:00:00.000+01:00"
LATER = "2026-11-23T10:00:00.000+01:00"
RAISED, RELEASED = AlarmTurn.RAISED, AlarmTurn.RELEASED
SERIAL = DEVICE.serial


def alarm(row: str = "leak", happened: str = "Gas leaks from the supply") -> Alarm:
    return Alarm(row, Priority.HIGH, happened, "Close it.", "10:00:00", 1, engineer=True)


def entry(turn: AlarmTurn, wall: str = WALL, row: str = "leak", **more: object) -> AlarmEntry:
    return AlarmEntry(1, wall, SERIAL, turn, alarm(row), **more)  # type: ignore[arg-type]


def told(root: Path, *entries: AlarmEntry) -> Path:
    book = AlarmBook(root, pytest.fail)
    for each in entries:
        book.put(each.wall, each.console, each.turn, each.alarm, each.words)
    assert book.close()
    return root / BOOK_NAME


def session(store: Store, name: str, *entries: AnyEntry, **first: object) -> None:
    path = store.root / name / "001.journal"
    wrote(path, [[Connected(1.0, DEVICE), *entries]], first=header(session=name, **first))


def stands(store: Store) -> set[tuple[str, str]]:
    found = standing(read_book(store.root), witnesses(store))
    return {(each.console, each.alarm.id) for each in found}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A console that leaked in a session, as book and journal hold it."""
    store = Store(tmp_path / "records")
    session(store, ONE, Raised(2.0, WALL, SERIAL, alarm()), port="/dev/ttyACM0")
    told(store.root, entry(RAISED))
    return store


# --- the chain --------------------------------------------------------------------------------


def test_every_change_to_a_line_shows_and_a_changed_release_counts_for_nothing(
    tmp_path: Path,
) -> None:
    path = told(tmp_path, entry(RAISED), entry(RAISED, row="siphon"), entry(RELEASED))
    whole = path.read_bytes()
    assert (read_book(tmp_path).damaged, len(read_book(tmp_path).entries)) == (0, 3)
    for at in range(0, len(whole), 3):
        if whole[at : at + 1] == b"\n":
            continue
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        found = read_book(tmp_path)
        assert found.damaged > 0, at
    changed = whole.replace(b'"leak"', b'"leek"', 2).replace(b'"siphon"', b'"leak"')
    path.write_bytes(changed)
    assert any(each.alarm.id == "leak" for each in read_book(tmp_path).kept)


def test_a_release_put_in_from_outside_counts_for_nothing(tmp_path: Path) -> None:
    path = told(tmp_path, entry(RAISED))
    forged = msgspec.json.encode(entry(RELEASED))
    for line in (forged, chained_lines(b"\0" * 32, [forged])[0].rstrip()):
        whole = path.read_bytes()
        path.write_bytes(whole + line + b"\n")
        found = read_book(tmp_path)
        assert found.damaged == 1 and len(found.kept) == 1
        path.write_bytes(whole)


def test_a_book_of_an_earlier_version_goes_on_and_is_under_the_chain_from_then_on(
    tmp_path: Path,
) -> None:
    old = b"".join(
        msgspec.json.encode(each) + b"\n"
        for each in (entry(RAISED), entry(RELEASED), entry(RAISED, row="siphon"))
    )
    path = tmp_path / BOOK_NAME
    path.write_bytes(old)
    assert [each.alarm.id for each in read_book(tmp_path).kept] == ["siphon"]
    assert read_book(tmp_path).damaged == 0
    told(tmp_path, entry(RELEASED, row="siphon"))
    whole = path.read_bytes()
    assert whole.startswith(old)
    assert (read_book(tmp_path).damaged, read_book(tmp_path).kept) == (0, ())
    path.write_bytes(whole.replace(b'"2026', b'"2025', 1))  # in the part of the earlier version
    assert read_book(tmp_path).damaged > 0
    assert {each.alarm.id for each in read_book(tmp_path).kept} == {"leak", "siphon"}


def test_any_bytes_are_answered() -> None:
    whole, chain = chained_lines(read_lines(b"").chain, [b'{"a":1}', b'{"b":2}'])
    for cut in range(len(whole)):
        found = read_lines(whole[:cut])
        assert [each.sound for each in found.found[:-1]] == [True] * (len(found.found) - 1)
    assert read_lines(whole).chain == chain
    assert [each.body for each in read_lines(whole).found] == [b'{"a":1}', b'{"b":2}']


# --- the witness ------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["line", "cut", "gone", "garbage"])
def test_what_a_journal_saw_raised_stands_whatever_becomes_of_the_book(
    damage: str, store: Store
) -> None:
    path = store.root / BOOK_NAME
    assert stands(store) == {(SERIAL, "leak")}
    if damage == "line":
        path.write_bytes(path.read_bytes().replace(b"leak", b"lurk", 1))
    elif damage == "cut":
        path.write_bytes(b"")
    elif damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"\xff" * 100)
    assert (SERIAL, "leak") in stands(store)


def test_damage_locks_no_console_that_was_never_raised(store: Store) -> None:
    path = told(store.root, AlarmEntry(1, WALL, "OTHER", AlarmTurn.CLEARED, alarm()))
    path.write_bytes(path.read_bytes()[:-9] + b"????????\n")
    assert read_book(store.root).damaged == 1
    assert stands(store) == {(SERIAL, "leak")}


def test_a_release_ends_it_and_a_later_alarm_stands_again(store: Store) -> None:
    assert [each.alarm.id for each in release(store, SERIAL, "BE: hose", LATER)] == ["leak"]
    assert stands(store) == set()
    assert read_book(store.root).entries[-1].answers == (f"{ONE}/001.journal",)
    with pytest.raises(NothingStandsError):
        release(store, SERIAL, "BE: hose", LATER)
    session(store, TWO, Raised(2.0, LATER, SERIAL, alarm()), port="/dev/ttyACM0")
    assert stands(store) == {(SERIAL, "leak")}
    release(store, SERIAL, "BE: hose", LATER)
    assert stands(store) == set()


def test_a_release_counts_though_the_clock_was_wrong_when_it_was_raised(store: Store) -> None:
    future = "2031-01-01T00:00:00.000+00:00"
    session(store, TWO, Raised(2.0, future, SERIAL, alarm("siphon")), port="/dev/ttyACM0")
    assert stands(store) == {(SERIAL, "leak"), (SERIAL, "siphon")}
    release(store, SERIAL, "BE: both", LATER)
    assert stands(store) == set()


def test_a_damaged_release_locks_the_console_again(store: Store) -> None:
    release(store, SERIAL, "BE: hose", LATER)
    path = store.root / BOOK_NAME
    path.write_bytes(path.read_bytes().replace(b"BE: hose", b"XX: hose"))
    assert stands(store) == {(SERIAL, "leak")}


def test_journals_of_an_earlier_version_are_witnesses_by_their_words(tmp_path: Path) -> None:
    store = Store(tmp_path)
    raised = [
        happened(2.0, EventKind.ALARM, f"high: {words}", WALL)
        for words in ("Gas leaks from the supply", "The link to the console is lost", "Gas")
    ]
    session(store, ONE, *raised, schema=2, port="/dev/ttyACM0")
    assert stands(store) == {(SERIAL, "leak")}
    told(tmp_path, entry(RELEASED, LATER))  # as that version wrote it: it names no journal
    assert stands(store) == set()


def test_old_words_are_those_of_every_row_that_an_engineer_releases() -> None:
    from console.records.standing import OLD_WORDS
    from console.safety.interlock import Latch
    from console.safety.registry import REGISTRY

    rows = {each.id for each in REGISTRY if each.latch is Latch.ENGINEER}
    assert OLD_WORDS.keys() <= rows


def test_a_simulator_of_ones_own_is_no_witness(tmp_path: Path) -> None:
    store = Store(tmp_path)
    session(store, ONE, Raised(2.0, WALL, SERIAL, alarm()), port="sim://n2o")
    assert stands(store) == set()


def test_the_commands_say_so(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    path = store.root / BOOK_NAME
    path.write_bytes(path.read_bytes().replace(b'"leak"', b'"lurk"', 1))

    def ran(*words: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main([*words, "--records", str(store.root)])
        assert isinstance(ended.value.code, int)
        return ended.value.code

    assert ran("alarms", "list") == 0
    said = capsys.readouterr()
    assert f"CONSOLE {SERIAL} must be released: Gas leaks from the supply (leak)" in said.out
    assert "1 line of the book is damaged" in said.err
    assert ran("alarms", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)["damaged"] == 1
    assert ran("alarms", "release", SERIAL, "--by", "BE", "--reason", "hose changed") == 0
    assert "Released" in capsys.readouterr().out
    assert ran("alarms", "release", SERIAL, "--by", "BE", "--reason", "hose changed") == 2
    assert datetime.fromisoformat(read_book(store.root).entries[-1].wall).tzinfo is not None

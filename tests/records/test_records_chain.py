"""A session of several journals: going on after a crash, verified and shown as one."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from records_kit import DEVICE, PLAN, frame, happened, header, wrote

from console.model.cycle import CycleRecord, CycleState
from console.model.event import EventKind
from console.model.request import ChoosePlan
from console.records import (
    Connected,
    Header,
    Lost,
    Progress,
    ReplyOut,
    RequestIn,
    Store,
    as_text,
    described,
    read_session,
    unfinished,
    verify,
)

NAME = "20261121-094210-7f3a"
NOW = datetime(2026, 11, 21, 10, 0, 0, tzinfo=UTC)
RECORDS = (
    CycleRecord(
        site=0,
        number=1,
        planned_freeze_s=120.0,
        state=CycleState.STOPPED,
        started_ms=10_000,
        ended_ms=100_000,
        lowest_tip_celsius=-70.4,
        time_to_target_s=31.0,
        gas_g=22.5,
    ),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def begun(store: Store, *, name: str = NAME, how: str = "bedside", end: str | None = None) -> Path:
    """A session that was interrupted in its first freeze, last written to at NOW."""
    entries = [
        Connected(1.0, DEVICE),
        RequestIn(2.0, 1, ChoosePlan(PLAN, "case 12", "AB", how)),
        ReplyOut(1, None),
        happened(3.0, EventKind.PLAN_CHOSEN, "3 freezes"),
        Progress(4.0, b"first"),
        *(frame(number) for number in range(60)),
        happened(64.0, EventKind.FREEZE_STARTED, "freeze 1", "2026-11-21T10:00:00+00:00"),
        Progress(65.0, msgspec.msgpack.encode(RECORDS)),
        frame(60),
    ]
    first = header(session=name, started="2026-11-21T09:42:10+00:00")
    path = wrote(store.root / name / "001.journal", [entries], end, first)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return path


def next_header(store: Store, **changes: object) -> Header:
    place = store.after(store.root / NAME)
    return header(
        **{
            "session": place.session,
            "number": place.number,
            "previous": place.previous,
            "previous_head": place.previous_head,
            "reason": "resumed",
            "started": "2026-11-21T10:00:20+00:00",
            **changes,
        }
    )


def resumed(store: Store, end: str | None = "completed", **changes: object) -> Path:
    entries = [happened(1.0, EventKind.RESUMED), happened(2.0, EventKind.SESSION_ENDED)]
    first = next_header(store, **changes)
    return wrote(store.root / NAME / f"{first.number:03d}.journal", [entries], end, first)


def test_what_a_new_process_needs_to_go_on(store: Store) -> None:
    path = begun(store)
    found = unfinished(store, now=NOW)
    assert found is not None
    assert (found.session, found.path, found.started) == (NAME, path, "2026-11-21T09:42:10+00:00")
    assert msgspec.msgpack.decode(found.progress, type=tuple[CycleRecord, ...]) == RECORDS
    assert found.progress_ms == 65.0
    assert found.device == DEVICE
    assert found.chosen == ChoosePlan(PLAN, "case 12", "AB")
    assert [each.event.kind for each in found.events] == ["plan chosen", "freeze started"]
    assert found.frames == tuple(frame(number) for number in range(21, 61))
    assert found.head == found.place.previous_head == verify(path).head
    assert (found.place.number, found.place.previous) == (2, "001.journal")
    assert found.problem is None


def test_a_torn_record_is_resumed_from_what_is_whole(store: Store) -> None:
    path = begun(store)
    data = path.read_bytes()
    path.write_bytes(data[:-1])
    assert unfinished(store, now=NOW) is None  # the group with its checkpoints is gone
    path.write_bytes(data + b"\x30torn")
    found = unfinished(store, now=NOW)
    assert found is not None
    assert found.problem is None


def test_a_screen_that_was_lost_is_resumed_though_its_journal_was_closed(store: Store) -> None:
    begun(store, end="screen lost")
    assert unfinished(store, now=NOW) is not None


def test_after_a_second_crash_the_last_checkpoint_of_the_chain_counts(store: Store) -> None:
    begun(store)
    first = next_header(store)
    wrote(store.root / NAME / "002.journal", [[frame(7)]], None, first)
    (store.root / NAME / "003.journal").write_bytes(b"")  # died before its header was written
    found = unfinished(store, now=NOW)
    assert found is not None
    assert msgspec.msgpack.decode(found.progress, type=tuple[CycleRecord, ...]) == RECORDS
    assert found.place.number == 4
    assert found.path.name == "002.journal"  # from which the next one goes on


@pytest.mark.parametrize("left_out", ["ended", "old", "old by its words", "headless", "running"])
def test_what_is_not_to_be_resumed(store: Store, left_out: str) -> None:
    now = NOW
    if left_out == "headless":
        begun(store, how="headless run")
    else:
        path = begun(store)
    if left_out == "ended":
        path = resumed(store)
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    if left_out.startswith("old"):
        now = NOW + timedelta(hours=13)
    if left_out == "old by its words":
        os.utime(path, (now.timestamp(), now.timestamp()))
    if left_out == "running":
        from console.records.durable import DiskFile
        from console.records.journal import JournalWriter

        path.unlink()
        writer = JournalWriter(path, header(), DiskFile)
        writer.append(Progress(1.0, b"x"))
        writer.sync()
        assert unfinished(store, now=now) is None
        writer.abandon()
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
        assert unfinished(store, now=now) is not None
        return
    assert unfinished(store, now=now) is None


def test_the_newest_unfinished_session_is_taken(store: Store) -> None:
    begun(store, name="20261121-080000-0001")
    begun(store, name="20261121-090000-0002")
    wrote(store.root / "20261121-095000-0003" / "001.journal", [[frame(1)]], None)
    found = unfinished(store, now=NOW)
    assert found is not None
    assert found.session == "20261121-090000-0002"


def test_nonsense_for_a_date_is_no_error(store: Store) -> None:
    entries = [Progress(1.0, b"x")]
    first = header(started="one fine day")
    path = wrote(store.root / NAME / "001.journal", [entries], None, first)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert unfinished(store, now=NOW) is None


def test_a_chain_of_closed_journals_is_verified_as_one(store: Store) -> None:
    first = begun(store, end="screen lost")
    second = resumed(store)
    whole = verify(first.parent)
    assert whole.ok
    assert whole.problem is None
    assert whole.entries == verify(first).entries + verify(second).entries
    assert whole.head == verify(second).head
    assert whole.truncated_bytes == 0
    assert verify(second).ok  # by itself


def test_an_unclosed_journal_in_the_chain_is_told(store: Store) -> None:
    path = begun(store)
    with path.open("ab") as file:
        file.write(b"\x30" * 5)
    resumed(store)
    found = verify(path.parent)
    assert not found.ok
    assert found.truncated_bytes == 5
    assert found.problem is not None
    assert found.problem.startswith("001.journal: not closed")
    assert "5 bytes" in found.problem
    assert "002" not in found.problem


def test_a_tail_taken_off_an_unclosed_journal_is_seen_by_the_next(store: Store) -> None:
    path = begun(store)
    whole = path.read_bytes()
    with path.open("ab") as file:
        file.write(b"")
    resumed(store)
    path.write_bytes(whole[: len(whole) // 2])
    assert "it goes on from the head" in (verify(path.parent).problem or "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"previous_head": "00" * 32}, "it goes on from the head"),
        ({"previous": "007.journal"}, "it goes on from 007.journal"),
        ({"previous": None, "previous_head": None}, "it goes on from nothing"),
        ({"session": "20261121-000000-0000"}, "it is of session"),
    ],
)
def test_a_journal_of_another_chain_is_told(
    store: Store, changes: dict[str, object], said: str
) -> None:
    path = begun(store, end="screen lost")
    if changes.get("previous") == "007.journal":
        (path.parent / "007.journal").write_bytes(b"")
        resumed(store, number=2, **changes)
        (path.parent / "007.journal").unlink()
    else:
        resumed(store, **changes)
    assert said in (verify(path.parent).problem or "")


def test_a_missing_first_journal_is_told(store: Store) -> None:
    path = begun(store, end="screen lost")
    second = resumed(store)
    path.unlink()
    assert "001.journal, from which it goes on, is missing" in (verify(path.parent).problem or "")
    second.rename(second.with_name("001.journal"))
    assert "its header says number 2" in (verify(path.parent).problem or "")


def test_shown_as_plain_values(store: Store) -> None:
    begun(store, end="screen lost")
    resumed(store)
    shown = described(read_session(store.root / NAME), _cycles)
    shown = msgspec.json.decode(msgspec.json.encode(shown))
    assert (shown["id"], shown["outcome"], shown["simulated"]) == (NAME, "completed", True)
    assert (shown["case"], shown["operator"], shown["how"]) == ("case 12", "AB", "bedside")
    assert shown["plan"]["sites"][0]["nerve"] == "saphenous"
    assert shown["cycles"][0]["lowest_tip_celsius"] == -70.4
    assert [each["kind"] for each in shown["events"]] == [
        "plan chosen",
        "freeze started",
        "resumed",
        "session ended",
    ]
    assert [each["reason"] for each in shown["journals"]] == ["new", "resumed"]
    assert (shown["lost"], shown["record"]["ok"]) == (0, True)


def test_shown_in_plain_words(store: Store) -> None:
    begun(store, end="screen lost")
    resumed(store)
    text = as_text(read_session(store.root / NAME), _cycles)
    assert text.startswith("SIMULATED\n")
    for line in (
        "Outcome: completed",
        "Console: CP-0007, firmware 1.4.2, N₂O, no probe",
        "Case case 12, operator AB (bedside)",
        "  saphenous LEFT: 2:00 (thaw 0:45), 2:00",
        "  genicular RIGHT: 1:30",
        "  saphenous LEFT place 1 freeze 1: stopped, 1:30 of 2:00, lowest tip −70.4 °C, "
        "to target 31.0 s, at target 0:00, thaw ---, gas 22.5 g",
        "  10:00:00  freeze started: freeze 1",
        "whole and closed",
    ):
        assert line in text


def test_what_was_not_recorded_is_shown(store: Store) -> None:
    wrote(store.root / NAME / "001.journal", [[Lost(1.0, 3)], [Lost(2.0, 4)]])
    session = read_session(store.root / NAME)
    assert described(session)["lost"] == 7
    assert "NOT RECORDED: 7 entries" in as_text(session)


def test_what_cannot_be_told_is_shown_so(store: Store) -> None:
    wrote(store.root / NAME / "001.journal", [[Progress(1.0, b"\xc1")]], None)
    session = read_session(store.root / NAME)
    for cycles in (None, _cycles):
        assert described(session, cycles)["cycles"] is None
        text = as_text(session, cycles)
        assert "Console: ---" in text
        assert "Plan: none was chosen" in text
        assert "Cycles: ---" in text
        assert "NOT OK: 001.journal: not closed" in text
    (store.root / NAME / "001.journal").write_bytes(b"")
    text = as_text(read_session(store.root / NAME))
    assert "started ---" in text
    with pytest.raises(FileNotFoundError):
        read_session(store.root / "gone")


def test_any_byte_changed_anywhere_in_a_chain_is_found(store: Store) -> None:
    wrote(store.root / NAME / "001.journal", [[frame(1)]], "screen lost")
    second = resumed(store)
    for path in (second.with_name("001.journal"), second):
        data = bytearray(path.read_bytes())
        for at in range(0, len(data), 3):
            data[at] ^= 0x04
            path.write_bytes(data)
            assert not verify(path.parent).ok, (path.name, at)
            data[at] ^= 0x04
        path.write_bytes(data)
    assert verify(second.parent).ok


def _cycles(state: bytes) -> tuple[CycleRecord, ...]:
    return msgspec.msgpack.decode(state, type=tuple[CycleRecord, ...])

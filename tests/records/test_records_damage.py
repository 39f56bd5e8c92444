"""Whatever happens to the bytes of a journal: reading never raises, nothing that was synced is lost
by a crash, and no change goes unseen."""

import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records_kit import frame, numbers, one_of_each, wrote

from console.records import parse, verdict
from console.records.format import LONGEST_ENTRY, PREAMBLE, SEAL_MARK, SEAL_SIZE


def grouped(tmp_path: Path, end: str | None) -> tuple[bytes, list[int]]:
    """A journal of five groups of frames, and the offset behind each of its seals."""
    groups = [[frame(10 * group + number) for number in range(3)] for group in range(4)]
    data = wrote(tmp_path / "001.journal", groups, end).read_bytes()
    ends, at = [], data.find(SEAL_MARK)
    while at != -1:
        ends.append(at + SEAL_SIZE)
        at = data.find(SEAL_MARK, at + 1)
    return data, ends


def ok(data: bytes) -> bool:
    return verdict((parse(data, Path("001.journal")),)).ok


def test_cut_at_every_byte_it_holds_every_whole_group(tmp_path: Path) -> None:
    data, ends = grouped(tmp_path, end=None)
    all_frames = numbers(data)
    assert len(all_frames) == 12
    for size in range(len(data) + 1):
        journal = parse(data[:size], Path("x"))
        whole = [end for end in ends if end <= size]
        assert journal.intact, size
        assert not journal.closed
        assert numbers(data[:size]) == all_frames[: 3 * max(len(whole) - 1, 0)]
        assert journal.truncated_bytes == size - (whole[-1] if whole else 0)
        assert (journal.note is None) == (size in ends)
        assert (journal.header is None) == (not whole)
        assert not ok(data[:size])


def test_a_closed_journal_cut_anywhere_is_not_ok(tmp_path: Path) -> None:
    data, _ = grouped(tmp_path, end="completed")
    assert ok(data)
    assert not any(ok(data[:size]) for size in range(len(data)))


def test_every_changed_byte_is_found(tmp_path: Path) -> None:
    path = wrote(tmp_path / "001.journal", [[frame(1)], one_of_each(), [frame(2)]])
    data = bytearray(path.read_bytes())
    assert ok(bytes(data))
    for at in range(len(data)):
        for change in (0x01, 0x80, 0xFF):
            data[at] ^= change
            assert not ok(bytes(data)), (at, change)
            data[at] ^= change


def test_every_missing_or_added_byte_is_found(tmp_path: Path) -> None:
    data, _ = grouped(tmp_path, end="completed")
    for at in range(len(data)):
        assert not ok(data[:at] + data[at + 1 :])
        assert not ok(data[:at] + b"\x00" + data[at:])


def test_a_break_before_the_last_group_is_a_problem_with_its_offset(tmp_path: Path) -> None:
    data, ends = grouped(tmp_path, end=None)
    for group in range(len(ends) - 1):
        start = ends[group - 1] if group else len(PREAMBLE)
        for at in range(start, ends[group]):
            broken = bytearray(data)
            broken[at] ^= 0x10
            journal = parse(bytes(broken), Path("x"))
            assert f"offset {start}:" in (journal.problem or ""), at
            assert journal.truncated_bytes == len(data) - (ends[group - 1] if group else 0)
            assert len(numbers(bytes(broken))) == 3 * max(group - 1, 0)


@pytest.mark.parametrize("closed", [True, False])
def test_groups_swapped_repeated_or_left_out_are_a_problem(tmp_path: Path, closed: bool) -> None:
    data, ends = grouped(tmp_path, end="completed" if closed else None)
    one, two, three = (data[a:b] for a, b in pairwise(ends[:4]))
    head, tail = data[: ends[0]], data[ends[3] :]
    for middle in (two + one + three, one + three, one + one + two + three, two, one + two + two):
        assert parse(head + middle + tail, Path("x")).problem is not None


def test_tails_that_a_file_system_leaves_are_cut(tmp_path: Path) -> None:
    data, ends = grouped(tmp_path, end=None)
    noise = random.Random(2).randbytes
    for whole in (0, 2, 4):
        kept = data[: ends[whole]]
        for size in (1, 7, 48, 512, 5000):
            for tail in (
                bytes(size),
                noise(size),
                b"\xff" * size,
                data[ends[1] :][: size % 40 + 1],
            ):
                journal = parse(kept + tail, Path("x"))
                assert journal.intact
                assert journal.truncated_bytes == len(tail)
                assert journal.note is not None
                assert numbers(kept + tail) == numbers(kept)


def test_garbage_behind_the_end_is_a_problem(tmp_path: Path) -> None:
    data, _ = grouped(tmp_path, end="completed")
    for tail in (b"\x00", bytes(600), b"\xff" * 9, data):
        journal = parse(data + tail, Path("x"))
        assert journal.closed
        assert f"{len(tail)} bytes stand behind its end, at offset {len(data)}" == journal.problem


def test_holes_are_seen_wherever_they_are(tmp_path: Path) -> None:
    data, ends = grouped(tmp_path, end=None)
    for start in range(0, len(data), 16):
        holed = data[:start] + bytes(16) + data[start + 16 :]
        if holed[: len(data)] == data:
            continue
        journal = parse(holed[: len(data)], Path("x"))
        before = sum(end <= start for end in ends)
        assert len(numbers(holed)) == 3 * max(before - 1, 0)
        assert journal.intact == (start >= ends[-2])


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    for whole in (data, PREAMBLE + data, PREAMBLE + data + SEAL_MARK + data):
        journal = parse(whole, Path("x"))
        assert journal.entries == []
        assert not verdict((journal,)).ok


def test_a_length_beyond_the_file_or_the_bounds_is_cut() -> None:
    for length in (b"\x7f", b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff\xff", b"\x80\x00"):
        journal = parse(PREAMBLE + length + b"abc", Path("x"))
        assert journal.note is not None
        assert journal.header is None
    assert LONGEST_ENTRY < 2**28

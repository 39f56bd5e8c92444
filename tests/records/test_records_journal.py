"""A journal gives back what was written, and says what has become of it."""

import hashlib
import os
import random
import stat
import sys
import zlib
from pathlib import Path

import msgspec
import pytest
from records_kit import frame, header, numbers, one_of_each, wrote

from console.records import FrameIn, Header, JournalWriter, Unread, parse, read_journal, verdict
from console.records import journal as writing
from console.records.entries import End, decoded, encoded
from console.records.format import (
    LONGEST_ENTRY,
    PREAMBLE,
    SEAL_MARK,
    SEAL_SIZE,
    Group,
    bodies,
    first_chain,
    framed,
    grouped,
    next_group,
)


def test_every_kind_of_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    path = wrote(tmp_path / "001.journal", [one_of_each()[:5], one_of_each()[5:]])
    journal = read_journal(path)
    assert journal.entries[:-1] == [header(), *one_of_each()]
    assert isinstance(journal.entries[-1], End)
    assert journal.header == header()
    assert (journal.closed, journal.intact, journal.problem, journal.note) == (
        True,
        True,
        None,
        None,
    )
    assert journal.truncated_bytes == 0
    assert journal.end is not None
    assert journal.end.reason == "completed"
    assert journal.count == len(one_of_each()) + 2 == journal.end.count + 1


def test_kinds_can_be_picked_without_the_others(tmp_path: Path) -> None:
    journal = read_journal(wrote(tmp_path / "001.journal", [one_of_each(), [frame(3), frame(4)]]))
    assert [each.now_ms for each in journal.of(FrameIn)] == [1.5, 3.0, 4.0]
    last = journal.last(FrameIn)
    assert last is not None
    assert last.now_ms == 4.0
    assert journal.last(Header) == header()
    assert journal.unread() is None


def test_the_head_is_the_hash_of_the_last_synced_group(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path / "001.journal", header())
    heads = [writer.head]
    writer.append(frame(1))
    assert writer.head == heads[0]
    assert writer.pending == 1
    writer.sync()
    heads.append(writer.head)
    assert read_journal(writer.path).head == writer.head
    writer.sync()  # nothing to write
    assert writer.head == heads[1]
    writer.close("completed")
    assert read_journal(writer.path).head == writer.head
    assert len({*heads, writer.head}) == 3
    assert writer.entries == 3


def test_the_bytes_are_those_of_the_format() -> None:
    """The layout of version 1, read once more by hand."""
    assert bytes.fromhex("8943504a0d0a1a0a0100") == PREAMBLE
    short, long = encoded(frame(1)), random.Random(1).randbytes(300)
    assert framed(short) == bytes([len(short)]) + short
    assert framed(long) == bytes([0xAC, 0x02]) + long
    group = grouped(first_chain(), 10, [framed(short), framed(long)])
    length = group[0] & 0x7F | group[1] << 7
    assert zlib.decompress(group[2 : 2 + length]) == framed(short) + framed(long)
    seal = group[2 + length :]
    assert len(seal) == SEAL_SIZE == 52
    assert seal[:20] == bytes.fromhex("00f55345414cf50a 0a00000000000000 02000000")
    before = hashlib.sha256(PREAMBLE).digest()
    assert seal[20:] == hashlib.sha256(before + group[:-32]).digest()
    found = next_group(PREAMBLE + group, 10, first_chain())
    assert found == Group(10, 12, 12 + length, 10 + len(group), 2, seal[20:])
    assert list(bodies(PREAMBLE + group, found)) == [short, long]


def test_an_entry_has_a_length_within_bounds() -> None:
    for body in (b"", b"x" * (LONGEST_ENTRY + 1)):
        with pytest.raises(ValueError, match="an entry of"):
            framed(body)


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = wrote(tmp_path / "records" / "20261121-094210-7f3a" / "001.journal", [])
    finally:
        os.umask(before)
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700


def test_a_journal_is_never_written_over(tmp_path: Path) -> None:
    path = wrote(tmp_path / "001.journal", [[frame(1)]])
    kept = path.read_bytes()
    with pytest.raises(FileExistsError):
        JournalWriter(path, header())
    assert path.read_bytes() == kept


def test_a_closed_writer_writes_nothing_more(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path / "001.journal", header())
    writer.close("completed")
    kept = writer.path.read_bytes()
    writer.append(frame(1))
    with pytest.raises(OSError, match="given up"):
        writer.sync()
    writer.abandon()
    assert writer.path.read_bytes() == kept


def test_a_group_is_as_long_as_a_reader_takes_and_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = 3 * len(framed(encoded(frame(1))))
    writer = JournalWriter(tmp_path / "001.journal", header())
    monkeypatch.setattr(writing, "LONGEST_GROUP", room)
    for _ in range(2):  # the next group begins with nothing in it
        for _ in range(3):
            writer.append(frame(1))
        with pytest.raises(ValueError, match=r"^too much for one group: sync more often$"):
            writer.append(frame(1))
        assert writer.pending == 3
        writer.sync()
    first = len(framed(encoded(header())))
    monkeypatch.setattr(writing, "LONGEST_GROUP", first)
    JournalWriter(tmp_path / "002.journal", header()).abandon()
    monkeypatch.setattr(writing, "LONGEST_GROUP", first - 1)
    with pytest.raises(ValueError, match="too much"):
        JournalWriter(tmp_path / "003.journal", header())


def test_the_journal_before_is_on_disk_before_one_that_goes_on_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[Path, bool]] = []
    path = tmp_path / "002.journal"
    monkeypatch.setattr(writing, "sync_file", lambda p: synced.append((p, path.exists())))
    JournalWriter(path, header(number=2, previous="001.journal", previous_head="00")).abandon()
    assert synced == [(tmp_path / "001.journal", False)]
    JournalWriter(tmp_path / "003.journal", header()).abandon()
    assert len(synced) == 1, "the first of a session goes on from none"


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_journal(tmp_path / "none.journal")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a letter to the editor", "not a journal"),
        (PREAMBLE[:8] + b"\x07\x00", "of version 7"),
        (b"\x00" * 5000 + b"\x01", "not a journal"),
    ],
)
def test_what_is_no_journal_is_told(data: bytes, said: str) -> None:
    journal = parse(data, Path("x"))
    assert said in (journal.problem or "")
    assert not journal.intact
    assert not journal.closed
    assert journal.truncated_bytes == len(data)
    assert journal.entries == []


def test_a_later_schema_is_told_and_its_entries_are_not_guessed(tmp_path: Path) -> None:
    path = wrote(tmp_path / "001.journal", [[frame(1)]], first=header(schema=99))
    assert "schema 99" in (read_journal(path).problem or "")


def forged(*groups: list[bytes]) -> bytes:
    """A journal with a true chain of whatever these bodies are."""
    data, chain = PREAMBLE, first_chain()
    for group in groups:
        data += grouped(chain, len(data), [framed(each) for each in group])
        chain = data[-32:]
    return data


def test_an_entry_of_an_unknown_kind_is_kept_as_it_is() -> None:
    strange = msgspec.msgpack.encode([99, "what is this"])
    data = forged([encoded(header())], [strange, encoded(frame(1))])
    journal = parse(data, Path("x"))
    assert isinstance(journal.entries[1], Unread)
    assert journal.entries[1].body == strange
    assert journal.unread() == journal.entries[1]
    assert numbers(data) == [1]
    for body in (b"", b"\xdd\xff\xff\xff\xff", b"\x91" * 50_000, b"\x92\x01\xa1\xff"):
        assert isinstance(decoded(5, body), Unread)


def test_what_is_not_understood_is_not_ok() -> None:
    strange = msgspec.msgpack.encode([99, "what is this"])
    before = forged([encoded(header())], [strange])
    end = End(2, before[-32:].hex(), "completed")
    journal = parse(forged([encoded(header())], [strange], [encoded(end)]), Path("x"))
    assert journal.closed
    assert journal.intact
    assert "does not understand the entry" in (verdict((journal,)).problem or "")


@pytest.mark.parametrize(
    "end",
    [
        End(2, "00" * 32, "completed"),
        End(1, "", "completed"),
        End(3, forged([encoded(header())], [encoded(frame(1))])[-32:].hex(), "completed"),
    ],
)
def test_an_end_that_does_not_fit_is_a_problem(end: End) -> None:
    journal = parse(forged([encoded(header())], [encoded(frame(1))], [encoded(end)]), Path("x"))
    assert "end entry does not fit" in (journal.problem or "")


def test_an_end_that_is_not_alone_in_its_group_is_a_problem() -> None:
    before = forged([encoded(header())])
    end = encoded(End(1, before[-32:].hex(), "completed"))
    journal = parse(forged([encoded(header())], [end, encoded(frame(1))]), Path("x"))
    assert "end entry does not fit" in (journal.problem or "")
    alone = parse(forged([end]), Path("x"))
    assert "header" in (alone.problem or "")


def test_groups_that_no_writer_made_raise_nothing() -> None:
    """With a true chain, so that only the reading of their insides can tell."""
    good = forged([encoded(header())])
    for inside, claimed in (
        (zlib.compress(b""), 1),
        (zlib.compress(framed(encoded(frame(1)))), 2),
        (zlib.compress(framed(encoded(frame(1)))) + b"x", 1),
        (zlib.compress(b"\x00" + framed(encoded(frame(1)))), 1),
        (zlib.compress(b"\x7fshort"), 1),
        (zlib.compress(b"\xff\xff\xff\xff\xff"), 1),
        (zlib.compress(framed(encoded(frame(1))))[:-4], 1),
        (b"no deflate", 1),
        (zlib.compress(framed(encoded(frame(1)))), 0),
    ):
        claim = bytes([len(inside)]) + inside + SEAL_MARK
        claim += len(good).to_bytes(8, "little") + claimed.to_bytes(4, "little")
        data = good + claim + hashlib.sha256(good[-32:] + claim).digest()
        journal = parse(data, Path("x"))
        assert journal.unread() is not None or journal.truncated_bytes
        assert not verdict((journal,)).ok
        first = parse(PREAMBLE + claim, Path("x"))
        assert first.header is None


def test_fields_added_at_the_end_are_read_over() -> None:
    """What a later program of the same schema adds, this one can still read."""
    fields = msgspec.msgpack.decode(encoded(frame(1)))
    assert decoded(0, msgspec.msgpack.encode([*fields, "more"])) == frame(1)

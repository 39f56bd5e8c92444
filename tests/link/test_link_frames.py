"""Frames under anything that a line can do to them."""

from itertools import pairwise

import pytest
from cobs import cobs
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drivers.link import frame as frames
from drivers.link.corruption import count_undetected
from drivers.link.frame import (
    DEVICE_FRAME_BYTES,
    HOST_FRAME_BYTES,
    MAX_PAYLOAD_BYTES,
    Deframer,
    Flaw,
    Frame,
    decode,
    encode,
)
from drivers.link.messages import FROM_DEVICE, FROM_HOST, Stop, payload_bytes
from tests.link import independent

bounded = settings(derandomize=True, deadline=None, max_examples=300)

any_frame = st.builds(
    Frame,
    kind=st.integers(0, 0xFF),
    sequence=st.integers(0, 0xFFFF),
    session=st.integers(0, 0xFFFFFFFF),
    device_ms=st.integers(0, 0xFFFFFFFF),
    payload=st.binary(max_size=MAX_PAYLOAD_BYTES),
)
pieces = st.lists(
    st.one_of(
        any_frame.map(encode),
        st.binary(max_size=40),
        st.just(b"\0"),
        st.integers(100, 300).map(lambda n: b"\x99" * n),
    ),
    max_size=8,
).map(b"".join)


@given(any_frame)
@bounded
def test_a_frame_comes_back_as_it_was(frame: Frame) -> None:
    wire = encode(frame)
    assert wire.index(0) == len(wire) - 1
    assert len(wire) == 19 + len(frame.payload) <= DEVICE_FRAME_BYTES
    assert decode(wire[:-1]) == frame
    assert Deframer().feed(wire) == [frame]


@given(any_frame)
@bounded
def test_both_codecs_write_and_read_the_same(frame: Frame) -> None:
    wire = independent.frame(
        frame.kind, frame.payload, frame.sequence, frame.session, frame.device_ms
    )
    assert encode(frame) == wire
    assert independent.cut(wire) == [
        {
            "kind": frame.kind,
            "sequence": frame.sequence,
            "session": frame.session,
            "device_ms": frame.device_ms,
            "payload": frame.payload.hex(),
        }
    ]


@given(pieces, st.lists(st.integers(0, 2_000), max_size=30))
@example(b"\x99" * 127 + b"\0", [100])
@example(b"\x99" * 128 + b"\0", [127])
@example(b"\x99" * 300 + b"\0\0", [128, 129, 300])
@bounded
def test_any_split_of_a_stream_gives_the_same(stream: bytes, cuts: list[int]) -> None:
    whole = Deframer().feed(stream)
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    deframer = Deframer()
    split = [found for start, end in pairwise(edges) for found in deframer.feed(stream[start:end])]
    assert split == whole
    one = Deframer()
    assert [found for byte in stream for found in one.feed(bytes((byte,)))] == whole
    names = [found.name if isinstance(found, Flaw) else found.kind for found in whole]
    assert names == [f if isinstance(f, str) else f["kind"] for f in independent.cut(stream)]


@given(st.binary(max_size=200))
@bounded
def test_reading_never_raises(chunk: bytes) -> None:
    assert isinstance(decode(chunk), Frame | Flaw)
    Deframer().feed(chunk)


@given(st.binary(min_size=13, max_size=122))
@bounded
def test_reading_never_raises_behind_a_good_check(body: bytes) -> None:
    stuffed = bytes(byte or 1 for byte in body)
    wire = independent.closed(stuffed)
    (found,) = Deframer().feed(wire)
    expected = independent.read(wire[:-1])
    if isinstance(found, Flaw):
        assert found.name == expected
    else:
        assert encode(found) == wire, "one frame has one form on the wire"


def test_a_reader_keeps_little_however_much_noise_comes() -> None:
    deframer = Deframer()
    assert deframer.feed(b"\x99" * 1_000_000) == [Flaw.TOO_LONG]
    assert deframer.feed(b"\x99" * 1_000_000) == []
    frame = Frame(Stop.KIND, 1, 2, 0, b"")
    assert deframer.feed(b"\0" + encode(frame)) == [frame]


def test_a_frame_that_does_not_fit_is_refused() -> None:
    encode(Frame(1, 0, 0, 0, b"\x01" * MAX_PAYLOAD_BYTES))
    for bad in (
        Frame(1, 0, 0, 0, b"\x01" * (MAX_PAYLOAD_BYTES + 1)),
        Frame(0x100, 0, 0, 0, b""),
        Frame(1, 0x10000, 0, 0, b""),
        Frame(1, 0, -1, 0, b""),
        Frame(1, 0, 0, 1 << 32, b""),
    ):
        with pytest.raises(ValueError, match="fit"):
            encode(bad)


def test_every_message_keeps_its_direction_s_length() -> None:
    for messages, longest in ((FROM_HOST, HOST_FRAME_BYTES), (FROM_DEVICE, DEVICE_FRAME_BYTES)):
        for message in messages:
            assert (payload_bytes(message.KIND) or 0) + 19 <= longest, message
    assert len(encode(Frame(Stop.KIND, 1, 2, 3, b""))) == 19


def test_unstuffing_takes_off_one_byte_so_that_no_header_is_cut() -> None:
    for length in (13, 14, 122):
        stuffed: bytes = cobs.encode(b"\x07" * (length - 1))
        assert len(stuffed) == length


def test_no_corrupted_frame_passes() -> None:
    told: list[int] = []
    counts = count_undetected(300_000, seed=20_240, progress=told.append)
    assert counts["undetected"] == 0
    assert counts["frames"] == 300_000 == told[-1]
    assert counts["flips"] + counts["bursts"] + counts["truncations"] + counts["joins"] == 300_000
    assert min(counts[kind] for kind in ("bursts", "truncations", "joins")) > 40_000
    assert counts["flaws"] > 290_000


def test_the_count_is_the_same_for_the_same_seed() -> None:
    assert count_undetected(2_000, seed=3) == count_undetected(2_000, seed=3)
    assert count_undetected(2_000, seed=3) != count_undetected(2_000, seed=4)


def test_the_count_sees_a_weak_check(monkeypatch: pytest.MonkeyPatch) -> None:
    check = frames._check
    monkeypatch.setattr(frames, "_check", lambda data: check(data) & 0xFF)
    assert count_undetected(20_000, seed=5)["undetected"] > 0


@pytest.mark.parametrize("size", [0, 1, 20, 33, 50, 109])
def test_every_flip_of_one_or_two_bits_is_seen(size: int) -> None:
    wire = encode(Frame(0x82, 7, 0x5EED0001, 61_500, bytes(range(1, 1 + size))))
    number = int.from_bytes(wire, "little")
    bits = 8 * len(wire)
    step = 1 if size <= 1 else 37  # for long frames every bit with every 37th other one
    for first in range(bits):
        for second in range(first, bits, step):
            flipped = number ^ (1 << first | 1 << second)
            found = Deframer().feed(flipped.to_bytes(len(wire), "little") + b"\0")
            assert not any(isinstance(one, Frame) for one in found), (first, second)

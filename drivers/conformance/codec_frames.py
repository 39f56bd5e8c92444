"""Codec tier: what is a frame and what is none. Nothing here moves an actuator."""

import random
from collections.abc import Iterable
from struct import Struct
from typing import Final

from cobs import cobs
from fastcrc import crc32

from drivers.conformance.bench import Bench
from drivers.conformance.check import Check, Tier
from drivers.conformance.verdicts import expect
from drivers.link.frame import DEVICE_FRAME_BYTES, Frame, encode
from drivers.link.messages import Arm, EventAck, Heartbeat, ReadProbe, payload_bytes

_CHECK_BYTES: Final = 5
_HEADER: Final = Struct("<BBHII")
_NOISE: Final = b"\x55"


def _unanswered(bench: Bench, sent: Frame, spoilt: Iterable[bytes]) -> str:
    """Sends every one of `spoilt`, made from `sent`, with a zero behind it: nothing answers."""
    mark, count = bench.mark(), 0
    for one in spoilt:
        bench.write(one + b"\0")
        count += 1
    bench.settle()
    answers = len(bench.answers(mark, sent))
    expect(answers == 0, f"{answers} answers to {count} spoilt frames")
    return f"{count} dropped"


def _parts(frame: Frame) -> tuple[bytes, bytes]:
    """The stuffed bytes and the check bytes of `frame`."""
    wire = encode(frame)[:-1]
    return wire[:-_CHECK_BYTES], wire[-_CHECK_BYTES:]


def check_bytes(crc: int) -> bytes:
    """A CRC in five groups of seven bits."""
    groups = (crc >> shift & 0x7F for shift in (0, 7, 14, 21, 28))
    return bytes(0x80 | group for group in groups)


def _flipped(data: bytes, places: Iterable[int]) -> Iterable[bytes]:
    for place in places:
        for bit in range(8):
            yield data[:place] + bytes((data[place] ^ 1 << bit,)) + data[place + 1 :]


def _bad_check(bench: Bench) -> str:
    sent = bench.frame(ReadProbe())
    stuffed, check = _parts(sent)
    raw = _HEADER.pack(sent.kind, 0, sent.sequence, sent.session, 0)
    other_sums = [
        stuffed + check_bytes(crc32.iscsi(raw)),
        stuffed + check_bytes(crc32.iso_hdlc(stuffed)),
        stuffed + check[::-1],
        stuffed + bytes(byte & 0x7F for byte in check),
    ]
    flips = [stuffed + flipped for flipped in _flipped(check, range(_CHECK_BYTES))]
    return _unanswered(bench, sent, flips + other_sums)


def _flipped_stuffing(bench: Bench) -> str:
    sent = bench.frame(Arm(1))
    wire = encode(sent)[:-1]
    places, at = [], 0
    while at < len(wire) - _CHECK_BYTES:
        places.append(at)
        at += wire[at]
    return _unanswered(bench, sent, _flipped(wire, places))


def _length(bench: Bench) -> str:
    sent = bench.frame(ReadProbe())
    wrong = []
    for told, payload in ((0, b"\x07"), (1, b""), (2, b"\x07"), (255, b"")):
        stuffed = cobs.encode(
            _HEADER.pack(sent.kind, told, sent.sequence, sent.session, 0) + payload
        )
        wrong.append(stuffed + check_bytes(crc32.iscsi(stuffed)))
    stuffed = _parts(sent)[0]
    past_end = bytes((len(stuffed) + 1,)) + stuffed[1:]
    wrong.append(past_end + check_bytes(crc32.iscsi(past_end)))
    return _unanswered(bench, sent, wrong)


def _truncated(bench: Bench) -> str:
    sent = bench.frame(ReadProbe())
    wire = encode(sent)[:-1]
    cuts = [wire[:at] for at in range(1, len(wire))]
    cuts += [wire[at:] for at in range(1, len(wire))]
    cuts += [wire[:at] + wire[at + 1 :] for at in range(1, len(wire) - 1)]
    return _unanswered(bench, sent, cuts)


def _joined(bench: Bench) -> str:
    first, second = bench.frame(ReadProbe()), bench.frame(ReadProbe())
    mark = bench.mark()
    bench.write(encode(first)[:-1] + encode(second))
    bench.settle()
    answers = len(bench.answers(mark, first)) + len(bench.answers(mark, second))
    expect(answers == 0, f"{answers} answers to two frames without the zero between them")
    return "dropped, and the next one answered"


def _overlong(bench: Bench) -> str:
    runs = [_NOISE * (count * DEVICE_FRAME_BYTES // 2) for count in (2, 3, 4, 8)]
    for run in runs:
        for pause in (False, True):
            sent, mark = bench.frame(ReadProbe()), bench.mark()
            with bench.quiet():  # a heartbeat's zero would end the run
                bench.write(run)
                if pause:
                    bench.next_telemetry()
                bench.write(sent)
            bench.settle()
            expect(
                not bench.answers(mark, sent),
                f"a frame was answered that ended a run of {len(run)} bytes without a zero",
            )
    return f"{2 * len(runs)} runs of up to {len(runs[-1])} bytes dropped"


def _zeros(bench: Bench) -> str:
    for zeros in (1, 2, 200):
        sent = bench.frame(ReadProbe())
        mark = bench.mark()
        bench.write(bytes(zeros), sent, bytes(zeros))
        bench.settle()
        count = len(bench.answers(mark, sent))
        expect(count == 1, f"{count} answers to a frame with {zeros} zeros before and behind it")
    return "answered"


def _after_noise(bench: Bench) -> str:
    chance = random.Random(5)
    for length in (1, 4, 17, 18, 40, 127, 128, 500):
        noise = bytes(chance.randrange(1, 256) for _ in range(length))
        sent = bench.frame(ReadProbe())
        mark = bench.mark()
        bench.write(noise, b"\0", sent)
        bench.settle()
        count = len(bench.answers(mark, sent))
        expect(count == 1, f"{count} answers to a frame behind {length} bytes of noise and a zero")
    return "answered each time"


def _split(bench: Bench) -> str:
    length = len(encode(bench.frame(ReadProbe())))
    for at in range(1, length):
        _in_pieces(bench, (at,))
    _in_pieces(bench, tuple(range(1, length)))
    return f"{length - 1} splits and single bytes"


def _in_pieces(bench: Bench, cuts: tuple[int, ...]) -> None:
    sent = bench.frame(ReadProbe())
    wire, mark = encode(sent), bench.mark()
    for first, last in zip((0, *cuts), (*cuts, len(wire)), strict=True):
        bench.write(wire[first:last])
        with bench.quiet():  # a heartbeat would stand in the middle of the frame
            bench.next_telemetry()
    found = bench.wall(lambda: bench.answers(mark, sent) or None, 1.0)
    expect(found is not None, f"no answer to a frame that came in pieces, cut at {cuts}")


def _merged(bench: Bench) -> str:
    sent = bench.frame(ReadProbe())
    bench.next_telemetry()
    echo = Heartbeat(bench.stamp_ms)
    mark = bench.mark()
    bench.write(bench.frame(echo), bench.frame(EventAck(0)), sent)
    found = bench.wall(lambda: bench.answers(mark, sent) or None, 1.0)
    expect(found is not None, "no answer to a command behind a heartbeat and an acknowledgement")
    return "answered"


def _own_frames(bench: Bench) -> str:
    mark = bench.mark()
    for _ in range(20):
        bench.settle()
        bench.next_telemetry()
    flaws = bench.flaws(mark)
    expect(not flaws, f"{len(flaws)} flaws in what the device sends, the first {flaws[:1]}")
    frames = bench.seen[mark:]
    for seen in frames:
        kind = seen.frame.kind
        known = payload_bytes(kind)
        expect(kind >= 0x80, f"the device sent kind 0x{kind:02X}, which only a host sends")
        expect(
            known is None or len(seen.frame.payload) == known,
            f"kind 0x{kind:02X} came with {len(seen.frame.payload)} bytes of payload",
        )
        expect(
            encode(seen.frame) == seen.raw + b"\0",
            f"kind 0x{kind:02X} is not the bytes that the document gives",
        )
    return f"{len(frames)} frames"


ROWS: Final = (
    Check("codec.own-frames", Tier.CODEC, "Frames",
          "All that the device sends is whole frames, byte for byte as the document makes them, "
          "of kinds from 0x80 on, with the payload's length of their kind.", _own_frames),
    Check("codec.bad-check", Tier.CODEC, "Frames",
          "A frame whose five check bytes are not exactly those of the stuffed bytes is dropped: "
          "any flipped bit, a CRC over raw bytes, another CRC, cleared top bits.", _bad_check),
    Check("codec.length", Tier.CODEC, "Frames",
          "A frame whose check is right is dropped all the same when its header's length is not "
          "that of its payload, or a distance points past the end.", _length),
    Check("codec.flipped-stuffing", Tier.CODEC, "Frames",
          "A frame with one flipped bit in a distance byte is dropped.", _flipped_stuffing),
    Check("codec.truncated", Tier.CODEC, "Frames",
          "A frame without its beginning, its end, or a byte inside is dropped.", _truncated),
    Check("codec.joined", Tier.CODEC, "Frames",
          "Two frames without the zero between them are both dropped, and the next is answered.",
          _joined),
    Check("codec.overlong", Tier.CODEC, "Frames",
          "Bytes that run past the longest frame are dropped up to and with the next zero.",
          _overlong),
    Check("codec.zeros", Tier.CODEC, "Frames", "Zeros between frames are nothing.", _zeros),
    Check("codec.after-noise", Tier.CODEC, "Frames",
          "A frame behind noise and a zero is answered.", _after_noise),
    Check("codec.split", Tier.CODEC, "Frames",
          "A frame is the same in whatever pieces it comes.", _split),
    Check("codec.merged", Tier.CODEC, "Frames",
          "Frames that come together are each taken in.", _merged),
)  # fmt: skip

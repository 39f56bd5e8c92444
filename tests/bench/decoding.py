"""How fast frames are decoded, beside pymodbus's framer on frames of the same length."""

import random
import statistics
import time
from collections.abc import Callable

from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU
from pymodbus.pdu.register_message import ReadHoldingRegistersResponse

from drivers.link.frame import Deframer, Frame, encode
from drivers.link.messages import Telemetry, payload_bytes, read
from tests.bench.figure import Figure, p99, spread

FRAMES = 20_000
RUNS = 5
BATCHES = 40


def _stream() -> list[bytes]:
    """Telemetry frames with unlike contents, as BATCHES pieces of one stream."""
    chance = random.Random(1)
    size = payload_bytes(Telemetry.KIND)
    assert size is not None
    frames = [
        encode(Frame(Telemetry.KIND, n & 0xFFFF, 7, n * 50, chance.randbytes(size)))
        for n in range(FRAMES)
    ]
    each = FRAMES // BATCHES
    return [b"".join(frames[n : n + each]) for n in range(0, FRAMES, each)]


def _ours(pieces: list[bytes]) -> list[float]:
    rates = []
    deframer = Deframer()
    for piece in pieces:
        began = time.perf_counter()
        found = [read(frame) for frame in deframer.feed(piece) if isinstance(frame, Frame)]
        rates.append(len(found) / (time.perf_counter() - began))
        assert all(isinstance(message, Telemetry) for message in found)
    return rates


def _pymodbus() -> Callable[[], list[float]]:
    framer = FramerRTU(DecodePDU(False))
    registers = (payload_bytes(Telemetry.KIND) or 0) // 2
    chance = random.Random(2)
    frames = [
        framer.buildFrame(
            ReadHoldingRegistersResponse(
                dev_id=1, registers=[chance.randrange(1 << 16) for _ in range(registers)]
            )
        )
        for _ in range(500)
    ]

    def run() -> list[float]:
        rates = []
        for _ in range(4):
            began = time.perf_counter()
            for frame in frames:
                used, message = framer.handleFrame(frame, 0, 0)
                assert used == len(frame)
                assert message is not None
            rates.append(len(frames) / (time.perf_counter() - began))
        return rates

    return run


def figures() -> dict[str, Figure]:
    """Frames per second, bytes to typed message, and the same of pymodbus in turn."""
    pieces, peer = _stream(), _pymodbus()
    _ours(pieces), peer()  # warm
    ours, theirs, medians = [], [], []
    for _ in range(RUNS):
        rates = _ours(pieces)
        medians.append(statistics.median(rates))
        ours += rates
        theirs += peer()
    median, other = statistics.median(ours), statistics.median(theirs)
    ratio = median / other
    return {
        "decode": Figure(
            median,
            p99(ours, worst="low"),
            "frames/s",
            "at least 300,000, and 9 times pymodbus's framer",
            median >= 300_000 and ratio >= 9,
            other,
            ratio,
            spread(medians),
        )
    }

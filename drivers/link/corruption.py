"""How many corrupted frames pass as good ones? None should. Pure; one seed, one answer."""

from collections.abc import Callable
from random import Random
from typing import Final

from drivers.link.frame import MAX_PAYLOAD_BYTES, Deframer, Frame, encode

POOL_FRAMES: Final = 512
"""Whole frames that are corrupted over and over, a random part of each call's seed."""
PROGRESS_EVERY: Final = 50_000
LONGEST_BURST_BITS: Final = 64
MOST_FLIPS: Final = 6


def count_undetected(
    frames: int, seed: int, progress: Callable[[int], None] | None = None
) -> dict[str, int]:
    """Corrupts `frames` frames and counts those that give a frame that nobody sent.

    Half of them get 1 to 6 flipped bits, the rest in equal parts a burst of up to 64 bits, a
    truncation, or a join with the frame behind it. `progress` is told how many are done. The
    answer has `frames`, how many of each (`flips`, `bursts`, `truncations`, `joins`), `flaws`
    reported, `originals` heard unharmed beside a damaged one, and `undetected`.
    """
    random = Random(seed)
    pool = [_random_frame(random) for _ in range(POOL_FRAMES)]
    wires = [encode(frame) for frame in pool]
    counts = dict.fromkeys(
        ("frames", "flips", "bursts", "truncations", "joins", "flaws", "originals", "undetected"), 0
    )
    for number in range(frames):
        which = int(random.random() * POOL_FRAMES)
        sent = {pool[which]}
        draw = random.random()
        if draw < 0.5:
            corrupt, kind = _flipped(random, wires[which]), "flips"
        elif draw < 0.667:
            corrupt, kind = _burst(random, wires[which]), "bursts"
        elif draw < 0.833:
            corrupt, kind = _truncated(random, wires[which]), "truncations"
        else:
            behind = int(random.random() * POOL_FRAMES)
            sent.add(pool[behind])
            corrupt, kind = _joined(random, wires[which], wires[behind]), "joins"
        counts[kind] += 1
        for found in Deframer().feed(corrupt + b"\0"):
            if not isinstance(found, Frame):
                counts["flaws"] += 1
            elif found in sent:
                counts["originals"] += 1
            else:
                counts["undetected"] += 1
        if progress is not None and (number + 1) % PROGRESS_EVERY == 0:
            progress(number + 1)
    counts["frames"] = frames
    return counts


def _random_frame(random: Random) -> Frame:
    """Of any length, with many zeros in it, so that the stuffing has work to do."""
    length = int(random.random() * (MAX_PAYLOAD_BYTES + 1))
    zeros = random.random()
    payload = bytes(
        0 if random.random() < zeros else int(random.random() * 256) for _ in range(length)
    )
    small = random.random() < 0.5
    return Frame(
        kind=random.getrandbits(8),
        sequence=random.getrandbits(4 if small else 16),
        session=random.getrandbits(32),
        device_ms=random.getrandbits(12 if small else 32),
        payload=payload,
    )


def _flipped(random: Random, wire: bytes) -> bytes:
    """1 to 6 bits flipped, anywhere in the frame and its zero."""
    number = int.from_bytes(wire, "little")
    bits = 8 * len(wire)
    flips = 0
    for _ in range(1 + int(random.random() * MOST_FLIPS)):
        flips |= 1 << int(random.random() * bits)
    return (number ^ flips).to_bytes(len(wire), "little")


def _burst(random: Random, wire: bytes) -> bytes:
    """A run of up to 64 bits, its first and last flipped, those between at random."""
    number = int.from_bytes(wire, "little")
    length = 2 + int(random.random() * (LONGEST_BURST_BITS - 1))
    pattern = random.getrandbits(length) | 1 | 1 << length - 1
    at = int(random.random() * (8 * len(wire) - length))
    return (number ^ pattern << at).to_bytes(len(wire), "little")


def _truncated(random: Random, wire: bytes) -> bytes:
    """Cut off at the front, at the end, or with bytes missing inside."""
    first = int(random.random() * len(wire))
    last = first + 1 + int(random.random() * (len(wire) - first))
    return wire[:first] + wire[last:]


def _joined(random: Random, wire: bytes, behind: bytes) -> bytes:
    """Two frames without the zero between them, the first cut short half of the time."""
    keep = len(wire) - 1
    if random.random() < 0.5:
        keep = int(random.random() * len(wire))
    return wire[:keep] + behind

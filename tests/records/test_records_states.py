"""Every state in which a crash can leave a journal: at each of its syncs, of the bytes that were
not yet synced all, some or none are on disk, in whatever order, with what was there before."""

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
from records_kit import MemoryFile, frame, header

from console.records import FrameIn, JournalWriter, parse, verdict
from console.records.format import PREAMBLE

GROUPS = 24
BLOCK = 16
"""Bytes that reach the disk together: smaller than any disk's, so that there are more states."""


class Moment(msgspec.Struct, frozen=True):
    """Just before a sync. `frames` and `head`: of what was synced; `full_frames` and `full_head`:
    with what was not; `last`: the sync that closes the journal."""

    synced: bytes
    unsynced: bytes
    frames: int
    head: str
    full_frames: int
    full_head: str
    last: bool = False


def moments(rng: random.Random) -> list[Moment]:
    """A journal as it is written, by what is on disk at each of its syncs."""
    found: list[Moment] = []
    put = acknowledged = 0
    file, nothing = MemoryFile(), parse(b"", Path("x")).head
    sync = file.sync

    def watched() -> None:
        head = found[-1].full_head if found else nothing
        synced, unsynced = file.synced, b"".join(file.written)
        full_head = unsynced[-32:].hex()
        found.append(Moment(synced, unsynced, acknowledged, head, put, full_head))
        sync()

    file.sync = watched  # type: ignore[method-assign]
    writer = JournalWriter(Path("x"), header(), lambda _: file)
    for _ in range(GROUPS):
        for _ in range(rng.randint(1, 4)):
            writer.append(frame(put))
            put += 1
        writer.sync()
        acknowledged = put
    writer.close("completed")
    found[-1] = msgspec.structs.replace(found[-1], last=True)
    return found


def states(moment: Moment, rng: random.Random) -> Iterator[bytes]:
    """What a crash at this moment may leave of the bytes that were not synced."""
    new = moment.unsynced
    blocks = [new[at : at + BLOCK] for at in range(0, len(new), BLOCK)]
    for size in range(len(new) + 1):  # cut at every byte
        yield new[:size]
    for size in (1, 7, 52, 700):  # zeros, ones and garbage in the place of what was not written,
        for tail in (bytes(size), b"\xff" * size, rng.randbytes(size)):
            yield tail
            yield (new[: rng.randrange(len(new))] + tail)[: len(new)]
            if not moment.last:
                yield new + tail  # or behind it
    for at in range(len(blocks)):  # a hole, or what stood on the disk before, in every place
        for other in (bytes(len(blocks[at])), rng.randbytes(len(blocks[at]))):
            yield b"".join([*blocks[:at], other, *blocks[at + 1 :]])
    for _ in range(40):  # written in another order than asked for, and dropped on the way
        order = rng.sample(range(len(blocks)), rng.randint(1, len(blocks)))
        there = [b if n in order else bytes(len(b)) for n, b in enumerate(blocks)]
        yield b"".join(there[: max(order) + 1])


def test_no_state_that_a_crash_leaves_loses_what_was_acknowledged_or_lies() -> None:
    rng = random.Random(7)
    seen: set[bytes] = set()
    for moment in moments(rng):
        for left in states(moment, rng):
            data = moment.synced + left
            seen.add(data)
            whole = left.startswith(moment.unsynced)
            journal = parse(data, Path("001.journal"))
            held = [int.from_bytes(each.raw[:4], "big") for each in journal.of(FrameIn)]
            assert held == list(range(moment.full_frames if whole else moment.frames))
            assert journal.head == (moment.full_head if whole else moment.head)
            kept = len(moment.synced) + (len(moment.unsynced) if whole else 0)
            assert journal.truncated_bytes == len(data) - kept
            begun = data.startswith(PREAMBLE)
            nothing = PREAMBLE.startswith(data) or not data.strip(b"\0")
            assert journal.intact == (begun or nothing), journal.problem
            if begun:
                assert (journal.note is None) == (
                    journal.truncated_bytes == 0 and journal.header is not None
                )
            assert journal.closed == verdict((journal,)).ok == (whole and moment.last)
    assert len(seen) >= 5_000

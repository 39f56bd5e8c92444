"""The bytes of a journal, version 1. Pure: no file, no clock.

A journal is a preamble, then groups; a group is what was synced to disk at once:

    preamble  10 bytes: 89 43 50 4A 0D 0A 1A 0A ("CPJ" between bytes that a text transfer would
              damage), then the version as two bytes, little-endian
    group     the length of its block, the block, its seal
    block     entries one after the other, compressed together (zlib); each entry is its length,
              then that many bytes of MessagePack (see entries.py)
    length    7-bit digits, lowest first, all but the last with the top bit set; at most 4
    seal      52 bytes: SEAL_MARK, the offset in the file at which this group starts (8 bytes), the
              number of its entries (4 bytes), both little-endian, and a SHA-256

The hash of a seal is SHA-256(the hash before, all bytes of the group from its first to the end of
the number of entries). The hash before the first group is SHA-256(preamble). So every byte of the
file is under the chain, at the price of one hash for each group.

What a reader does with bytes that it cannot follow: a writer syncs each group before it begins
the next, so a crash can spoil the last group alone. If no seal of a later group stands behind the
spoilt place, the rest is a torn tail, and is cut off; otherwise the chain was broken afterwards.
"""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from struct import Struct
from typing import Final

import msgspec

VERSION: Final = 1
MAGIC: Final = b"\x89CPJ\r\n\x1a\n"
PREAMBLE: Final = MAGIC + VERSION.to_bytes(2, "little")
SEAL_MARK: Final = b"\x00\xf5SEAL\xf5\n"
SEAL_SIZE: Final = 52
LONGEST_ENTRY: Final = 4_000_000
"""Bytes; far more than any entry needs."""
LONGEST_GROUP: Final = 64_000_000
"""Bytes of all entries of a group before they are compressed."""

_CLAIM = Struct("<QI")
_HASH_AT = len(SEAL_MARK) + _CLAIM.size


class Group(msgspec.Struct, frozen=True):
    """A whole group. `block` to `seal`: its compressed entries; `end`: behind its seal; `chain`:
    its hash."""

    start: int
    block: int
    seal: int
    end: int
    entries: int
    chain: bytes


class Broken(msgspec.Struct, frozen=True):
    """The group that begins at `start` cannot be followed; `why` in words."""

    start: int
    why: str


def first_chain() -> bytes:
    """The hash before the first group."""
    return hashlib.sha256(PREAMBLE).digest()


def framed(body: bytes) -> bytes:
    """`body` as one entry. ValueError when it is empty or longer than LONGEST_ENTRY."""
    if not 0 < len(body) <= LONGEST_ENTRY:
        raise ValueError(f"an entry of {len(body)} bytes, from 1 to {LONGEST_ENTRY}")
    return _digits(len(body)) + body


def grouped(before: bytes, start: int, entries: Sequence[bytes]) -> bytes:
    """The whole group of these framed `entries`, at least one, which will stand at offset `start`;
    `before` is the hash of the group before it. Its last 32 bytes are the new hash."""
    block = zlib.compress(b"".join(entries))
    claimed = _digits(len(block)) + block + SEAL_MARK + _CLAIM.pack(start, len(entries))
    return claimed + hashlib.sha256(before + claimed).digest()


def next_group(data: bytes, start: int, before: bytes) -> Group | Broken:
    """The group at `start`, checked against the hash `before` it. Never raises."""
    block, length = _length(data, start)
    if length == 0:
        return Broken(start, "no group begins there")
    seal = block + length
    end = seal + SEAL_SIZE
    if end > len(data):
        return Broken(start, "it is not whole")
    if data[seal : seal + len(SEAL_MARK)] != SEAL_MARK:
        return Broken(start, f"no seal stands at offset {seal}")
    chain = data[seal + _HASH_AT : end]
    if hashlib.sha256(before + data[start : seal + _HASH_AT]).digest() != chain:
        return Broken(start, "its hash does not fit its bytes")
    claimed_start, entries = _CLAIM.unpack_from(data, seal + len(SEAL_MARK))
    if claimed_start != start or not entries:
        return Broken(start, "its seal does not fit it")
    return Group(start, block, seal, end, entries, chain)


def bodies(data: bytes, group: Group) -> Iterator[bytes]:
    """The entries of a group that was found whole. ValueError when its bytes, though they fit their
    hash, hold other than as many entries as its seal says: no writer of this version made them."""
    inflater = zlib.decompressobj()
    try:
        entries = inflater.decompress(data[group.block : group.seal], LONGEST_GROUP)
    except zlib.error as error:
        raise ValueError("the group cannot be decompressed") from error
    at = count = 0
    while at < len(entries):
        body, length = _length(entries, at)
        at = body + length
        count += 1
        if length == 0 or at > len(entries):
            raise ValueError("an entry of the group has no length")
        yield entries[body:at]
    if count != group.entries or not inflater.eof or inflater.unused_data:
        raise ValueError("the group holds other than its seal says")


def written_on(data: bytes, start: int) -> bool:
    """Whether groups were sealed after the one that begins at `start`, which cannot be followed:
    then it had been synced, and was changed since."""
    at = data.find(SEAL_MARK, start)
    while at != -1:
        if at + SEAL_SIZE > len(data):
            return False
        group, _ = _CLAIM.unpack_from(data, at + len(SEAL_MARK))
        if start < group < at or at + SEAL_SIZE < len(data):
            return True
        at = data.find(SEAL_MARK, at + 1)
    return False


def _digits(length: int) -> bytes:
    digits = bytearray()
    while length > 0x7F:
        digits.append(length & 0x7F | 0x80)
        length >>= 7
    digits.append(length)
    return bytes(digits)


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Where what follows the length at `at` begins, and the length; 0 for what is none."""
    length = shift = 0
    for digit in data[at : at + 4]:
        at += 1
        length |= (digit & 0x7F) << shift
        if digit < 0x80:
            return at, length
        shift += 7
    return at, 0

"""Lines of JSON under a chain of hashes. Pure: no file, no clock.

    {"number":12,...,"words":"","chain":"5e0c..."}

The last field of a line is SHA-256(the chain before, the line without that field). The chain before
the first such line is SHA-256(all bytes before it): a file that an earlier version began, without
chains, goes on as it is, and what it holds is under the chain from then on. So a change to any line
shows, unless all that follows was rewritten too; a file that was cut off does not show it.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

import msgspec

_CHAIN: Final = re.compile(rb'(.*),"chain":"([0-9a-f]{64})"\}', re.DOTALL)


class Line(msgspec.Struct, frozen=True):
    """A line without its chain. `sound`: nothing shows that it was changed."""

    body: bytes
    sound: bool


class Lines(msgspec.Struct, frozen=True):
    """What a file holds, in its order. `chain`: what the next line goes on from."""

    found: tuple[Line, ...]
    chain: bytes


def read_lines(data: bytes) -> Lines:
    """The lines of a file; any bytes are answered."""
    found: list[Line] = []
    chain: bytes | None = None
    at = 0
    for raw in data.splitlines(keepends=True):
        line = raw.rstrip(b"\r\n")
        chained = _CHAIN.fullmatch(line)
        if chained is not None:
            before = hashlib.sha256(data[:at]).digest() if chain is None else chain
            body, said = chained[1] + b"}", bytes.fromhex(chained[2].decode())
            sound = hashlib.sha256(before + body).digest() == said
            if chain is None and not sound:
                found = [Line(each.body, sound=False) for each in found]
            found.append(Line(body, sound))
            chain = said
        elif line:
            found.append(Line(line, sound=chain is None))
        at += len(raw)
    return Lines(tuple(found), hashlib.sha256(data).digest() if chain is None else chain)


def chained_lines(chain: bytes, bodies: Iterable[bytes]) -> tuple[bytes, bytes]:
    """These JSON objects as lines that go on from `chain`, and the chain behind them."""
    data = b""
    for body in bodies:
        chain = hashlib.sha256(chain + body).digest()
        data += body[:-1] + b',"chain":"' + chain.hex().encode() + b'"}\n'
    return data, chain

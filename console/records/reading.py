"""Reading one journal, whatever has become of it."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import msgspec

from console.records.entries import (
    SCHEMA,
    AnyEntry,
    End,
    Entry,
    Header,
    Unread,
    decoded,
    tag_of,
    tags,
)
from console.records.format import (
    MAGIC,
    PREAMBLE,
    VERSION,
    Broken,
    Group,
    bodies,
    first_chain,
    next_group,
    written_on,
)
from console.records.loading import LONGEST_JOURNAL, load

Kind = TypeVar("Kind", bound=Entry)


class Journal(msgspec.Struct, frozen=True, dict=True):
    """What could be read: all groups up to the first that is not whole.

    `intact`: nothing was changed after it was synced, as far as the file itself can tell; then
    `problem` is None, otherwise it says in words what is wrong and at which offset. `note` tells
    of a torn tail, which is no breach: the writer was interrupted. `closed`: it ends with its End
    entry. `truncated_bytes` stand behind the last whole group and were left out; `head` is the
    hash of that group, hex, `count` the number of entries up to there.
    """

    path: Path
    header: Header | None
    closed: bool
    end: End | None
    count: int
    head: str
    truncated_bytes: int
    problem: str | None
    note: str | None
    groups: tuple[Group, ...]
    data: bytes

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong with what was synced."""
        return self.problem is None

    @property
    def torn(self) -> bool:
        """Whether its writer was interrupted before the header was whole: it holds nothing."""
        return not self.groups and self.problem is None

    @cached_property
    def entries(self) -> list[AnyEntry | Unread]:
        """All entries in their order, header and end included."""
        return [decoded(offset, body) for offset, body in raw_entries(self.data, self.groups)]

    def of(self, *kinds: type[Kind]) -> Iterator[Kind]:
        """The entries of these kinds in their order; others are not even decoded."""
        wanted = tags(kinds)
        for offset, body in raw_entries(self.data, self.groups):
            if tag_of(body) in wanted:
                entry = decoded(offset, body)
                if isinstance(entry, kinds):
                    yield entry

    def last(self, kind: type[Kind]) -> Kind | None:
        """The last entry of a kind."""
        wanted = tags((kind,))
        for group in reversed(self.groups):
            found = [body for _, body in raw_entries(self.data, (group,)) if tag_of(body) in wanted]
            for body in reversed(found):
                entry = decoded(group.start, body)
                if isinstance(entry, kind):
                    return entry
        return None

    def unread(self) -> Unread | None:
        """The first entry that this version does not understand."""
        for offset, body in raw_entries(self.data, self.groups):
            entry = decoded(offset, body)
            if isinstance(entry, Unread):
                return entry
        return None

    def __repr__(self) -> str:
        return f"Journal({str(self.path)!r}, {self.count} entries, head {self.head[:8]})"


def read_journal(path: Path) -> Journal:
    """The journal at `path`. OSError when there is no regular file of at most LONGEST_JOURNAL bytes
    to read; any content is answered."""
    return parse(load(path, LONGEST_JOURNAL), path)


def parse(data: bytes, path: Path) -> Journal:
    """The journal that `data` is; `path` is only carried along. Never raises."""
    if not data.startswith(PREAMBLE):
        begun = PREAMBLE.startswith(data) or not data.strip(b"\0")  # a power cut leaves zeros
        return _nothing(data, path, None if begun else _no_preamble(data))
    groups: list[Group] = []
    at, chain = len(PREAMBLE), first_chain()
    problem = note = None
    while at < len(data):
        found = next_group(data, at, chain)
        if isinstance(found, Broken):
            if written_on(data, at):
                problem = f"the chain is broken in the group at offset {at}: {found.why}"
            else:
                note = f"the last group, at offset {at}, was cut off: {found.why}"
            break
        groups.append(found)
        at, chain = found.end, found.chain
        if found.entries == 1 and tag_of(_first(data, found)) in _END:
            break
    if not groups:
        return _nothing(data, path, problem)
    header = decoded(groups[0].start, _first(data, groups[0]))
    end = decoded(groups[-1].start, _first(data, groups[-1]))
    closed = isinstance(end, End)
    rest = len(data) - at
    if not isinstance(header, Header):
        problem = "it does not begin with a header that this version can read"
    elif header.schema > SCHEMA:
        problem = f"it has schema {header.schema}, this program reads up to {SCHEMA}"
    elif isinstance(end, End) and problem is None:
        problem = _bad_end(end, groups, rest)
    return Journal(
        path=path,
        header=header if isinstance(header, Header) else None,
        closed=closed,
        end=end if isinstance(end, End) else None,
        count=sum(group.entries for group in groups),
        head=chain.hex(),
        truncated_bytes=rest,
        problem=problem,
        note=note,
        groups=tuple(groups),
        data=data,
    )


_END = tags((End,))


def raw_entries(data: bytes, groups: Iterable[Group]) -> Iterator[tuple[int, bytes]]:
    """The entries of `groups`, each with the offset of its group; an empty one for what a group
    holds that cannot be taken apart."""
    for group in groups:
        try:
            for body in bodies(data, group):
                yield group.start, body
        except ValueError:
            yield group.start, b""


def _first(data: bytes, group: Group) -> bytes:
    return next((body for _, body in raw_entries(data, (group,))), b"")


def _bad_end(end: End, groups: list[Group], rest: int) -> str | None:
    count = sum(group.entries for group in groups[:-1])
    head = groups[-2].chain.hex() if len(groups) > 1 else ""
    if groups[-1].entries != 1 or end.count != count or end.head != head:
        return "its end entry does not fit what is before it"
    if rest:
        return f"{rest} bytes stand behind its end, at offset {groups[-1].end}"
    return None


def _no_preamble(data: bytes) -> str:
    if data.startswith(MAGIC):
        version = int.from_bytes(data[len(MAGIC) : len(PREAMBLE)], "little")
        return f"it is of version {version}, this program reads {VERSION}"
    return "it is not a journal of Cryoprobe Console"


def _nothing(data: bytes, path: Path, problem: str | None) -> Journal:
    return Journal(
        path=path,
        header=None,
        closed=False,
        end=None,
        count=0,
        head=first_chain().hex(),
        truncated_bytes=len(data),
        problem=problem,
        note=None if problem else "it was cut off before its header was whole",
        groups=(),
        data=data,
    )

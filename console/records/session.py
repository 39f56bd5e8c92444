"""One session: the chain of journals in its folder, read as one."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import msgspec

from console.model.device import DeviceInfo
from console.model.event import EventKind
from console.model.request import ChoosePlan
from console.records.entries import (
    AMENDMENT,
    SCHEMA,
    Amended,
    Connected,
    Entry,
    Happened,
    Mapped,
    Progress,
    ReplyOut,
    RequestIn,
)
from console.records.lock import is_locked
from console.records.names import SESSION_ID, journal_paths
from console.records.reading import Journal, read_journal

Kind = TypeVar("Kind", bound=Entry)


class Session(msgspec.Struct, frozen=True, dict=True):
    """A session as its journals tell it; nothing here raises for what they hold. `leftovers`:
    journals that hold nothing, because their writer was interrupted; they count for nothing, unless
    there is no other."""

    id: str
    path: Path
    journals: tuple[Journal, ...]
    leftovers: tuple[Journal, ...] = ()

    def of(self, *kinds: type[Kind]) -> Iterator[Kind]:
        """The entries of these kinds through the whole chain, in their order."""
        for journal in self.journals:
            yield from journal.of(*kinds)

    def last(self, kind: type[Kind]) -> Kind | None:
        """The last entry of a kind in the whole chain."""
        for journal in reversed(self.journals):
            found = journal.last(kind)
            if found is not None:
                return found
        return None

    @property
    def started(self) -> str | None:
        """Wall clock at its beginning, ISO 8601; None when no header could be read."""
        return next((each.header.started for each in self.journals if each.header), None)

    @cached_property
    def device(self) -> DeviceInfo | None:
        """The gas console, as it last described itself."""
        found = self.last(Connected)
        return None if found is None else found.device

    @property
    def simulated(self) -> bool:
        """What the console said of itself; before it said anything, what the port says."""
        if self.device is not None:
            return self.device.simulated
        return any(each.header.port.startswith("sim:") for each in self.journals if each.header)

    @cached_property
    def chosen(self) -> ChoosePlan | None:
        """The plan with case and operator, as last accepted."""
        chosen = None
        for journal in self.journals:
            asked: dict[int, ChoosePlan] = {}
            for entry in journal.of(RequestIn, ReplyOut):
                if isinstance(entry, RequestIn):
                    if isinstance(entry.request, ChoosePlan):
                        asked[entry.id] = entry.request
                elif isinstance(entry, ReplyOut) and entry.id in asked and entry.refused is None:
                    chosen = asked.pop(entry.id)
        return chosen

    @property
    def progress(self) -> Progress | None:
        """The last checkpoint of the procedure."""
        return self.last(Progress)

    @cached_property
    def events(self) -> tuple[Happened, ...]:
        """What happened, from the first journal to the last."""
        return tuple(self.of(Happened))

    @cached_property
    def amendments(self) -> tuple[Amended, ...]:
        """What was added afterwards, in its order."""
        return tuple(self.of(Amended))

    @cached_property
    def mapped(self) -> Mapped | None:
        """The mapping visit that it keeps, None when it is another session."""
        return self.last(Mapped)

    @property
    def ran(self) -> tuple[Journal, ...]:
        """Its journals without those that hold amendments alone; at least one."""
        ran = tuple(
            each for each in self.journals if each.header is None or each.header.reason != AMENDMENT
        )
        return ran or self.journals

    @property
    def strangers(self) -> tuple[Journal, ...]:
        """Journals that say of themselves that they are of another session than this."""
        return tuple(
            each for each in self.journals if each.header and each.header.session != self.id
        )

    @property
    def ended(self) -> bool:
        """Whether the session came to its end, by the operator's word or the run's."""
        return any(each.event.kind is EventKind.SESSION_ENDED for each in self.events)

    @property
    def outcome(self) -> str:
        """The reason in words with which its last journal was closed, amendments apart; "running"
        while a process writes it, "unfinished" when none does and it was not closed; "damaged" when
        what was synced has been changed, "not readable" when it is of a later version or no journal
        at all."""
        if self.strangers:
            return "damaged"
        bad = [each for each in self.journals if not each.intact]
        if bad:
            readable = all(each.header and each.header.schema <= SCHEMA for each in bad)
            return "damaged" if readable else "not readable"
        end = self.ran[-1].end
        if end is not None:
            return end.reason
        return "running" if self.being_written else "unfinished"

    @property
    def last_wall(self) -> str | None:
        """The last wall time of what ran in it; None when none can be read."""
        for journal in reversed(self.ran):
            last = journal.last(Happened)
            if last is not None:
                return last.wall
            if journal.header is not None:
                return journal.header.started
        return None

    @property
    def being_written(self) -> bool:
        """Whether a living process writes its last journal now."""
        paths = [each.path for each in (*self.journals, *self.leftovers)]
        return is_locked(max(paths, key=lambda each: (len(each.name), each.name)))


def read_session(path: Path) -> Session:
    """The session in the folder `path`, or the one journal at `path` as if it were all. OSError
    when no journal is there to be read."""
    paths = journal_paths(path) if path.is_dir() else [path]
    if not paths:
        raise FileNotFoundError(f"{path} holds no journal")
    found = [read_journal(each) for each in paths]
    journals = tuple(each for each in found if not each.torn) or tuple(found)
    leftovers = tuple(each for each in found if each.torn) if not journals[0].torn else ()
    return Session(_id(path, journals), path, journals, leftovers)


def _id(path: Path, journals: tuple[Journal, ...]) -> str:
    """The name of its folder, if that is one of a session; otherwise what its journals say."""
    name = path.absolute().name
    if path.is_dir() and SESSION_ID.fullmatch(name):
        return name
    names = [each.header.session for each in journals if each.header]
    return names[0] if names else path.stem

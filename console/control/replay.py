"""A journal through the core again: the recorded inputs give the same decisions, or there is a
first one that differs. Pure; nothing is sent and nothing written."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Final, get_args

import msgspec

from console.control import core
from console.control.clearing import Clearing
from console.control.outputs import Output
from console.control.procedure_door import loaded
from console.control.recorded import Decision, failure, recorded
from console.control.state import Config, SavedCase, State
from console.records.entries import (
    MAPPING,
    AnyEntry,
    Connected,
    End,
    FailedIn,
    FrameIn,
    FrameOut,
    Happened,
    Header,
    Lost,
    Over,
    Progress,
    Raised,
    ReplyOut,
    RequestIn,
)
from console.records.reading import Journal
from console.safety.limits import Limits
from console.safety.limits import recorded as limits_recorded
from console.safety.registry import LIMITS
from drivers.link.frame import Flaw, decode
from drivers.link.messages import read

RAISED_SINCE: Final = 3
"""The schema from which on a journal holds what only an engineer releases."""
_INPUTS: Final = get_args(core.Input)
Made = Decision | FailedIn


class ReplayError(Exception):
    """A journal that cannot be replayed; one line that says which and why."""


class Step(msgspec.Struct, frozen=True):
    """An input, entry `number` of its journal (the header is 0), and what was recorded to follow
    from it. Not `whole`: the record broke off there, and holds the first of them alone."""

    number: int
    given: core.Input
    recorded: tuple[Made, ...]
    whole: bool = True


class Taken(msgspec.Struct, frozen=True):
    """A step taken anew: the core behind it, what it asks for now, and what a record would keep of
    that."""

    step: Step
    state: State
    out: tuple[Output, ...]
    made: tuple[Made, ...]


class Difference(msgspec.Struct, frozen=True):
    """The first decision that differs: it follows from `given`, entry `number` of `journal`, at
    `wall`. `recorded` and `now` in words; None where nothing was recorded, or follows now."""

    journal: str
    number: int
    wall: str
    given: str
    recorded: str | None
    now: str | None


class Check(msgspec.Struct, frozen=True):
    """`decisions`: how many follow now as they were recorded, up to the first that differs.
    `notes`: where the record breaks off, in words."""

    decisions: int
    same: bool
    first_difference: Difference | None
    notes: tuple[str, ...] = ()


def check(journals: Iterable[Journal], limits: Limits, *, as_recorded: bool = False) -> Check:
    """Compares every decision in `journals`, made under `limits`, or `as_recorded` under those in
    each, where `limits` stand for what its version did not have yet. Raises ReplayError."""
    agreed = 0
    notes: list[str] = []
    for journal in journals:
        if as_recorded:
            notes += _not_recorded(journal, limits)  # first: it may be why a decision differs
        clearing = Clearing()
        for taken in replayed(journal, limits, as_recorded=as_recorded):
            step, state = taken.step, taken.state
            then, now = clearing.apart(step.recorded, taken.made, state.alarms)
            step = msgspec.structs.replace(step, recorded=then)
            for old, new in _pairs(step, now):
                if old is None or new is None or not (_same(old, new) or clearing.same(old, new)):
                    found = Difference(
                        journal.path.name,
                        step.number,
                        state.wall(step.given.now_ms),
                        _words(step.given),
                        *_told_apart(old, new),
                    )
                    notes += clearing.note(journal.path.name)
                    return Check(agreed, False, found, tuple(notes))
                agreed += 1
        notes += clearing.note(journal.path.name) + breaks(journal)
    return Check(agreed, True, None, tuple(notes))


def history(
    journals: Iterable[Journal], limits: Limits, *, as_recorded: bool = False
) -> Iterator[Happened]:
    """What happens when the inputs of `journals` are decided anew, as `check` decides them. Raises
    ReplayError."""
    for journal in journals:
        for taken in replayed(journal, limits, as_recorded=as_recorded):
            yield from (each for each in taken.made if isinstance(each, Happened))


def replayed(journal: Journal, limits: Limits, *, as_recorded: bool = False) -> Iterator[Taken]:
    """The steps of a journal, taken anew; as many as it holds up to its end, or to where entries
    were lost. Raises ReplayError."""
    state = begun(journal, limits, as_recorded=as_recorded)
    unknown = () if _header(journal).schema >= RAISED_SINCE else (Raised,)
    for step in _steps(journal):
        now_ms = step.given.now_ms
        out: tuple[Output, ...] = ()
        try:
            out = tuple(core.step(state, step.given))
            entries = [recorded(state, now_ms, output) for output in out]
            made: tuple[Made, ...] = tuple(
                each for each in entries if each is not None and not isinstance(each, unknown)
            )
        except Exception as error:  # noqa: BLE001 - the loop goes on from any of them, too
            made = (failure(now_ms, error),)
        yield Taken(step, state, out, made)


def begun(journal: Journal, limits: Limits, *, as_recorded: bool = False) -> State:
    """The core before the first input of a journal. Raises ReplayError."""
    header = _header(journal)
    return core.begin(_config(journal, header, limits, as_recorded), _resumed(journal, header))


def _header(journal: Journal) -> Header:
    name = journal.path.name
    if journal.problem is not None or journal.header is None:
        raise ReplayError(f"{name} cannot be replayed: {journal.problem or journal.note}")
    unread = journal.unread()
    if unread is not None:
        raise ReplayError(
            f"{name} cannot be replayed: this version does not understand the entry at offset "
            f"{unread.offset}"
        )
    return journal.header


def _config(journal: Journal, header: Header, limits: Limits, as_recorded: bool) -> Config:
    if header.reason == MAPPING:
        raise ReplayError(f"{journal.path.name} cannot be replayed: nothing ran in a mapping visit")
    if header.seed is None or header.screen is None:
        raise ReplayError(
            f"{journal.path.name} cannot be replayed: in schema {header.schema} not every input "
            "was recorded"
        )
    try:
        chosen = limits
        if as_recorded:
            chosen = limits_recorded(LIMITS, {**limits.by_key, **header.thresholds})
    except ValueError as error:
        raise ReplayError(
            f"{journal.path.name} was recorded with other thresholds than this version has: {error}"
        ) from error
    return Config(header.port, chosen, header.seed, header.started, header.now_ms, header.screen)


def _not_recorded(journal: Journal, limits: Limits) -> Iterator[str]:
    missing = sorted(limits.by_key.keys() - _header(journal).thresholds.keys())
    if missing:
        yield f"{journal.path.name} was recorded without {', '.join(missing)}: today's were used"


def _resumed(journal: Journal, header: Header) -> SavedCase | None:
    try:
        return None if header.resumed is None else loaded(header.resumed)
    except ValueError as error:
        raise ReplayError(
            f"{journal.path.name} goes on from a case that this version cannot read: {error}"
        ) from error


def _steps(journal: Journal) -> Iterator[Step]:
    given: core.Input | None = None
    at, follows, broken = 0, list[Made](), not journal.closed
    for number, entry in enumerate(journal.of(*get_args(AnyEntry))):
        if isinstance(entry, Lost):
            broken = True
            break
        if isinstance(entry, _INPUTS):
            if given is not None:
                failed = (entry,) if isinstance(entry, FailedIn) else ()
                yield Step(at, given, (*follows, *failed))
            at, given, follows = number, entry, []
        elif isinstance(entry, End):
            broken = broken or entry.reason == "failed"
        elif isinstance(entry, Made) and given is not None:
            follows.append(entry)
        elif number > 0:
            raise ReplayError(
                f"{journal.path.name} cannot be replayed: entry {number} follows from no input"
            )
    if given is not None:
        yield Step(at, given, tuple(follows), whole=not broken)


def breaks(journal: Journal) -> list[str]:
    """Where a journal breaks off, in words; empty where it does not."""
    lost = next(journal.of(Lost), None)
    if lost is not None:
        return [f"{journal.path.name} was replayed up to the first of {lost.count} lost entries"]
    if not journal.closed:
        return [f"{journal.path.name} was not closed, and was replayed as far as it goes"]
    return []


def _pairs(step: Step, made: tuple[Made, ...]) -> Iterator[tuple[Made | None, Made | None]]:
    old = step.recorded
    failed = isinstance(old[-1], FailedIn) if old else False
    if failed and not (made and isinstance(made[-1], FailedIn)):
        # The core did its part, and an edge of the loop failed at what came of it: the failure
        # stands for all that was left to do.
        old = old[:-1]
        made = made[: len(old)]
    elif not step.whole:
        made = made[: len(old)]
    return zip_longest(old, made)


def _same(old: Made, new: Made) -> bool:
    if isinstance(old, Progress) and isinstance(new, Progress):
        # By what they hold: a later version writes more fields, with their defaults.
        try:
            return loaded(old.state) == loaded(new.state)
        except ValueError:
            return False
    return old == new


def _told_apart(old: Made | None, new: Made | None) -> tuple[str | None, str | None]:
    words = [None if each is None else _words(each) for each in (old, new)]
    if words[0] == words[1] and old is not None and new is not None:
        return _whole(old), _whole(new)
    return words[0], words[1]


def _words(entry: core.Input | Made) -> str:
    match entry:
        case FrameIn():
            return f"heard {_frame(entry.raw)}"
        case FrameOut():
            return f"sent {_frame(entry.raw)}"
        case RequestIn():
            return f"request {entry.id}: {type(entry.request).__name__}"
        case Happened():
            return f"{entry.event.kind.value}: {entry.event.text}"
        case ReplyOut(refused=None):
            return f"request {entry.id} accepted"
        case ReplyOut():
            return f"request {entry.id} refused: {entry.refused}"
        case Progress():
            return f"checkpoint in {_phase(entry)}"
        case Connected():
            return f"console {entry.device.serial}"
        case Over():
            return f"over: {entry.outcome}"
        case FailedIn():
            return f"failed: {entry.words}"
        case _:
            return type(entry).__name__.removesuffix("In").lower()


def _phase(entry: Progress) -> str:
    try:
        return loaded(entry.state).procedure.phase.value
    except ValueError:
        return "a form that this version cannot read"


def _frame(raw: bytes) -> str:
    found = decode(raw)
    message = None if isinstance(found, Flaw) else read(found)
    return "what is no message" if message is None else type(message).__name__


def _whole(entry: Made) -> str:
    match entry:
        case FrameOut():
            return f"sent {decode(entry.raw)}"
        case Progress():
            try:
                return f"checkpoint {loaded(entry.state)}"
            except ValueError:
                return f"checkpoint {entry.state!r}"
        case _:
            return f"{entry}"


def as_text(found: Check) -> str:
    """The outcome of a check for reading on a terminal."""
    lines = [*found.notes]
    first = found.first_difference
    if first is None:
        return "\n".join([f"same: all {found.decisions} decisions agree", *lines])
    return "\n".join(
        [
            f"NOT the same: {found.decisions} decisions agree, the next one differs",
            f"  in {first.journal}, after entry {first.number} at {first.wall} ({first.given})",
            f"  recorded: {first.recorded or 'nothing'}",
            f"  now:      {first.now or 'nothing'}",
            *lines,
        ]
    )

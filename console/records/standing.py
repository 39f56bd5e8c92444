"""What stays with each console until an engineer releases it. The alarm book says it, and the
journals are its witness: an alarm that any of them saw raised, and that no release in the book
answers, still stands, whatever became of the book.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from console.model.alarm import Alarm, AlarmEntry, AlarmTurn, Kept, Priority
from console.model.event import EventKind
from console.records.alarm_book import BookRead, add_whole, read_book
from console.records.entries import Connected, Happened, Raised
from console.records.kept import kept
from console.records.reading import Journal
from console.records.session import Session
from console.records.store import Store
from console.records.walls import moment

RAISED_SINCE: Final = 3
"""The schema from which on journals hold Raised; before, they hold an alarm's words alone."""
OLD_WORDS: Final = {
    "unexpected_freeze": "The gas valve is open, and nobody here asked for gas",
    "flow_when_shut": "Gas still flows with the valve shut",
    "thermocouple_drift": "Tip sensor does not agree with the room",
    "supply_extreme": "Supply pressure above 76 bar",
    "leak": "Gas leaks from the supply",
    "siphon": "Liquid from the cylinder (siphon, or lying): change it",
    "both_on": "Gas and stimulation were on together",
    "stimulator_over_current": "Stimulator delivered another current than it was set to",
}
"""How the texts of those alarms begin in journals before that."""


class Witness(msgspec.Struct, frozen=True):
    """The alarm was raised at `console` at `wall`, as `journal` (session/file) holds."""

    journal: str
    wall: str
    console: str
    alarm: Alarm


class NothingStandsError(Exception):
    """No alarm of that console waits for a release."""


def witnesses(store: Store) -> tuple[Witness, ...]:
    """All that the journals hold; each is read once and then known from beside the index. OSError
    when the folder cannot be read."""
    found = kept(store, "raised 1", _of_session, tuple[Witness, ...])
    return tuple(each for session in sorted(found) for each in found[session])


def standing(book: BookRead, seen: Sequence[Witness]) -> tuple[Kept, ...]:
    """What stays with each console, by the book and its witnesses."""
    stands = {(each.console, each.alarm.id): each for each in book.kept}
    for each in seen:
        if not _answered(book, each):
            stands.setdefault((each.console, each.alarm.id), Kept(each.console, each.alarm))
    return tuple(stands.values())


def release(store: Store, console: str, words: str, wall: str) -> tuple[Kept, ...]:
    """Releases `console` from all that stands with it: which. `words` say who and why. All of it is
    on disk when this returns, or nothing. NothingStandsError; StoreError, as while something is
    recorded; OSError."""
    with store.lock():
        book, seen = read_book(store.root), witnesses(store)
        found = tuple(each for each in standing(book, seen) if each.console == console)
        if not found:
            raise NothingStandsError(f"nothing waits for a release of console {console!r}")
        add_whole(
            store.root,
            [
                AlarmEntry(
                    0, wall, console, AlarmTurn.RELEASED, each.alarm, words, _open(book, seen, each)
                )
                for each in found
            ],
        )
    return found


def unanswered(book: BookRead, seen: Sequence[Witness], session: str) -> bool:
    """Whether this session's journals are the witness of what still stands."""
    return any(
        each.journal.startswith(f"{session}/") and not _answered(book, each) for each in seen
    )


def _open(book: BookRead, seen: Sequence[Witness], one: Kept) -> tuple[str, ...]:
    """The journals whose alarm of this kind at this console is not answered yet."""
    return tuple(
        dict.fromkeys(
            each.journal
            for each in seen
            if (each.console, each.alarm.id) == (one.console, one.alarm.id)
            and not _answered(book, each)
        )
    )


def _answered(book: BookRead, seen: Witness) -> bool:
    """Whether a release names the journal, or, written by a version that named none, came later."""
    return any(
        seen.journal in each.answers if each.answers else moment(each.wall) >= moment(seen.wall)
        for each in book.entries
        if each.turn is AlarmTurn.RELEASED
        and (each.console, each.alarm.id) == (seen.console, seen.alarm.id)
    )


def _of_session(session: Session) -> tuple[Witness, ...]:
    return tuple(each for journal in session.journals for each in _of_journal(session.id, journal))


def _of_journal(session: str, journal: Journal) -> Iterator[Witness]:
    header, name = journal.header, f"{session}/{journal.path.name}"
    if header is None or header.port.startswith("sim:"):
        return  # that simulator lived and ended with its run
    if header.schema >= RAISED_SINCE:
        for entry in journal.of(Raised):
            yield Witness(name, entry.wall, entry.console, entry.alarm)
        return
    console = ""
    for told in journal.of(Connected, Happened):
        if isinstance(told, Connected):
            console = told.device.serial
        elif isinstance(told, Happened) and told.event.kind is EventKind.ALARM and console:
            yield from _old(name, console, told)


def _old(journal: str, console: str, told: Happened) -> Iterator[Witness]:
    priority, _, text = told.event.text.partition(": ")
    for row, words in OLD_WORDS.items():
        if text.startswith(words) and priority in ("high", "medium"):
            alarm = Alarm(
                row, Priority(priority), text, "An engineer must release the console.",
                told.wall[11:19], told.event.at_ms,
                present=False, latched=True, blocks_start=True, engineer=True,
            )  # fmt: skip
            yield Witness(journal, told.wall, console, alarm)

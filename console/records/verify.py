"""Whether a record is whole and unchanged.

The chain proves that nothing inside was changed unless all that follows was rewritten too; it
cannot stop someone who rewrites everything. For that the head must be kept elsewhere: it is printed
on the report.
"""

from pathlib import Path
from typing import Final

import msgspec

from console.records.format import first_chain
from console.records.names import journal_name
from console.records.reading import Journal
from console.records.session import Session, read_session


class Verdict(msgspec.Struct, frozen=True):
    """`ok` only when every journal is closed, whole and understood, is of this session by its own
    header, and goes on from the one before. `entries`, `truncated_bytes`: over all journals;
    `head`: of the last one, hex; `problem`: all that is wrong, in words, with the offset in the
    file; None when `ok`; `notes`: what is no breach, in words."""

    ok: bool
    entries: int
    head: str
    truncated_bytes: int
    problem: str | None
    notes: tuple[str, ...] = ()


def verify(path: Path) -> Verdict:
    """The verdict on the session in the folder `path`, or on the one journal at `path` (then
    nothing is asked about the journals before and after it). OSError when there is none."""
    return verdict_of(read_session(path))


def verified(folder: Path) -> Verdict:
    """The verdict on the session in `folder`, whatever stands there: what cannot be read is not
    ok."""
    try:
        return verify(folder)
    except Exception as error:  # noqa: BLE001 - one bad session never hides the others
        told = error.strerror if isinstance(error, OSError) else None
        why = f"it cannot be read: {told or error}"
        return Verdict(ok=False, entries=0, head="", truncated_bytes=0, problem=why)


def verdict_of(session: Session) -> Verdict:
    """The verdict on a session that was read."""
    if not session.path.is_dir():
        return verdict(session.journals, alone=True)
    found = verdict(session.journals)
    wrong = strange(session)
    notes = [f"{each.path.name} holds nothing: {each.note}" for each in session.leftovers]
    return msgspec.structs.replace(
        found,
        ok=found.ok and not wrong,
        problem="; ".join([*wrong, *([found.problem] if found.problem else [])]) or None,
        notes=tuple(notes),
    )


def strange(session: Session) -> list[str]:
    """Which of its journals say that they are of another session, in words."""
    return [
        f"{each.path.name}: it is of session {each.header.session}, and stands in the folder of "
        f"{session.id}"
        for each in session.strangers
        if each.header is not None
    ]


def verdict(journals: tuple[Journal, ...], *, alone: bool = False) -> Verdict:
    """The verdict on journals that were read, at least one, wherever they stand. `alone`: they need
    not begin with the first of their session."""
    wrong = []
    before: Journal | None = None
    for journal in journals:
        own = _own_problems(journal)
        if not alone:
            own += _link_problems(before, journal)
        wrong += [f"{journal.path.name}: {each}" for each in own]
        before = journal
    return Verdict(
        ok=not wrong,
        entries=sum(each.count for each in journals),
        head=journals[-1].head,
        truncated_bytes=sum(each.truncated_bytes for each in journals),
        problem="; ".join(wrong) or None,
    )


def _own_problems(journal: Journal) -> list[str]:
    if journal.problem is not None:
        return [journal.problem]
    if not journal.closed:
        said = "not closed: it is being recorded, or recording was interrupted"
        if journal.truncated_bytes:
            said += f"; {journal.note}, {journal.truncated_bytes} bytes"
        return [said]
    unread = journal.unread()
    if unread is not None:
        return [f"this version does not understand the entry at offset {unread.offset}"]
    return []


_OF_NOTHING: Final = first_chain().hex()


def _link_problems(before: Journal | None, journal: Journal) -> list[str]:
    header = journal.header
    if header is None:
        return []
    wrong = []
    if journal.path.name != journal_name(header.number):
        wrong.append(f"its header says number {header.number}")
    if header.previous_head == _OF_NOTHING:
        pass  # an earlier version went on from a journal that was cut off before its header
    elif before is None:
        if header.previous is not None:
            wrong.append(f"{header.previous}, from which it goes on, is missing")
    elif before.header is not None and header.session != before.header.session:
        wrong.append(f"it is of session {header.session}, not of {before.header.session}")
    elif header.previous != before.path.name:
        wrong.append(f"it goes on from {header.previous or 'nothing'}, not from {before.path.name}")
    elif header.previous_head != before.head:
        wrong.append(
            f"it goes on from the head {header.previous_head} of {before.path.name}, "
            f"which now has {before.head}"
        )
    return wrong

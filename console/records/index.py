"""The list of all sessions, quick to ask: a table in SQLite beside the journals.

It holds nothing that the journals do not: a file that is missing, of another version or spoilt is
made anew from them, and where it cannot be written the list is made without it. A row is good as
long as the names, sizes and times of its session's journals are those that it was made from; only
`verify` tells whether their bytes are.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import EIO, ENOENT, ENOTDIR
from pathlib import Path
from typing import Final, TypedDict, TypeVar

import apsw
import msgspec

from console.model.request import ChoosePlan
from console.records.durable import FILE_MODE, beside, place
from console.records.entries import Happened, Mapped
from console.records.lock import is_locked
from console.records.names import JOURNAL, SESSION_ID, journal_paths
from console.records.session import Session, read_session
from console.records.store import Store
from console.records.verify import verdict_of
from drivers.inputs.text import folded

NAME: Final = "index.sqlite"
VERSION: Final = 3
BUSY_MS: Final = 5_000
"""How long to wait for another process that writes the index."""
AT_ONCE: Final = 50
"""Sessions that go into the index together; nobody waits for more than these."""
T = TypeVar("T")
Telling = Callable[[float], None]
"""Told of the share done, 0 to 1."""


class SessionRow(TypedDict):
    """One line of the list. `started`: ISO 8601 in the zone where it was; `sites`: side and nerve
    of each; `path`: the session's folder; `amendments`: how many; `problem`: why it is damaged or
    not readable, in words."""

    id: str
    started: str | None
    simulated: bool
    outcome: str
    nerves: list[str]
    sites: list[tuple[str, str]]
    path: str
    case: str
    operator: str
    amendments: int
    problem: str | None


class _Row(msgspec.Struct, frozen=True):
    """What is kept of a session. `closed`: its outcome is in its journals, and no process can be
    writing it; `words`: all that can be searched, in small letters; `lasts`: good until a journal
    changes."""

    row: SessionRow
    closed: bool
    words: str
    lasts: bool = True


def listed(store: Store, search: str = "", told: Telling | None = None) -> list[SessionRow]:
    """The sessions in which every word of `search` occurs, newest first: in id, date, case,
    operator, nerves, sides, console, probe, gas, outcome, alarms or amendments. Journals that the
    index does not know are read first. OSError when the folder cannot be read."""

    def work(table: apsw.Connection) -> list[SessionRow]:
        refresh(table, store, told)
        return list(_found(table, store, search))

    return with_index(store, work)


def with_index(store: Store, work: Callable[[apsw.Connection], T]) -> T:
    """What `work` makes of the index, or of an empty one in memory where there can be none. OSError
    when the folder cannot be read."""
    if store.root.exists() and not store.root.is_dir():
        raise NotADirectoryError(ENOTDIR, "is not a folder", str(store.root))
    store.settle()
    spoilt = False
    with _opened(store.root) as table:
        try:
            return work(table)
        except (apsw.CorruptError, apsw.NotADBError, msgspec.MsgspecError):
            spoilt = True
        except apsw.Error:
            pass  # full, or held by another for long
    if spoilt:
        with suppress(OSError):
            _drop(store.root / NAME)  # the next one makes it anew
    with contextlib.closing(_memory()) as table:
        return work(table)


def reindex(store: Store, told: Telling | None = None) -> int:
    """Makes the index again from the journals; how many sessions it holds. OSError when it cannot
    be written: then the old one is as it was."""
    if not store.root.is_dir():
        raise FileNotFoundError(ENOENT, "there are no records here", str(store.root))
    store.settle()
    path = store.root / NAME
    try:
        with beside(path) as out:
            with contextlib.closing(_connected(out.part)) as table:
                refresh(table, store, told)
                count = int(table.execute("select count(*) from sessions").get)
            _journal_of(path).unlink(missing_ok=True)  # of the old index: it would spoil this one
            place([out])
    except apsw.Error as error:
        raise OSError(EIO, f"the index cannot be written: {error}", str(path)) from error
    return count


def refresh(table: apsw.Connection, store: Store, told: Telling | None) -> None:
    """Takes in what has changed in the store since the index was last looked at."""
    there = dict(stamps(store.root))
    known: dict[str, str] = dict(table.execute("select id, stamp from sessions"))
    changed = [name for name, stamp in there.items() if known.get(name) != stamp]
    gone = known.keys() - there.keys()
    if gone:
        table.executemany("delete from sessions where id = ?", [(name,) for name in gone])
    for start in range(0, len(changed), AT_ONCE):
        rows = []
        for number, name in enumerate(changed[start : start + AT_ONCE], start + 1):
            made = _made(store.root / name)
            stamp = there[name] if made.lasts else ""
            rows.append((name, stamp, made.words, msgspec.json.encode(made)))
            if told is not None:
                told(number / len(changed))
        with table:
            table.executemany("insert or replace into sessions values (?, ?, ?, ?)", rows)


def _found(table: apsw.Connection, store: Store, search: str) -> Iterator[SessionRow]:
    terms = [f"%{_escaped(each)}%" for each in folded(search).split()]
    where = " and ".join(["words like ? escape '\\'"] * len(terms)) or "true"
    asked = f"select kept from sessions where {where} order by id desc"
    for (kept,) in table.execute(asked, terms):
        found = _decoder.decode(kept)
        row = found.row
        path = store.root / row["id"]
        row["path"] = str(path)  # the store may have been moved as a whole
        if not found.closed:
            row["outcome"] = _unclosed(path, row["outcome"])
        yield row


def _unclosed(folder: Path, before: str) -> str:
    with suppress(OSError):
        for last in journal_paths(folder)[-1:]:
            return "running" if is_locked(last) else "unfinished"
    return before


def _made(folder: Path) -> _Row:
    try:
        session = read_session(folder)
        row = row_of(session)
        words = folded(" ".join(_words(session, row)))
    except Exception as error:  # noqa: BLE001 - one bad session never hides the others
        told_why = error.strerror if isinstance(error, OSError) else None
        why = told_why or f"{type(error).__name__}: {error}"
        row = {
            "id": folder.name, "started": None, "simulated": False, "outcome": "not readable",
            "nerves": [], "sites": [], "path": str(folder), "case": "", "operator": "",
            "amendments": 0, "problem": why,
        }  # fmt: skip
        return _Row(row, True, folded(f"{folder.name} not readable {why}"), lasts=False)
    closed = row["outcome"] not in ("running", "unfinished")
    return _Row(row, closed, words)


def row_of(session: Session) -> SessionRow:
    """The line of the list for one session."""
    told: ChoosePlan | Mapped | None = session.mapped or session.chosen
    sites: list[tuple[str, str]] = []
    if session.mapped is not None:
        sites = [(session.mapped.visit.side.value, session.mapped.visit.nerve)]
    elif session.chosen is not None:
        sites = [(site.side.value, site.nerve) for site in session.chosen.plan.sites]
    outcome = session.outcome
    bad = outcome in ("damaged", "not readable")
    return {
        "id": session.id,
        "started": session.started,
        "simulated": session.simulated,
        "outcome": outcome,
        "nerves": list(dict.fromkeys(nerve for _, nerve in sites)),
        "sites": sites,
        "path": str(session.path),
        "case": "" if told is None else told.case,
        "operator": "" if told is None else told.operator,
        "amendments": len(session.amendments),
        "problem": verdict_of(session).problem if bad else None,
    }


def _words(session: Session, row: SessionRow) -> Iterator[str]:
    yield from (row["id"], row["started"] or "", row["outcome"], row["case"], row["operator"])
    yield "simulated" if row["simulated"] else ""
    if session.chosen is not None:
        yield from (session.chosen.how, session.chosen.plan.name)
        for site in session.chosen.plan.sites:
            yield from (site.nerve, site.side.value)
    if session.mapped is not None:
        visit = session.mapped.visit
        yield from (visit.nerve, visit.side.value, visit.drug, visit.landmark)
    if session.device is not None:
        yield from (session.device.serial, session.device.gas.value)
        if session.device.probe is not None:
            yield from (session.device.probe.serial, session.device.probe.model)
    for each in session.of(Happened):
        if each.event.kind.value.startswith("alarm"):
            yield each.event.text
    for amended in session.amendments:
        yield from (amended.who, amended.why, amended.text)


def stamps(root: Path) -> Iterator[tuple[str, str]]:
    """Each session that has a journal, and what its journals look like from outside."""
    if not root.is_dir():
        return
    for folder in os.scandir(root):
        if SESSION_ID.fullmatch(folder.name) and folder.is_dir():
            try:
                stats = sorted(
                    (each.name, each.stat(follow_symlinks=False))
                    for each in os.scandir(folder.path)
                    if JOURNAL.fullmatch(each.name)
                )
            except OSError:
                yield folder.name, _UNREADABLE
                continue
            if stats:
                yield (
                    folder.name,
                    " ".join(f"{name}:{stat.st_size}:{stat.st_mtime_ns}" for name, stat in stats),
                )


_UNREADABLE: Final = "cannot be looked into"


@contextmanager
def _opened(root: Path) -> Iterator[apsw.Connection]:
    """The index of `root`, or one in memory where there can be none."""
    table = _memory()
    if root.is_dir():
        try:
            table = _connected(root / NAME)
        except (apsw.CorruptError, apsw.NotADBError):
            _drop(root / NAME)
            with suppress(apsw.Error, OSError):
                table = _connected(root / NAME)
        except (apsw.Error, OSError):
            pass  # it cannot be written here, and the list is made without it
    try:
        yield table
    finally:
        table.close()


def _connected(path: Path) -> apsw.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE))
    table = apsw.Connection(str(path))
    try:
        table.set_busy_timeout(BUSY_MS)
        if table.pragma("user_version") != VERSION:
            with table:
                table.execute("drop table if exists sessions")
                table.execute(_TABLE)
                table.pragma("user_version", VERSION)
        table.execute("select count(*), max(length(kept)) from sessions").fetchall()
    except apsw.Error:
        table.close()
        raise
    return table


def _memory() -> apsw.Connection:
    table = apsw.Connection(":memory:")
    table.execute(_TABLE)
    return table


_TABLE: Final = "create table sessions (id text primary key, stamp text, words text, kept blob)"
_decoder: msgspec.json.Decoder[_Row] = msgspec.json.Decoder(_Row)


def _drop(path: Path) -> None:
    for each in (path, _journal_of(path)):
        each.unlink(missing_ok=True)


def _journal_of(path: Path) -> Path:
    """What SQLite needs to undo a change that was interrupted."""
    return path.with_name(f"{path.name}-journal")


def _escaped(term: str) -> str:
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

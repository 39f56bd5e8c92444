"""What is reckoned from each session once and kept beside the index, as long as its journals are
those that it was reckoned from. Like the index it can be thrown away."""

from collections.abc import Callable
from typing import Final, TypeVar

import apsw
import msgspec

from console.records.index import Telling, stamps, with_index
from console.records.session import Session, read_session
from console.records.store import Store

T = TypeVar("T")
AT_ONCE: Final = 10
"""Sessions whose work is lost at most when it is broken off."""
_TABLE: Final = (
    "create table if not exists kept (name text, id text, stamp text, data blob, "
    "primary key (name, id))"
)


def kept(
    store: Store,
    name: str,
    make: Callable[[Session], T],
    kind: type[T],
    told: Telling | None = None,
) -> dict[str, T]:
    """What `make` gives for each session that can be read, by its id: values of `kind`, which
    msgspec can write; `name` says what it is, and in which version. `told` may raise to break the
    work off; what is done is kept. OSError when the folder cannot be read."""
    decoder = msgspec.json.Decoder(kind)

    def work(table: apsw.Connection) -> dict[str, T]:
        table.execute(_TABLE)
        _refresh(table, store, name, make, told)
        rows = table.execute("select id, data from kept where name = ?", (name,))
        return {session: decoder.decode(data) for session, data in rows}

    return with_index(store, work)


def _refresh(
    table: apsw.Connection,
    store: Store,
    name: str,
    make: Callable[[Session], T],
    told: Telling | None,
) -> None:
    there = dict(stamps(store.root))
    known = dict(table.execute("select id, stamp from kept where name = ?", (name,)))
    changed = [session for session, stamp in there.items() if known.get(session) != stamp]
    gone = [(name, session) for session in known if known[session] != there.get(session)]
    with table:
        table.executemany("delete from kept where name = ? and id = ?", gone)
    for start in range(0, len(changed), AT_ONCE):
        rows = []
        for number, session in enumerate(changed[start : start + AT_ONCE], start + 1):
            try:
                made = make(read_session(store.root / session))
            except Exception:  # noqa: BLE001 - the list says why; it is tried again
                continue
            rows.append((name, session, there[session], msgspec.json.encode(made)))
            if told is not None:
                told(number / len(changed))
        with table:
            table.executemany("insert or replace into kept values (?, ?, ?, ?)", rows)

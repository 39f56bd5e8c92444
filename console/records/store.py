"""The folder of all sessions.

    <root>/20261121-094210-7f3a/001.journal     one folder a session, named by its start in UTC
                                002.journal     (so that names sort by time, through every change of
                                                the clock) and four random digits; in it its chain
                                                of journals by number

A folder for each session rather than flat names: the chain is a directory listing, whatever belongs
to the session later (report, exports, archive) lies beside it, and it is moved or copied whole.
"""

import contextlib
import secrets
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from platformdirs import user_data_path

from console.records import moving
from console.records.durable import make_folder
from console.records.lock import StoreError, StoreLock, is_locked
from console.records.names import SESSION_ID, journal_paths
from console.records.session import read_session
from console.records.tombstones import read_tombstones


class NotFoundError(Exception):
    """No session, or more than one, goes by this name; the message says which."""


class Place(msgspec.Struct, frozen=True):
    """Where the next journal of a session goes, and what it goes on from: the fields of its Header
    that the store knows. `previous_head` is hex; both are None for the first journal."""

    session: str
    directory: Path
    number: int = 1
    previous: str | None = None
    previous_head: str | None = None


def default_root() -> Path:
    """The platform's folder for a user's data. Nothing is made."""
    return user_data_path("cryoprobe-console", appauthor=False) / "records"


class Store:
    """The sessions under `root`. Nothing is made or written before a journal or the lock is."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = default_root() if root is None else root

    def lock(self) -> StoreLock:
        """Makes this process the only one that records here, until the lock is released or the
        process ends, and ends what a restore or a removal that was interrupted has left.
        StoreError: a StoreBusyError says who is, others why there can be no store."""
        try:
            make_folder(self.root)
            lock = StoreLock(self.root)
        except OSError as error:
            words = f"no record can be kept in {self.root}: {error.strerror or error}"
            raise StoreError(words) from error
        with contextlib.suppress(OSError):  # it stays for the next time; recording goes before it
            moving.settle(self.root)
        return lock

    def settle(self) -> None:
        """Ends what was interrupted, unless another process is at it; what cannot be ended is left.
        For whoever reads: nobody sees one half of it."""
        with contextlib.suppress(OSError, StoreError):
            if moving.interrupted(self.root):
                self.lock().release()

    def new_session(self, now: datetime) -> Place:
        """A name that no session has, for one that starts `now` (with its time zone)."""
        while True:
            moment = now.astimezone(UTC).strftime("%Y%m%d-%H%M%S")
            name = f"{moment}-{secrets.token_hex(2)}"
            if not (self.root / name).exists():
                return Place(name, self.root / name)

    def after(self, folder: Path) -> Place:
        """Where the session in `folder` goes on: from its last journal that holds anything. OSError
        when it has none, or it cannot be read."""
        paths = journal_paths(folder)
        if not paths:
            raise FileNotFoundError(f"{folder} holds no journal")
        session, number = read_session(folder), int(paths[-1].stem) + 1
        last = session.journals[-1]
        if last.torn:
            return Place(session.id, folder, number)
        return Place(session.id, folder, number, last.path.name, last.head)

    def folders(self) -> list[Path]:
        """The folders of all sessions that have a journal, newest first."""
        if not self.root.is_dir():
            return []
        self.settle()
        named = (each for each in self.root.iterdir() if SESSION_ID.fullmatch(each.name))
        return sorted((each for each in named if journal_paths(each)), reverse=True)

    def live(self) -> Path | None:
        """The journal that a process is writing now; None when nobody records here."""
        for folder in self.folders():
            with contextlib.suppress(OSError):
                if is_locked(last := journal_paths(folder)[-1]):
                    return last
        return None

    def find(self, what: str) -> Path:
        """The folder of a session by its id or the only one that begins so, or by a path: of its
        folder, or of one journal, which then is what is returned. NotFoundError."""
        path = Path(what)
        if path.is_file():
            return path
        if path.is_dir() and journal_paths(path):
            return path
        found = [each for each in self.folders() if what and each.name.startswith(what)]
        exact = [each for each in found if each.name == what]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if not found:
            raise NotFoundError(self._not_there(what))
        names = ", ".join(each.name for each in found[:3])
        more = ", ..." if len(found) > 3 else ""
        raise NotFoundError(f"{len(found)} sessions begin with {what!r}: {names}{more}")

    def _not_there(self, what: str) -> str:
        with contextlib.suppress(OSError):
            for each in read_tombstones(self.root).found:
                if what and each.id.startswith(what):
                    return f"{each.id} was deleted {each.wall} by {each.who}: {each.why}"
        return f"no session {what!r} in {self.root}, and no journal of that path"

"""Sessions that come into the store together, or leave it together: all of them or none, whatever
stops the work in between. A folder in the store's root says how far it has come:

    .coming-XXXX/   is being filled; nothing has come in yet
    .came-XXXX/     is whole: each session in it goes to its place
    .going-XXXX/    takes up what is to leave; nothing has left yet
    .gone-XXXX/     has left, and is deleted

The step from the first to the second, and from the third to the fourth, is one rename. `settle`
ends what was interrupted: before that rename it is undone, after it, finished.
"""

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from console.records.durable import sync_folder
from console.records.names import SESSION_ID
from console.records.tombstones import Tombstone, bury, leave_note

COMING, CAME, GOING, GONE = ".coming-", ".came-", ".going-", ".gone-"
_ALL: Final = (COMING, CAME, GOING, GONE)


class UnfinishedError(OSError):
    """It is decided and will not be undone, but not all is in its place yet: `settle` does that."""


def interrupted(root: Path) -> list[Path]:
    """What an interrupted work has left in `root`; OSError when it cannot be read."""
    if not root.is_dir():
        return []
    return sorted(each for each in root.iterdir() if each.name.startswith(_ALL) and each.is_dir())


def settle(root: Path) -> None:
    """Ends what was interrupted. The store's lock is held. OSError."""
    for each in interrupted(root):
        if each.name.startswith((CAME, GOING)):
            _to_their_places(each, root)
        elif each.name.startswith(GONE):
            _buried(root, each)
        else:
            shutil.rmtree(each)


def coming(root: Path) -> Path:
    """A new folder to fill with the folders of sessions, for `take_in`."""
    return Path(mkdtemp(prefix=COMING, dir=root))


def take_in(root: Path, filled: Path) -> None:
    """The sessions in `filled`, which are all synced, come to their places. After an OSError none
    has; an UnfinishedError says otherwise."""
    sync_folder(filled)
    came = root / filled.name.replace(COMING, CAME, 1)
    filled.rename(came)
    _finish(root, lambda: _to_their_places(came, root))


def take_out(root: Path, folders: Sequence[Path], tombstones: Sequence[Tombstone] = ()) -> None:
    """These sessions leave the store and are deleted; their tombstones come into the book. After
    an OSError all are there, an UnfinishedError says otherwise."""
    going = Path(mkdtemp(prefix=GOING, dir=root))
    try:
        leave_note(going, list(tombstones))
        for each in folders:
            each.rename(going / each.name)
        sync_folder(going)
        sync_folder(root)
        gone = going.rename(root / going.name.replace(GOING, GONE, 1))
    except OSError:
        with suppress(OSError):
            _to_their_places(going, root)
        raise
    _finish(root, lambda: _buried(root, gone))


def _finish(root: Path, work: Callable[[], None]) -> None:
    try:
        sync_folder(root)
        work()
    except OSError as error:
        words = f"{error.strerror or error}; it is finished when the records are opened next"
        raise UnfinishedError(error.errno, words, error.filename) from error


def _to_their_places(folder: Path, root: Path) -> None:
    for each in sorted(folder.iterdir()):
        if SESSION_ID.fullmatch(each.name):
            each.rename(root / each.name)  # OSError where one of this name has come meanwhile
    sync_folder(root)
    shutil.rmtree(folder)


def _buried(root: Path, gone: Path) -> None:
    bury(root, gone)
    shutil.rmtree(gone)

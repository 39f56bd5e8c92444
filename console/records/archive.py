"""Sessions in one file, and back. A zip archive that any tool opens:

    archive.json                    what is in it: each file with its size and its SHA-256, each
                                    session's head
    20261121-094210-7f3a/001.journal
    ...

Files are stored as they are, for journals are compressed already: so what is taken out can never be
more than the archive is. What is put in is read back and compared before anything is removed; what
is taken out is compared with archive.json, and stands in the store whole or not at all.
"""

import hashlib
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Final

import msgspec

from console.records import moving
from console.records.alarm_book import read_book
from console.records.durable import PART, beside, place
from console.records.loading import load, opened
from console.records.names import JOURNAL, OWN_NAMES, PLAIN, SESSION_ID
from console.records.sealed import LONGEST_SEALED, MARK, sealed, unsealed
from console.records.session import read_session
from console.records.standing import unanswered, witnesses
from console.records.store import Store
from console.records.verify import Verdict, verdict_of

MANIFEST: Final = "archive.json"
VERSION: Final = 1
LONGEST_MANIFEST: Final = 64_000_000
PIECE: Final = 1 << 20
_SPOILT: Final = (KeyError, ValueError, RuntimeError, EOFError, zlib.error, zipfile.BadZipFile)
"""What zipfile and msgspec raise for bytes that no archive of ours has."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # times are in the journals; the same sessions, the same file


class ArchiveError(Exception):
    """Nothing was archived or restored; one line that says what and why."""


class Packed(msgspec.Struct, frozen=True):
    """A session in the archive: its head, and of each of its files by name the SHA-256 and the size
    in bytes (which archives of earlier versions do not tell)."""

    id: str
    head: str
    files: dict[str, str]
    sizes: dict[str, int] = {}


class _Manifest(msgspec.Struct, frozen=True):
    version: int
    sessions: tuple[Packed, ...]


Telling = Callable[[float], None]


def archive(
    store: Store,
    folders: Sequence[Path],
    into: Path,
    *,
    remove: bool,
    passphrase: str | None = None,
    told: Telling | None = None,
) -> tuple[Packed, ...]:
    """Puts the sessions in `folders` into the new file `into`, for its owner alone, under the
    passphrase if there is one. With `remove` they are taken out of the store when the file has been
    read back and holds every byte. ArchiveError, SealedError, StoreError, as while something is
    recorded in this store, OSError: then there is no archive, and every session is where it was."""
    if into.exists():
        raise ArchiveError(f"{into} is there already: archives are not overwritten")
    with store.lock(), beside(into) as out:
        if remove:
            _may_leave(store, folders)
        if passphrase is None:
            packed = _packed(out.file, folders, told)
            out.sync()
            _read_back(into, out.file, packed)
        else:
            made = BytesIO()
            packed = _packed(made, folders, told)
            out.write(sealed(made.getvalue(), passphrase))
            out.sync()
            out.file.seek(0)
            _read_back(into, BytesIO(unsealed(out.file.read(), passphrase)), packed)
        place([out])
        if remove:
            try:
                moving.take_out(store.root, folders)
            except moving.UnfinishedError:
                raise
            except OSError:
                into.unlink()
                raise
    return packed


def is_sealed(path: Path) -> bool:
    """Whether an archive is under a passphrase. OSError."""
    with os.fdopen(opened(path), "rb") as file:
        return file.read(len(MARK)) == MARK


def restore(
    store: Store, path: Path, passphrase: str | None = None, told: Telling | None = None
) -> list[tuple[str, Verdict]]:
    """Takes the sessions in the archive at `path` into the store; each with what verify then says
    of it. ArchiveError when the archive is spoilt, is not what it says, or one of its sessions is
    there already; SealedError, StoreError, OSError: then none is taken."""
    sealed_here = is_sealed(path)
    if sealed_here and passphrase is None:
        raise ArchiveError(f"{path} is under a passphrase")
    file: Path | IO[bytes] = path
    if sealed_here:
        file = BytesIO(unsealed(load(path, LONGEST_SEALED), passphrase or ""))
    with store.lock(), _opened(path, file) as found:
        sessions = _sessions(path, found)
        for each in sessions:
            if (store.root / each.id).exists():
                raise ArchiveError(f"{each.id} is in {store.root} already: nothing was restored")
        done = []
        filled = moving.coming(store.root)
        try:
            for number, each in enumerate(sessions, 1):
                (filled / each.id).mkdir(mode=0o700)
                done.append((each.id, _taken(path, found, each, filled / each.id)))
                if told is not None:
                    told(number / len(sessions))
            moving.take_in(store.root, filled)
        finally:
            shutil.rmtree(filled, ignore_errors=True)
    return done


def _may_leave(store: Store, folders: Sequence[Path]) -> None:
    book, seen = read_book(store.root), witnesses(store)
    for each in folders:
        if unanswered(book, seen, each.name):
            raise ArchiveError(
                f"{each.name} is the witness of an alarm: an engineer must release that console "
                "before it can be removed"
            )


def _packed(out: IO[bytes], folders: Sequence[Path], told: Telling | None) -> tuple[Packed, ...]:
    packed = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for number, folder in enumerate(folders, 1):
            packed.append(_put(made, folder))
            if told is not None:
                told(number / len(folders))
        manifest = msgspec.json.encode(_Manifest(VERSION, tuple(packed)))
        made.writestr(zipfile.ZipInfo(MANIFEST, _EPOCH), msgspec.json.format(manifest))
    return tuple(packed)


def _put(made: zipfile.ZipFile, folder: Path) -> Packed:
    session = read_session(folder)
    if session.being_written:
        raise ArchiveError(f"{folder.name} is being recorded: it cannot be archived")
    if session.strangers:
        raise ArchiveError(f"{folder.name}: {verdict_of(session).problem}")
    files, sizes = {}, {}
    for path in sorted(_own_files(folder)):
        info = zipfile.ZipInfo(f"{folder.name}/{path.name}", _EPOCH)
        digest = hashlib.sha256()
        with path.open("rb") as data, made.open(info, "w", force_zip64=True) as entry:
            for piece in _pieces(data):
                digest.update(piece)
                entry.write(piece)
            sizes[path.name] = data.tell()
        files[path.name] = digest.hexdigest()
    return Packed(folder.name, session.journals[-1].head, files, sizes)


def _own_files(folder: Path) -> Iterator[Path]:
    """What belongs to a session, all of it: what an archive cannot hold is refused, or --remove
    would lose it."""
    if folder.is_symlink():
        raise ArchiveError(f"{folder} is a link: the session stands elsewhere")
    for path in folder.iterdir():
        if path.name.startswith(".") and path.name.endswith(PART):
            continue  # an interrupted write has left it
        if not stat.S_ISREG(path.lstat().st_mode):
            kind = "a link" if path.is_symlink() else "no file"
            raise ArchiveError(f"{path} is {kind}: move it elsewhere first")
        if not _belongs(path.name):
            raise ArchiveError(f"{path} is not of a session: move it elsewhere first")
        yield path


def _belongs(name: str) -> bool:
    """Whether a session's folder may hold a file of this name."""
    journal = JOURNAL.fullmatch(name) is not None
    return bool(PLAIN.fullmatch(name)) and name not in OWN_NAMES and (
        journal or not name.lower().endswith(".journal")
    )  # fmt: skip


def _read_back(into: Path, out: IO[bytes], packed: Sequence[Packed]) -> None:
    with _opened(into, out) as written:
        if _sessions(into, written) != tuple(packed):
            raise ArchiveError(f"{into}: what was written is not what was read back")
        for each in packed:
            for name in each.files:
                for _ in _checked(into, written, each, name):
                    pass


@contextmanager
def _opened(path: Path, file: Path | IO[bytes]) -> Iterator[zipfile.ZipFile]:
    try:
        found = zipfile.ZipFile(file)
    except (*_SPOILT, NotImplementedError) as error:
        raise ArchiveError(f"{path} is no archive of sessions: {error}") from error
    with found:
        yield found


def _sessions(path: Path, found: zipfile.ZipFile) -> tuple[Packed, ...]:
    """What the manifest names, which is all that there is. ArchiveError."""
    try:
        info = found.getinfo(MANIFEST)
        if info.file_size > LONGEST_MANIFEST:
            raise ValueError(f"{MANIFEST} is longer than {LONGEST_MANIFEST} bytes")
        _stored(path, [info])
        manifest = msgspec.json.decode(found.read(info), type=_Manifest)
    except _SPOILT as error:
        raise ArchiveError(f"{path} is no archive of sessions: {error}") from error
    if manifest.version > VERSION:
        raise ArchiveError(f"{path} is of version {manifest.version}, this program reads {VERSION}")
    ids: set[str] = set()
    for each in manifest.sessions:
        # Names become paths: nothing but files in a session's own folder.
        known = each.sizes.keys() <= each.files.keys() if each.sizes else True
        good = known and all(map(_belongs, each.files)) and any(map(JOURNAL.fullmatch, each.files))
        if not SESSION_ID.fullmatch(each.id) or not good:
            raise ArchiveError(f"{path} holds what is no session: {each.id}")
        if each.id in ids:
            raise ArchiveError(f"{path} holds {each.id} twice")
        ids.add(each.id)
    named = {f"{each.id}/{name}" for each in manifest.sessions for name in each.files}
    there = found.namelist()
    if len(there) != len(set(there)) or set(there) != {MANIFEST, *named}:
        strange = sorted({*there} ^ {MANIFEST, *named}) or ["one name twice"]
        raise ArchiveError(f"{path} does not hold what its {MANIFEST} says: {strange[0]}")
    _stored(path, found.infolist())
    return manifest.sessions


def _stored(path: Path, infos: Sequence[zipfile.ZipInfo]) -> None:
    """Nothing in an archive is larger than it: a few bytes cannot fill a disk."""
    for info in infos:
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            raise ArchiveError(
                f"{path}: {info.filename} is compressed, as this program writes none"
            )


def _taken(path: Path, found: zipfile.ZipFile, session: Packed, folder: Path) -> Verdict:
    """Takes one session out into `folder`; what verify says of it."""
    for name in session.files:
        with beside(folder / name) as out:
            for piece in _checked(path, found, session, name):
                out.write(piece)
            place([out])
    read = read_session(folder)
    if read.strangers:
        raise ArchiveError(f"{path} is not what it says: {session.id}: {verdict_of(read).problem}")
    if read.journals[-1].head != session.head:
        raise ArchiveError(
            f"{path} is not what it says: {session.id} has the head {read.journals[-1].head}"
        )
    return verdict_of(read)


def _checked(path: Path, found: zipfile.ZipFile, session: Packed, name: str) -> Iterator[bytes]:
    """The bytes of a file in pieces; after the last one, they are those of the manifest.
    ArchiveError."""
    where = f"{session.id}/{name}"
    digest, size = hashlib.sha256(), 0
    most = session.sizes.get(name, found.getinfo(where).file_size)
    try:
        with found.open(where) as data:
            for piece in _pieces(data):
                size += len(piece)
                if size > most:
                    break
                digest.update(piece)
                yield piece
    except (*_SPOILT, NotImplementedError) as error:
        raise ArchiveError(f"{path} is spoilt at {where}: {error}") from error
    if size != most or digest.hexdigest() != session.files[name]:
        raise ArchiveError(f"{path} is spoilt: {where} was changed")


def _pieces(data: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: data.read(PIECE), b"")

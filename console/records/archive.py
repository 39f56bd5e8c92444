"""Sessions in one file, and back. A zip archive that any tool opens:

    archive.json                    what is in it: each file with its SHA-256, each session's head
    20261121-094210-7f3a/001.journal
    ...

What is put in is read back and compared before anything is removed; what is taken out is compared
with archive.json and stands in the store whole or not at all.
"""

import hashlib
import io
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import msgspec

from console.records.durable import write_whole
from console.records.names import SESSION_ID, SUFFIX
from console.records.session import read_session
from console.records.store import Store
from console.records.verify import Verdict, verify

MANIFEST: Final = "archive.json"
VERSION: Final = 1
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SPOILT: Final = (KeyError, ValueError, RuntimeError, EOFError, zlib.error, zipfile.BadZipFile)
"""What zipfile and msgspec raise for bytes that no archive of ours has."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # times are in the journals; the same sessions, the same file


class ArchiveError(Exception):
    """Nothing was archived or restored; one line that says what and why."""


class Packed(msgspec.Struct, frozen=True):
    """A session in the archive: its head, and the SHA-256 of each of its files by name."""

    id: str
    head: str
    files: dict[str, str]


class _Manifest(msgspec.Struct, frozen=True):
    version: int
    sessions: tuple[Packed, ...]


Telling = Callable[[float], None]


def archive(
    store: Store, folders: Sequence[Path], into: Path, *, remove: bool, told: Telling | None = None
) -> tuple[Packed, ...]:
    """Puts the sessions in `folders` into the new file `into`, for its owner alone. With `remove`
    they are taken out of the store when the file has been read back and holds every byte.
    ArchiveError, StoreError, as while something is recorded in this store, OSError."""
    if into.exists():
        raise ArchiveError(f"{into} is there already: archives are not overwritten")
    with store.lock():
        packed = []
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as found:  # journals are compressed
            for number, folder in enumerate(folders, 1):
                packed.append(_put(found, folder))
                if told is not None:
                    told(number / len(folders))
            manifest = msgspec.json.encode(_Manifest(VERSION, tuple(packed)))
            found.writestr(zipfile.ZipInfo(MANIFEST, _EPOCH), msgspec.json.format(manifest))
        write_whole({into: out.getvalue()})
        if remove:
            with _opened(into) as written:
                for each, folder in zip(_sessions(into, written), folders, strict=True):
                    _files(into, written, each)
                    shutil.rmtree(folder)
    return tuple(packed)


def restore(store: Store, path: Path, told: Telling | None = None) -> list[tuple[str, Verdict]]:
    """Takes the sessions in the archive at `path` into the store; each with what verify then says
    of it. ArchiveError when the archive is spoilt or one of its sessions is there already: then
    none is taken. StoreError, OSError."""
    with store.lock(), _opened(path) as found:
        sessions = _sessions(path, found)
        for each in sessions:
            if (store.root / each.id).exists():
                raise ArchiveError(f"{each.id} is in {store.root} already: nothing was restored")
        done = []
        beside = Path(mkdtemp(prefix=".restoring.", dir=store.root))
        try:
            for number, each in enumerate(sessions, 1):
                files = _files(path, found, each)
                write_whole({beside / each.id / name: data for name, data in files.items()})
                done.append((each.id, verify(beside / each.id)))
                if told is not None:
                    told(number / len(sessions))
            for each in sessions:
                (beside / each.id).rename(store.root / each.id)
        finally:
            shutil.rmtree(beside)
    return done


def _put(found: zipfile.ZipFile, folder: Path) -> Packed:
    session = read_session(folder)
    if session.being_written:
        raise ArchiveError(f"{folder.name} is being recorded: it cannot be archived")
    files = {}
    for path in sorted(each for each in folder.iterdir() if each.is_file()):
        data = path.read_bytes()
        files[path.name] = hashlib.sha256(data).hexdigest()
        found.writestr(zipfile.ZipInfo(f"{folder.name}/{path.name}", _EPOCH), data)
    return Packed(folder.name, session.journals[-1].head, files)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _SPOILT as error:
        raise ArchiveError(f"{path} is no archive of sessions: {error}") from error


def _sessions(path: Path, found: zipfile.ZipFile) -> tuple[Packed, ...]:
    try:
        manifest = msgspec.json.decode(found.read(MANIFEST), type=_Manifest)
    except _SPOILT as error:
        raise ArchiveError(f"{path} is no archive of sessions: {error}") from error
    if manifest.version > VERSION:
        raise ArchiveError(f"{path} is of version {manifest.version}, this program reads {VERSION}")
    for each in manifest.sessions:
        # Names become paths: nothing but files in a session's own folder.
        strange = [name for name in each.files if not _PLAIN.fullmatch(name)]
        journals = [name for name in each.files if name.endswith(SUFFIX)]
        if not SESSION_ID.fullmatch(each.id) or strange or not journals:
            raise ArchiveError(f"{path} holds what is no session: {each.id}")
    return manifest.sessions


def _files(path: Path, found: zipfile.ZipFile, session: Packed) -> dict[str, bytes]:
    files = {}
    for name, digest in session.files.items():
        try:
            data = found.read(f"{session.id}/{name}")
        except _SPOILT as error:
            raise ArchiveError(f"{path} is spoilt at {session.id}/{name}: {error}") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise ArchiveError(f"{path} is spoilt: {session.id}/{name} was changed")
        files[name] = data
    return files

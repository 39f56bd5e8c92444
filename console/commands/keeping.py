"""The commands that keep records: verify them, note their heads elsewhere, put them into archives
and back, delete what nobody needs.

Each part is imported only when it is needed, as the rest of the command line does.
"""
# ruff: noqa: PLC0415

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.answers import cannot, print_json, say
from console.commands.records import Json, Records, SessionId, count_of, opened, records_app

if TYPE_CHECKING:
    from console.records.heads import Head
    from console.records.store import Store

PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="The passphrase, the first line of this file."),
]


def register(app: typer.Typer) -> None:
    """The commands stand under `records`, which is in `app` already."""


@records_app.command("verify")
def records_verify(
    session: Annotated[str, typer.Argument(help="Id, its beginning, or a path.")] = "",
    all_: Annotated[
        bool, typer.Option("--all", help="Every session, the alarm book and what was deleted.")
    ] = False,
    records: Records = None,
    json: Json = False,
) -> Any:
    """Whether a record is whole and unchanged."""
    from console.records.verify import verify

    if all_ == bool(session):
        cannot("name a session, or use --all")
    if all_:
        raise typer.Exit(_verify_all(records, json))
    verdict = opened(session, records, verify)
    if json:
        print_json(verdict)
    else:
        print(
            f"{'ok' if verdict.ok else 'NOT ok'}: {verdict.entries} entries, head {verdict.head}"
            + (f", {verdict.problem}" if verdict.problem else "")
            + "".join(f"; {each}" for each in verdict.notes)
        )
    raise typer.Exit(0 if verdict.ok else 1)


def _verify_all(records: Path | None, json: bool) -> int:
    from console.progress import shares
    from console.records.alarm_book import BOOK_NAME, read_book
    from console.records.store import Store
    from console.records.tombstones import BOOK_NAME as DELETED
    from console.records.tombstones import read_tombstones
    from console.records.verify import verified

    store = Store(records)
    try:
        folders = store.folders()
        rows = []
        with shares("verifying") as told:
            for number, folder in enumerate(folders, 1):
                rows.append((folder.name, verified(folder)))
                told(number / len(folders))
        damaged = {
            BOOK_NAME: read_book(store.root).damaged,
            DELETED: read_tombstones(store.root).damaged,
        }
    except OSError as error:
        cannot(f"{error.filename or store.root}: {error.strerror or error}")
    bad = sum(not verdict.ok for _, verdict in rows)
    if json:
        print_json(
            {
                "sessions": [{"id": name, "record": verdict} for name, verdict in rows],
                "damaged_lines": damaged,
            }
        )
    for name, verdict in [] if json else rows:
        print(f"{name}  {'ok' if verdict.ok else f'NOT ok: {verdict.problem}'}")
    for name, lines in [] if json else damaged.items():
        if lines:
            print(f"{name}  NOT ok: {lines} damaged")
    if not json:
        print(f"{count_of(len(rows))}, {bad} not ok")
    return 1 if bad or any(damaged.values()) else 0


@records_app.command("heads")
def records_heads(
    into: Annotated[
        Path | None, typer.Option(help="Into this new file, to keep elsewhere.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option(help="Compare with the heads that were kept in this file.")
    ] = None,
    records: Records = None,
    json: Json = False,
) -> Any:
    """The head of every session, which proves its record when it is kept elsewhere."""
    from console.records.durable import write_whole
    from console.records.heads import NoHeadsError, as_lines, compared, heads
    from console.records.store import Store

    if into is not None and check is not None:
        cannot("--into and --check: one of them")
    store = Store(records)
    try:
        found = heads(store) if check is None else compared(store, check)
        if into is not None:
            if into.exists():
                cannot(f"{into} is there already: it is not overwritten")
            write_whole({into: as_lines(found).encode()})
    except NoHeadsError as error:
        cannot(str(error))
    except OSError as error:
        cannot(f"{error.filename or check or store.root}: {error.strerror or error}")
    if json:
        print_json(found)
    elif into is not None:
        print(f"{count_of(len(found))} in {into}")
    else:
        _print_heads(found)
    raise typer.Exit(0 if all(each.good for each in found) else 1)


def _print_heads(found: "list[Head]") -> None:
    for each in found:
        print(f"{each.id} {each.head}" + ("" if each.since is None else f" {each.since}"))


@records_app.command("delete")
def records_delete(
    session: SessionId,
    who: Annotated[str, typer.Option(help="Initials of who deletes it.")],
    why: Annotated[str, typer.Option(help="Why it is deleted.")],
    records: Records = None,
    json: Json = False,
) -> None:
    """Deletes a session that was simulated, or in which neither gas nor stimulator was ever on.
    Its id and head stay, with who and why."""
    from console.records.deleting import CannotDeleteError, delete
    from console.records.lock import StoreError
    from console.records.store import Store

    store = Store(records)
    folder = opened(session, records, lambda path: path)
    if folder.parent.absolute() != store.root.absolute():
        cannot(f"{folder} is no session in {store.root}")
    try:
        tombstone = delete(store, folder, who, why, datetime.now().astimezone())
    except (CannotDeleteError, StoreError) as error:
        cannot(str(error))
    except OSError as error:
        cannot(f"{error.filename or folder}: {error.strerror or error}")
    if json:
        print_json(tombstone)
    else:
        print(f"{tombstone.id} deleted; its head was {tombstone.head}")


@records_app.command("archive")
def records_archive(
    into: Annotated[Path, typer.Argument(help="The new archive, a zip file.")],
    sessions: Annotated[list[str] | None, typer.Argument(help="Which sessions.")] = None,
    before: Annotated[
        str, typer.Option(help="All begun before this day, 2026-11-21, where they were begun.")
    ] = "",
    remove: Annotated[
        bool, typer.Option("--remove", help="Take them out of the store afterwards.")
    ] = False,
    encrypt: Annotated[
        bool, typer.Option("--encrypt", help="Under a passphrase, which is asked for.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    records: Records = None,
    json: Json = False,
) -> None:
    """Puts sessions into one file, whole."""
    from console.progress import shares
    from console.records.archive import ArchiveError, archive
    from console.records.lock import StoreError
    from console.records.sealed import SealedError
    from console.records.store import Store

    store = Store(records)
    folders = [opened(each, records, lambda path: path) for each in sessions or []]
    if before:
        folders += _begun_before(store, before)
    for each in folders:
        if each.parent != store.root:
            cannot(f"{each} is no session in {store.root}")
    if not folders:
        cannot(f"no session to archive in {store.root}: name some, or use --before DAY")
    passphrase = _passphrase(passphrase_file, asked=encrypt, new=True)
    try:
        with shares("archiving") as told:
            packed = archive(
                store,
                list(dict.fromkeys(folders)),
                into,
                remove=remove,
                passphrase=passphrase,
                told=told,
            )
    except (ArchiveError, SealedError, StoreError) as error:
        cannot(str(error))
    except OSError as error:
        cannot(f"{error.filename or into}: {error.strerror or error}")
    if json:
        print_json(packed)
    else:
        gone = ", removed from the store" if remove else ""
        print(f"{count_of(len(packed))} in {into}{gone}")


@records_app.command("restore")
def records_restore(
    path: Annotated[Path, typer.Argument(help="An archive of sessions.")],
    passphrase_file: PassphraseFile = None,
    records: Records = None,
    json: Json = False,
) -> Any:
    """Takes the sessions of an archive back into the store, and verifies them."""
    from console.progress import shares
    from console.records.archive import ArchiveError, is_sealed, restore
    from console.records.lock import StoreError
    from console.records.sealed import SealedError
    from console.records.store import Store

    store = Store(records)
    try:
        passphrase = _passphrase(passphrase_file, asked=is_sealed(path), new=False)
        with shares("restoring") as told:
            found = restore(store, path, passphrase, told)
    except (ArchiveError, SealedError, StoreError) as error:
        cannot(str(error))
    except OSError as error:
        cannot(f"{error.filename or path}: {error.strerror or error}")
    if json:
        print_json([{"id": name, "record": verdict} for name, verdict in found])
    for name, verdict in [] if json else found:
        print(f"{name}  {'ok' if verdict.ok else f'NOT ok: {verdict.problem}'}")
    raise typer.Exit(0 if all(verdict.ok for _, verdict in found) else 1)


def _begun_before(store: "Store", text: str) -> list[Path]:
    """The sessions that were begun before a day, by their own clock and zone."""
    from console.records.index import listed

    try:
        day = date.fromisoformat(text)
    except ValueError:
        cannot(f"--before {text}: a day is written 2026-11-21")
    found = []
    for row in listed(store):
        try:
            began = datetime.fromisoformat(row["started"] or "").date()
        except ValueError:
            say(f"{row['id']} is left out: when it was begun cannot be read; name it to archive it")
            continue
        if began < day:
            found.append(store.root / row["id"])
    return found


def _passphrase(path: Path | None, *, asked: bool, new: bool) -> str | None:
    from console.records.loading import load

    if path is None:
        if not asked:
            return None
        return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True))
    try:
        lines = load(path, 10_000).decode().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        cannot(f"{path}: {getattr(error, 'strerror', None) or 'holds no text'}")
    if not lines or not lines[0]:
        cannot(f"{path}: its first line is empty")
    return lines[0]

"""The commands for what was recorded: records list, show, reindex, amend; export. Those that keep
it, records verify, heads, archive, restore and delete, stand in keeping.py.

Each part is imported only when it is needed, as the rest of the command line does.
"""
# ruff: noqa: PLC0415

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import typer

from console.answers import cannot, help_alone, print_columns, print_json, say, words_given
from console.model.plan import LONGEST_AMENDMENT, LONGEST_INITIALS
from drivers.inputs.text import Block, Line

if TYPE_CHECKING:
    from console.records.index import SessionRow
    from console.records.session import Session
    from console.report.exports import Wanted

T = TypeVar("T")

REPORT: Final = "report.pdf"
"""In a session's folder, where a headless run leaves it."""

Records = Annotated[Path | None, typer.Option("--records", help="Folder of the records.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
SessionId = Annotated[str, typer.Argument(help="Id, its beginning, or a path.")]

records_app = typer.Typer(rich_markup_mode=None, help="The records of sessions.")


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    records_app.callback(invoke_without_command=True)(help_alone)
    app.add_typer(records_app, name="records")
    app.command()(export)


def opened(what: str, records: Path | None, reader: Callable[[Path], T]) -> T:
    """What `reader` makes of the session named `what`; ends the command when there is none."""
    from console.records.store import NotFoundError, Store

    try:
        return reader(Store(records).find(what))
    except NotFoundError as error:
        cannot(str(error))
    except OSError as error:
        cannot(f"{what}: {error.strerror or error}")


def leave_report(folder: Path) -> str | None:
    """Writes the report of the session in `folder` beside its journals; the file's path. None when
    it cannot be: why is said in one line."""
    from console.records.session import read_session
    from console.report.exports import CannotExportError, Wanted

    path = folder / REPORT
    try:
        _write(read_session(folder), Wanted(pdf=path))
    except (CannotExportError, OSError) as error:
        say(f"there is no report: {_words(error, path)}")
        return None
    return str(path)


def _write(session: "Session", wanted: "Wanted") -> list[Path]:
    from console.records.durable import write_whole
    from console.report.exports import exported

    made = datetime.now().astimezone().isoformat(timespec="seconds")
    files = exported(session, wanted, made)
    write_whole(files)
    return list(files)


def _words(error: Exception, path: Path) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or path}: {error.strerror or error}"
    return str(error)


@records_app.command("list")
def records_list(
    search: Annotated[
        str, typer.Option(help="Only sessions in which all of these words occur.")
    ] = "",
    records: Records = None,
    json: Json = False,
) -> None:
    """All sessions, newest first, with the day, the time and the zone where they were begun."""
    from console.progress import shares
    from console.records.index import listed
    from console.records.store import Store

    store = Store(records)
    try:
        with shares("reading new records") as told:
            rows = listed(store, search, told)
    except OSError as error:
        cannot(f"{store.root}: {error.strerror or error}")
    if json:
        print_json(rows)
    elif not rows:
        print(f"No sessions in {store.root}" + (f" with {search!r}" if search else ""))
    else:
        print_columns([_listed(row) for row in rows])


def begun(started: str | None) -> str:
    """When a session was begun, as its own clock and zone said: 2026-11-22 08:00 +13:00."""
    if not started:
        return "---"
    zone = started[19:].lstrip(".0123456789")
    return f"{started[:10]} {started[11:16]} {zone}"


def count_of(sessions: int) -> str:
    """So many sessions, in words."""
    return "1 session" if sessions == 1 else f"{sessions} sessions"


def _listed(row: "SessionRow") -> list[str]:
    told_of = ", ".join(row["nerves"])
    if row["amendments"]:
        told_of += f"  ({row['amendments']} amended)"
    if row["problem"] is not None:
        told_of += f"  {row['problem']}"
    simulated = "SIMULATED" if row["simulated"] else ""
    return [row["id"], begun(row["started"]), row["outcome"], simulated, row["case"], told_of]


@records_app.command("reindex")
def records_reindex(records: Records = None, json: Json = False) -> None:
    """Makes the list of sessions again from the journals."""
    from console.progress import shares
    from console.records.index import reindex
    from console.records.store import Store

    store = Store(records)
    try:
        with shares("reading records") as told:
            count = reindex(store, told)
    except OSError as error:
        cannot(f"{error.filename or store.root}: {error.strerror or error}")
    if json:
        print_json({"sessions": count})
    else:
        print(f"{count_of(count)} in {store.root}")


@records_app.command("amend")
def records_amend(
    session: SessionId,
    text: Annotated[str, typer.Argument(help="What is added.")],
    who: Annotated[str, typer.Option(help="Initials of who adds it.")],
    why: Annotated[str, typer.Option(help="Why it is added.")],
    records: Records = None,
) -> None:
    """Adds to a session that has ended; nothing of it is overwritten."""
    from console.control.opening import program
    from console.records.amend import CannotAmendError, amend
    from console.records.lock import StoreError
    from console.records.store import Store

    text = words_given("the text", text, Block(LONGEST_AMENDMENT))
    who = words_given("--who", who, Line(LONGEST_INITIALS))
    why = words_given("--why", why, Line())
    folder = opened(session, records, lambda path: path)
    if not folder.is_dir():
        cannot(f"{folder}: a journal alone cannot be amended: name its session")
    now = datetime.now().astimezone()
    try:
        path = amend(Store(folder.parent), folder, who, why, text, now=now, program=program())
    except (CannotAmendError, StoreError) as error:
        cannot(str(error))
    except OSError as error:
        cannot(f"{folder}: {error.strerror or error}")
    print(path)


@records_app.command("show")
def records_show(session: SessionId, records: Records = None, json: Json = False) -> Any:
    """One session: plan, cycles, events."""
    from console.control.procedure_door import loaded
    from console.records import show
    from console.records.session import read_session

    found = opened(session, records, read_session)

    def cycles(state: bytes) -> Any:
        return loaded(state).procedure.records

    if json:
        print_json(show.described(found, cycles))
    else:
        print(show.as_text(found, cycles))
    # What is shown of a file that is no journal is nothing of a session.
    raise typer.Exit(0 if any(each.header for each in found.journals) else 1)


def export(
    session: SessionId,
    pdf: Annotated[Path | None, typer.Option(help="The report, into this file.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Tables and manifest, into this folder.")] = None,
    fhir: Annotated[Path | None, typer.Option(help="A FHIR R4 bundle, into this file.")] = None,
    handout: Annotated[Path | None, typer.Option(help="The patient's page, a PDF.")] = None,
    page: Annotated[str, typer.Option(help="Paper of the PDFs: a4 or letter.")] = "a4",
    decimal_comma: Annotated[
        bool, typer.Option("--decimal-comma", help="Of --csv: 1,5 for 1.5, semicolons between.")
    ] = False,
    records: Records = None,
    json: Json = False,
) -> None:
    """A session as report, tables, FHIR bundle and handout: all that are asked for, or none."""
    from console.records.session import read_session
    from console.report.exports import PAGES, CannotExportError, Wanted

    if page not in PAGES:
        cannot(f"--page {page}: it is one of {', '.join(PAGES)}")
    if decimal_comma and csv is None:
        cannot("--decimal-comma belongs to --csv")
    wanted = Wanted(
        pdf=pdf, csv=csv, fhir=fhir, handout=handout, page=page, decimal_comma=decimal_comma
    )
    found = opened(session, records, read_session)
    try:
        files = _write(found, wanted)
    except (CannotExportError, OSError) as error:
        cannot(_words(error, found.path))
    if json:
        print_json([str(each) for each in files])
    for each in [] if json else files:
        print(each)

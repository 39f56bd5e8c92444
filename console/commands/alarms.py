"""The commands about the alarm book: what every console alarmed, and an engineer's release."""
# ruff: noqa: PLC0415

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.answers import cannot, help_alone, print_columns, print_json, words_given
from console.model.plan import LONGEST_INITIALS
from inputs.text import Line, shown

if TYPE_CHECKING:
    from console.model.alarm import AlarmEntry
    from console.records.alarm_book import BookRead

alarms_app = typer.Typer(
    rich_markup_mode=None, help="The alarm history, and an engineer's release."
)

Records = Annotated[Path | None, typer.Option("--records", help="Folder of the records.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    alarms_app.callback(invoke_without_command=True)(help_alone)
    app.add_typer(alarms_app, name="alarms")


@alarms_app.command("list")
def alarms_list(
    records: Records = None,
    last: Annotated[int, typer.Option(min=1, help="How many entries.")] = 1_000,
    json: Json = False,
) -> None:
    """What stays with a console until it is released, then the history, newest first."""

    book = _book(records)
    newest = book.entries[: -last - 1 : -1]
    if json:
        document = {"kept": book.kept, "entries": newest, "unread": book.unread}
        print_json(document)
        return
    for kept in book.kept:
        words = f"{kept.console} must be released: {kept.alarm.happened} ({kept.alarm.id})"
        print(f"CONSOLE {shown(words)}")
    if newest:
        print_columns([_line(entry) for entry in newest])
    if not book.entries:
        print("No alarms yet")
    if book.unread:
        print(f"{book.unread} damaged lines of the book were left out", file=sys.stderr)


@alarms_app.command("release")
def alarms_release(
    console: Annotated[str, typer.Argument(help="Serial number of the console.")],
    by: Annotated[str, typer.Option(help="Initials of the engineer.")],
    reason: Annotated[str, typer.Option(help="What was found and done.")],
    records: Records = None,
) -> None:
    """Releases a console after it was checked: its alarms no longer block a start here. The
    console keeps its own, until they are reset at it in maintenance."""
    from console.model.alarm import AlarmTurn
    from console.records.alarm_book import AlarmBook
    from console.records.lock import StoreBusyError
    from console.records.store import Store

    by = words_given("--by", by, Line(LONGEST_INITIALS))
    reason = words_given("--reason", reason, Line())
    if not by or not reason:
        cannot("--by and --reason must say something")
    store = Store(records)
    standing = [kept for kept in _book(records).kept if kept.console == console]
    if not standing:
        cannot(f"nothing waits for a release of console {console!r}")
    problems: list[str] = []
    try:
        with store.lock():
            book = AlarmBook(store.root, problems.append)
            wall = datetime.now().astimezone().isoformat(timespec="milliseconds")
            for kept in standing:
                words = f"{by}: {reason}"
                book.put(wall, console, AlarmTurn.RELEASED, kept.alarm, words)
            book.close()
    except (OSError, StoreBusyError) as error:
        cannot(str(error))
    if problems:
        cannot(f"nothing was released: {problems[0]}")
    for kept in standing:
        print(f"Released: {console}, {kept.alarm.happened}")


def _book(records: Path | None) -> "BookRead":
    from console.records.alarm_book import read_book
    from console.records.store import Store

    root = Store(records).root
    try:
        return read_book(root)
    except OSError as error:
        cannot(f"{root}: {error.strerror or error}")


def _line(entry: "AlarmEntry") -> list[str]:
    alarm = entry.alarm
    times = f" (x{alarm.count})" if alarm.count > 1 else ""
    words = f" ({entry.words})" if entry.words else ""
    wall = entry.wall[:19].replace("T", " ")
    what = f"{alarm.happened}{times}{words}"
    return [wall, entry.console or "-", alarm.priority.value, entry.turn.value, what]

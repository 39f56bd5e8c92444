"""The commands about the alarm book: what every console alarmed, and an engineer's release."""
# ruff: noqa: PLC0415

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.answers import cannot, help_alone, print_columns, print_json, say, words_given
from console.model.plan import LONGEST_INITIALS
from drivers.inputs.text import Line, shown

if TYPE_CHECKING:
    from console.model.alarm import AlarmEntry, Kept
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

    book, kept = _book(records)
    newest = book.entries[: -last - 1 : -1]
    if json:
        print_json({"kept": kept, "entries": newest, "damaged": book.damaged})
        return
    for each in kept:
        words = f"{each.console} must be released: {each.alarm.happened} ({each.alarm.id})"
        print(f"CONSOLE {shown(words)}")
    if newest:
        print_columns([_line(entry) for entry in newest])
    if not book.entries:
        print("No alarms yet")
    if book.damaged:
        lines = "1 line" if book.damaged == 1 else f"{book.damaged} lines"
        are = "is" if book.damaged == 1 else "are"
        say(f"{lines} of the book {are} damaged: no release in them counts")


@alarms_app.command("release")
def alarms_release(
    console: Annotated[str, typer.Argument(help="Serial number of the console.")],
    by: Annotated[str, typer.Option(help="Initials of the engineer.")],
    reason: Annotated[str, typer.Option(help="What was found and done.")],
    records: Records = None,
) -> None:
    """Releases a console after it was checked: its alarms no longer block a start here. The
    console keeps its own, until they are reset at it in maintenance."""
    from console.records.lock import StoreError
    from console.records.standing import NothingStandsError, release
    from console.records.store import Store

    by = words_given("--by", by, Line(LONGEST_INITIALS))
    reason = words_given("--reason", reason, Line())
    if not by or not reason:
        cannot("--by and --reason must say something")
    store = Store(records)
    if not store.root.is_dir():
        cannot(f"nothing waits for a release of console {console!r}")
    wall = datetime.now().astimezone().isoformat(timespec="milliseconds")
    try:
        released = release(store, console, f"{by}: {reason}", wall)
    except (NothingStandsError, StoreError) as error:
        cannot(str(error))
    except OSError as error:
        cannot(f"nothing was released: {error.filename or store.root}: {error.strerror or error}")
    for each in released:
        print(shown(f"Released: {console}, {each.alarm.happened}"))


def _book(records: Path | None) -> tuple["BookRead", tuple["Kept", ...]]:
    """The book, and what stays with each console."""
    from console.records.alarm_book import read_book
    from console.records.standing import standing, witnesses
    from console.records.store import Store

    store = Store(records)
    try:
        book = read_book(store.root)
        return book, standing(book, witnesses(store))
    except OSError as error:
        cannot(f"{store.root}: {error.strerror or error}")


def _line(entry: "AlarmEntry") -> list[str]:
    alarm = entry.alarm
    times = f" (x{alarm.count})" if alarm.count > 1 else ""
    words = f" ({entry.words})" if entry.words else ""
    wall = entry.wall[:19].replace("T", " ")
    what = f"{alarm.happened}{times}{words}"
    return [wall, entry.console or "-", alarm.priority.value, entry.turn.value, what]

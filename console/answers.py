"""How every command answers: in one line that it cannot run, with one JSON document, or in columns.
What comes from a record, a file or a device is shown safely, whatever it holds."""
# ruff: noqa: PLC0415 - a command imports its parts when it is called

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import typer

from drivers.inputs.address import AddressError, named
from drivers.inputs.text import Block, Line, TextError, said, shown


def any_terminal() -> None:
    """Lets stdout and stderr write out what the terminal's encoding lacks ("\\u2212"), instead of
    failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(words: str) -> None:
    """Says something on stderr, in one line whatever `words` hold."""
    print(f"cryoprobe: {said(words)}", file=sys.stderr)


def cannot(words: str) -> NoReturn:
    """Says why, and ends the command with exit 2."""
    say(words)
    raise typer.Exit(2)


def reader_gone() -> None:
    """Whoever read stdout has enough: what is left to write goes nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def help_alone(context: typer.Context) -> None:
    """What a group of commands does where none of them is named: it prints its help."""
    if context.invoked_subcommand is None:
        print(context.get_help())


def print_json(value: Any) -> None:
    """Prints what msgspec can encode as one document on stdout."""
    import msgspec

    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_columns(rows: Sequence[Sequence[str]]) -> None:
    """Prints rows of as many cells each, in columns as wide as their widest cell."""
    from rich.cells import cell_len

    cells = [[shown(each) for each in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (
            each + " " * (width - cell_len(each)) for each, width in zip(row, widths, strict=True)
        )
        print("  ".join(padded).rstrip())


def port_named(typed: str) -> str:
    """The address of a port as it is recorded; ends the command where it can be none."""
    try:
        return named(typed)
    except AddressError as error:
        cannot(str(error))


def words_given(name: str, text: str, rule: Line | Block) -> str:
    """What was given as the argument `name`, as it is kept; ends the command where it may not
    enter."""
    try:
        return rule.accepted(text)
    except TextError as error:
        cannot(f"{name} {error}")

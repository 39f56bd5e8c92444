"""How every command answers: in one line that it cannot run, or with one JSON document."""
# ruff: noqa: PLC0415 - a command imports its parts when it is called

import sys
from typing import Any, NoReturn

import typer


def say(words: str) -> None:
    """Says something on stderr, in one line whatever `words` hold."""
    print("cryoprobe: " + " ".join(words.split()), file=sys.stderr)


def cannot(words: str) -> NoReturn:
    """Says why, and ends the command with exit 2."""
    say(words)
    raise typer.Exit(2)


def print_json(value: Any) -> None:
    """Prints what msgspec can encode as one document on stdout."""
    import msgspec

    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())

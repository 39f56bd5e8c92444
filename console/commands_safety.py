"""The commands for those who review the interlocks: hazards."""
# ruff: noqa: PLC0415

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command()(hazards)


def hazards(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/hazards.md.")] = False,
) -> None:
    """Prints the table of hazards: each with its row and its tests."""
    import msgspec

    from console import config
    from console.safety import hazards as table

    rows = table.hazards(config.limits())
    if json:
        print(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
    elif markdown:
        print(table.as_markdown(rows), end="")
    else:
        print(table.as_text(rows))
